// R3, R4, R6, R8: what is read of an answer, and what its failure means, is what the rules say of
// its members: tokens that may be sent and a sane lifetime, or the first error; the end of a
// session for a clear word of the server, and for nothing else.
#include <cmath>

#include "formats/ascii.h"
#include "formats/bearer_challenge.h"
#include "formats/core_limits.h"
#include "formats/decimal.h"
#include "formats/token_response.h"
#include "fuzz.h"
#include "members.h"

using namespace bearerkit;
using bearerkit::fuzz::Members;
using bearerkit::fuzz::require;

namespace {

constexpr std::size_t kLong = 65536;

// The member in RFC 6749's spelling, else in the other one; nullptr when there is none but null.
const Members::Value* pick(const Members& members, const char* oauth, const char* json) {
  for (const char* name : {oauth, json}) {
    const Members::Value* value = members.find(name);
    if (value != nullptr && value->type != JsonType::null) return value;
  }
  return nullptr;
}

bool is_text(const Members::Value* value) {
  return value == nullptr || value->type == JsonType::string;
}

std::string text_of(const Members::Value* value) { return value == nullptr ? "" : value->text; }

Dialect dialect_of(const Members& members) {
  constexpr const char* kSpellings[][2] = {{"access_token", "accessToken"},
                                           {"refresh_token", "refreshToken"},
                                           {"expires_in", "expiresIn"},
                                           {"token_type", "tokenType"}};
  for (const auto& [oauth, json] : kSpellings) {
    if (pick(members, oauth, oauth) != nullptr) return Dialect::oauth;
    if (pick(members, json, json) != nullptr) return Dialect::json;
  }
  return Dialect::unknown;
}

void read(std::string_view json, bool require_access_token) {
  const Result<TokenResponse> response = read_token_response(json, require_access_token);
  const ErrorCode code = response.error().code;
  if (json.size() > limits::kMaxResponseBytes) return require(code == ErrorCode::too_large);
  Members members;
  if (const Error error = read_json_object(json, members)) {
    return require(code == error.code && response.error().offset == error.offset);
  }
  const Members::Value* access = pick(members, "access_token", "accessToken");
  const Members::Value* refresh = pick(members, "refresh_token", "refreshToken");
  const Members::Value* lifetime = pick(members, "expires_in", "expiresIn");
  const Members::Value* type = pick(members, "token_type", "tokenType");
  double seconds = 0;
  if (lifetime != nullptr) {
    const bool number = lifetime->type == JsonType::number;
    seconds = number ? lifetime->number : is_text(lifetime) ? read_decimal(lifetime->text) : -1;
  }
  const bool fits = is_text(access) && is_text(refresh) && is_text(type) &&
                    std::isfinite(seconds) && seconds >= 0;
  const std::string token = text_of(access);
  ErrorCode expected = ErrorCode::none;
  if (!fits || (require_access_token && token.empty())) {
    expected = ErrorCode::invalid_token_response;
  } else if (type != nullptr && !equal_ignoring_case(type->text, "Bearer")) {
    expected = ErrorCode::unsupported_token_type;
  } else if (!token.empty() && !is_b64token(token)) {
    expected = ErrorCode::invalid_access_token;
  }
  require(code == expected);
  if (!response.ok()) return;
  require(response->access_token == token && response->refresh_token == text_of(refresh));
  require(response->expires_in.has_value() == (lifetime != nullptr));
  require(lifetime == nullptr || response->expires_in.seconds == seconds);
  require(response->dialect == dialect_of(members));
}

// Whether a 400 with this body ends a session, and whether a 401 does.
struct Terminal {
  bool by_word = false;
  bool by_status = false;
};

Terminal terminal(std::string_view body) {
  if (body.size() > limits::kMaxResponseBytes) return {};
  Members members;
  const ErrorCode code = read_json_object(body, members).code;
  Terminal terminal;
  const Members::Value* word = members.find("error");
  for (const char* known : {"invalid_grant", "invalid_client", "unauthorized_client",
                            "unsupported_grant_type", "invalid_scope"}) {
    const bool says = word != nullptr && word->type == JsonType::string && word->text == known;
    terminal.by_word = terminal.by_word || (says && code == ErrorCode::none);
  }
  bool blank = true;
  for (const char c : body) blank = blank && (c == ' ' || c == '\t' || c == '\r' || c == '\n');
  terminal.by_status = code == ErrorCode::none || code == ErrorCode::not_an_object || blank;
  return terminal;
}

void classify(std::string_view body) {
  const Terminal expected = terminal(body);
  constexpr std::uint32_t kStatuses[] = {401, 400, 0,   200, 302, 399, 403, 404,        408,
                                         425, 429, 499, 500, 502, 503, 504, 0xffffffffU};
  for (const std::uint32_t status : kStatuses) {
    if (body.size() > kLong && status != 401) return;  // one is slow enough
    const bool clear =
        status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
    const bool ends = clear && (expected.by_word || (status == 401 && expected.by_status));
    require((classify_refresh_failure(status, body) == RefreshFailure::terminal) == ends);
  }
  const bool page = !body.empty() && body.front() == '<';
  require(!page || classify_refresh_failure(401, body) == RefreshFailure::transient);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Text text = fuzz::read_text(data, size, limits::kMaxResponseBytes + 64);
  read(text, true);
  read(text, false);
  classify(text);
  return 0;
}
