#include "formats/token_response.h"

#include <array>
#include <cmath>
#include <cstddef>

#include "formats/ascii.h"
#include "formats/bearer_challenge.h"
#include "formats/core_limits.h"
#include "formats/date_time.h"
#include "formats/decimal.h"
#include "formats/json_reader.h"
#include "formats/words.h"

namespace bearerkit {
namespace {

// What a token response is made of, in both spellings (R3), one behind the other in kSpellings.
enum Field : std::size_t {
  access_token,
  refresh_token,
  expires_in,
  expires_at,
  token_type,
  field_count
};

constexpr std::string_view kSpellings =
    "access_token refresh_token expires_in expires_at token_type "
    "accessToken refreshToken expiresIn expiresAt tokenType";

// One member as it was last seen (D4).
struct Value {
  JsonType type = JsonType::null;
  Text text;
  double number = 0;

  void set(const JsonMember& m) {
    type = m.type;
    text = Text(m.text);
    number = m.number;
  }
};

// A length of time or a time, in seconds, from a number or a string that spells one.
OptionalSeconds seconds_of(const Value& value) {
  if (value.type != JsonType::number && value.type != JsonType::string) return {};
  const double seconds = value.type == JsonType::string ? read_decimal(value.text) : value.number;
  return std::isfinite(seconds) && seconds >= 0 ? OptionalSeconds{seconds} : OptionalSeconds{};
}

OptionalSeconds time_of(const Value& value) {
  constexpr double kLatest = 253402300799;  // the last second of the year 9999
  OptionalSeconds time = seconds_of(value);
  if (!time.has_value()) time = read_timestamp(value.text);
  return time.seconds > 0 && time.seconds <= kLatest ? time : OptionalSeconds{};
}

bool is_usable(Field field, const Value& value) {
  if (field == expires_in) return seconds_of(value).has_value();
  if (field == expires_at) return time_of(value).has_value();
  return !value.text.empty();  // a string: nothing else has a text
}

constexpr std::string_view kOAuthErrors =
#define BEARERKIT_NAME(name) #name " "
    BEARERKIT_OAUTH_ERRORS(BEARERKIT_NAME);
#undef BEARERKIT_NAME

OAuthError error_of(std::string_view code) {
  if (code.empty()) return OAuthError::none;
  const std::size_t place = place_of(code, kOAuthErrors);
  const bool known = place != kNoWord && place > static_cast<std::size_t>(OAuthError::other);
  return known ? static_cast<OAuthError>(place) : OAuthError::other;
}

class ErrorVisitor : public JsonMemberVisitor {
 public:
  OAuthError error = OAuthError::none;

  void member(const JsonMember& m) override {
    if (m.name == "error") error = error_of(m.text);
  }
};

class ResponseVisitor final : public ErrorVisitor {
 public:
  void member(const JsonMember& m) override {
    ErrorVisitor::member(m);
    const std::size_t place = place_of(m.name, kSpellings);
    if (place != kNoWord) (place < field_count ? oauth_[place] : json_[place - field_count]).set(m);
  }

  // The one to go by: RFC 6749's where it can be used, else the other, which may be of no use.
  const Value& value(Field field) const {
    return is_usable(field, oauth_[field]) ? oauth_[field] : json_[field];
  }

  // Whether there is a value that is not null, and none can be used.
  bool is_flawed(Field field) const {
    return !is_usable(field, value(field)) && (is_given(field, oauth_) || is_given(field, json_));
  }

  Dialect dialect() const {
    for (std::size_t i = 0; i < field_count; i++) {
      const auto field = static_cast<Field>(i);
      if (is_usable(field, oauth_[i])) return Dialect::oauth;
      if (is_usable(field, json_[i])) return Dialect::json;
    }
    return Dialect::unknown;
  }

 private:
  using Values = std::array<Value, field_count>;

  // An empty refresh token is one way of saying that there is none.
  static bool is_given(Field field, const Values& values) {
    const JsonType type = values[field].type;
    return type != JsonType::null && (field != refresh_token || type != JsonType::string);
  }

  Values oauth_;
  Values json_;
};

RefreshFailure failure_of(OAuthError error, bool success, bool unauthorized) {
  if (error > OAuthError::access_denied) return RefreshFailure::passing;
  if (error > OAuthError::interaction_required && error <= OAuthError::unsupported_grant_type) {
    return RefreshFailure::unclear;
  }
  const bool over = error > OAuthError::other && error <= OAuthError::interaction_required;
  const bool known = error > OAuthError::other;
  return over || unauthorized || (success && known) ? RefreshFailure::final
                                                    : RefreshFailure::unclear;
}

bool is_markup(std::string_view body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '<';
}

}  // namespace

Result<TokenResponse> read_token_response(std::string_view json, bool require_access_token) {
  if (json.size() > limits::kMaxResponseBytes) return Error{ErrorCode::too_large};
  ResponseVisitor visitor;
  if (const Error error = read_json_object(json, visitor)) return error;
  TokenResponse response;
  const auto note = [&](TokenFlaw flaw, Field field) {
    if (visitor.is_flawed(field)) response.flaws |= static_cast<std::uint32_t>(flaw);
  };
  if (require_access_token) {
    response.access_token = visitor.value(access_token).text;
    if (response.access_token.empty()) return Error{ErrorCode::invalid_token_response};
    const std::string_view type = visitor.value(token_type).text;
    if (!type.empty() && !equal_ignoring_case(type, "bearer")) {
      return Error{ErrorCode::unsupported_token_type};
    }
    if (!is_sendable(response.access_token)) return Error{ErrorCode::invalid_access_token};
    response.refresh_token = visitor.value(refresh_token).text;
    note(TokenFlaw::refresh_token, refresh_token);
    note(TokenFlaw::token_type, token_type);
  } else {
    if (visitor.error > OAuthError::other) return Error{ErrorCode::invalid_token_response};
    response.has_unknown_error = visitor.error != OAuthError::none;
  }
  response.expires_in = seconds_of(visitor.value(expires_in));
  note(TokenFlaw::expires, expires_in);
  if (!response.expires_in.has_value()) {
    response.expires_at = time_of(visitor.value(expires_at));
    note(TokenFlaw::expires, expires_at);
  }
  response.dialect = visitor.dialect();
  return response;
}

RefreshRefusal classify_refresh_failure(std::uint32_t status, std::string_view body) {
  RefreshRefusal refusal{RefreshFailure::passing, {RefreshCauseKind::status, status}};
  const bool success = status / 100 == 2;
  const bool try_again = status == 408 || status == 425 || status == 429;
  if ((!success && status / 100 != 4) || try_again || body.size() > limits::kMaxResponseBytes) {
    return refusal;
  }
  RefreshCause& cause = refusal.cause;
  if (is_markup(body)) {
    cause.kind = RefreshCauseKind::not_json;
    return refusal;
  }
  ErrorVisitor visitor;
  const ErrorCode code = read_json_object(body, visitor).code;
  if (code == ErrorCode::none) cause.error = visitor.error;
  if (cause.error != OAuthError::none) {
    cause.kind = RefreshCauseKind::oauth_error;
  } else if (success) {
    const bool json = code == ErrorCode::none || code == ErrorCode::not_an_object;
    cause.kind = json ? RefreshCauseKind::no_access_token : RefreshCauseKind::not_json;
  }
  refusal.failure = failure_of(cause.error, success, status == 401);
  return refusal;
}

}  // namespace bearerkit
