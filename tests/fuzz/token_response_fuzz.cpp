// R3, R4, R6, R8: what is read of an answer, and what its failure means, is what the rules say of
// its members: tokens that may be sent and a sane lifetime, or the first error; a member that is of
// no use makes a flaw and nothing else; the end of a session for a clear word of the server, and
// for nothing else.
#include <algorithm>
#include <cmath>

#include "formats/ascii.h"
#include "formats/core_limits.h"
#include "formats/date_time.h"
#include "formats/decimal.h"
#include "formats/token_response.h"
#include "fuzz.h"
#include "members.h"

using namespace bearerkit;
using bearerkit::fuzz::Members;
using bearerkit::fuzz::require;

namespace {

constexpr std::size_t kLong = 65536;

using Value = Members::Value;

bool is_text(const Value& value) { return value.type == JsonType::string && !value.text.empty(); }

double number_of(const Value& value) {
  if (value.type == JsonType::number) return value.number;
  return value.type == JsonType::string ? read_decimal(value.text) : NAN;
}

bool is_life(const Value& value) { return number_of(value) >= 0 && number_of(value) < INFINITY; }

// Since 1970, to the end of the year 9999; NaN for all else.
double time_of(const Value& value) {
  double time = number_of(value);
  if (!(time >= 0 && time < INFINITY)) {
    time = value.type == JsonType::string ? read_timestamp(value.text).seconds : NAN;
  }
  return time > 0 && time < 253402300799.5 ? time : NAN;
}

bool is_time(const Value& value) { return time_of(value) <= 253402300799; }

struct Member {
  const char* oauth;
  const char* json;
  bool (*is_usable)(const Value& value);
};

constexpr Member kAccess = {"access_token", "accessToken", is_text};
constexpr Member kRefresh = {"refresh_token", "refreshToken", is_text};
constexpr Member kLife = {"expires_in", "expiresIn", is_life};
constexpr Member kTime = {"expires_at", "expiresAt", is_time};
constexpr Member kType = {"token_type", "tokenType", is_text};

// The member in RFC 6749's spelling, else in the other one; nullptr when none can be used.
const Value* pick(const Members& members, const Member& member) {
  for (const char* name : {member.oauth, member.json}) {
    const Value* value = members.find(name);
    if (value != nullptr && member.is_usable(*value)) return value;
  }
  return nullptr;
}

// Given, in vain.
bool is_flawed(const Members& members, const Member& member) {
  bool given = false;
  for (const char* name : {member.oauth, member.json}) {
    const Value* value = members.find(name);
    if (value == nullptr || value->type == JsonType::null) continue;
    const bool none = member.oauth == kRefresh.oauth && value->type == JsonType::string;
    given = given || !none;
  }
  return given && pick(members, member) == nullptr;
}

std::string text_of(const Value* value) { return value == nullptr ? "" : value->text; }

bool is_visible(std::string_view text) {
  constexpr std::string_view kOthers = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  for (const char c : text) {
    if (!is_alphanumeric(c) && kOthers.find(c) == std::string_view::npos) return false;
  }
  return true;
}

Dialect dialect_of(const Members& members) {
  for (const Member& member : {kAccess, kRefresh, kLife, kTime, kType}) {
    const Value* value = pick(members, member);
    if (value != nullptr)
      return value == members.find(member.oauth) ? Dialect::oauth : Dialect::json;
  }
  return Dialect::unknown;
}

void check_times(const Members& members, const TokenResponse& response, std::uint32_t flaws) {
  const Value* life = pick(members, kLife);
  const Value* time = life == nullptr ? pick(members, kTime) : nullptr;
  require(response.expires_in.has_value() == (life != nullptr));
  require(life == nullptr || response.expires_in.seconds == number_of(*life));
  require(response.expires_at.has_value() == (time != nullptr));
  require(time == nullptr || response.expires_at.seconds == time_of(*time));
  if (is_flawed(members, kLife) || (life == nullptr && is_flawed(members, kTime))) flaws |= 1;
  require(response.flaws == flaws && response.dialect == dialect_of(members));
}

struct Word {
  const char* code;
  OAuthError error;
};

constexpr Word kEnding[] = {{"invalid_grant", OAuthError::invalid_grant},
                            {"interaction_required", OAuthError::interaction_required},
                            {"login_required", OAuthError::login_required},
                            {"consent_required", OAuthError::consent_required},
                            {"mfa_required", OAuthError::mfa_required},
                            {"account_selection_required", OAuthError::account_selection_required}};
constexpr Word kOfTheClient[] = {{"invalid_client", OAuthError::invalid_client},
                                 {"invalid_scope", OAuthError::invalid_scope},
                                 {"unauthorized_client", OAuthError::unauthorized_client},
                                 {"unsupported_grant_type", OAuthError::unsupported_grant_type}};
constexpr Word kOfTheMoment[] = {{"server_error", OAuthError::server_error},
                                 {"temporarily_unavailable", OAuthError::temporarily_unavailable},
                                 {"slow_down", OAuthError::slow_down}};
constexpr Word kOthers[] = {{"invalid_request", OAuthError::invalid_request},
                            {"access_denied", OAuthError::access_denied}};

template <std::size_t Count>
bool says(const std::string& code, const Word (&words)[Count], OAuthError& error) {
  for (const Word& word : words) {
    if (code != word.code) continue;
    error = word.error;
    return true;
  }
  return false;
}

// What a body means with any 2xx or 4xx that is not for later.
struct Meaning {
  RefreshFailure of_200 = RefreshFailure::unclear;
  RefreshFailure of_401 = RefreshFailure::final;
  RefreshFailure of_400 = RefreshFailure::unclear;
  OAuthError error = OAuthError::none;
};

Meaning meaning_of(const std::string& code) {
  constexpr RefreshFailure kFinal = RefreshFailure::final;
  constexpr RefreshFailure kUnclear = RefreshFailure::unclear;
  constexpr RefreshFailure kPassing = RefreshFailure::passing;
  OAuthError error = OAuthError::none;
  if (code.empty()) return {};
  if (says(code, kEnding, error)) return {kFinal, kFinal, kFinal, error};
  if (says(code, kOfTheClient, error)) return {kUnclear, kUnclear, kUnclear, error};
  if (says(code, kOfTheMoment, error)) return {kPassing, kPassing, kPassing, error};
  if (says(code, kOthers, error)) return {kFinal, kFinal, kUnclear, error};
  return {kUnclear, kFinal, kUnclear, OAuthError::other};
}

void read(std::string_view json, bool require_access_token) {
  const Result<TokenResponse> response = read_token_response(json, require_access_token);
  const ErrorCode code = response.error().code;
  if (json.size() > limits::kMaxResponseBytes) return require(code == ErrorCode::too_large);
  Members members;
  if (const Error error = read_json_object(json, members)) {
    return require(code == error.code && response.error().offset == error.offset);
  }
  if (!require_access_token) {
    const Value* error = members.find("error");
    if (error != nullptr && is_text(*error) && meaning_of(error->text).error > OAuthError::other) {
      return require(code == ErrorCode::invalid_token_response);
    }
    require(response.ok() && response->access_token.empty() && response->refresh_token.empty());
    return check_times(members, *response, 0);
  }
  const std::string token = text_of(pick(members, kAccess));
  const std::string type = text_of(pick(members, kType));
  ErrorCode expected = ErrorCode::none;
  if (token.empty()) {
    expected = ErrorCode::invalid_token_response;
  } else if (!type.empty() && !equal_ignoring_case(type, "Bearer")) {
    expected = ErrorCode::unsupported_token_type;
  } else if (!is_visible(token)) {
    expected = ErrorCode::invalid_access_token;
  }
  require(code == expected);
  if (!response.ok()) return;
  require(response->access_token == token &&
          response->refresh_token == text_of(pick(members, kRefresh)));
  check_times(members, *response,
              (is_flawed(members, kRefresh) ? 2U : 0U) | (is_flawed(members, kType) ? 4U : 0U));
}

void classify(std::string_view body) {
  Members members;
  const ErrorCode code = read_json_object(body, members).code;
  const Value* word = members.find("error");
  const bool says_it = code == ErrorCode::none && word != nullptr && is_text(*word);
  const Meaning meaning = meaning_of(says_it ? word->text : "");
  const std::size_t first = std::min(body.find_first_not_of(" \t\r\n"), body.size());
  const bool page = body.substr(first).starts_with('<');
  const bool large = body.size() > limits::kMaxResponseBytes;
  constexpr std::uint32_t kStatuses[] = {401, 400, 200, 0,   302, 399, 403, 404, 204,        408,
                                         425, 429, 499, 500, 502, 503, 504, 299, 0xffffffffU};
  for (const std::uint32_t status : kStatuses) {
    if (body.size() > kLong && status != 401) return;  // one is slow enough
    const RefreshRefusal refusal = classify_refresh_failure(status, body);
    const bool success = status >= 200 && status < 300;
    const bool later = status == 408 || status == 425 || status == 429;
    RefreshFailure failure = success         ? meaning.of_200
                             : status == 401 ? meaning.of_401
                                             : meaning.of_400;
    RefreshCauseKind kind = RefreshCauseKind::status;
    OAuthError error = OAuthError::none;
    if ((!success && (status < 400 || status > 499)) || later || large) {
      failure = RefreshFailure::passing;
    } else if (page) {
      failure = RefreshFailure::passing;
      kind = RefreshCauseKind::not_json;
    } else if (says_it) {
      error = meaning.error;
      kind = RefreshCauseKind::oauth_error;
    } else if (success) {
      const bool json = code == ErrorCode::none || code == ErrorCode::not_an_object;
      kind = json ? RefreshCauseKind::no_access_token : RefreshCauseKind::not_json;
    }
    require(refusal.failure == failure && refusal.cause.kind == kind);
    require(refusal.cause.error == error && refusal.cause.status == status);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Text text = fuzz::read_text(data, size, limits::kMaxResponseBytes + 64);
  read(text, true);
  read(text, false);
  classify(text);
  return 0;
}
