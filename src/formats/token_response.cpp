#include "formats/token_response.h"

#include <array>
#include <cmath>
#include <cstddef>

#include "formats/ascii.h"
#include "formats/bearer_challenge.h"
#include "formats/core_limits.h"
#include "formats/decimal.h"
#include "formats/json_reader.h"

namespace bearerkit {
namespace {

// What a token response is made of, in both spellings (R3): the places of Fields below.
enum Field : std::size_t { access_token, refresh_token, expires_in, token_type, field_count };

struct Spelling {
  std::string_view oauth;
  std::string_view json;
};

constexpr std::array<Spelling, field_count> kSpellings = {{
    {"access_token", "accessToken"},
    {"refresh_token", "refreshToken"},
    {"expires_in", "expiresIn"},
    {"token_type", "tokenType"},
}};

// One member as it was last seen (D4); absent where it was null.
struct Value {
  bool present = false;
  bool is_string = false;
  bool is_number = false;
  std::string text;
  double number = 0;

  void set(const JsonMember& m) {
    present = m.type != JsonType::null;
    is_string = m.type == JsonType::string;
    is_number = m.type == JsonType::number;
    text = m.text;
    number = m.number;
  }
};

class ResponseVisitor final : public JsonMemberVisitor {
 public:
  void member(const JsonMember& m) override {
    for (std::size_t i = 0; i < field_count; i++) {
      if (m.name == kSpellings[i].oauth) oauth_[i].set(m);
      if (m.name == kSpellings[i].json) json_[i].set(m);
    }
  }

  const Value& value(Field field) const {
    return oauth_[field].present ? oauth_[field] : json_[field];
  }

  Dialect dialect() const {
    for (std::size_t i = 0; i < field_count; i++) {
      if (oauth_[i].present) return Dialect::oauth;
      if (json_[i].present) return Dialect::json;
    }
    return Dialect::unknown;
  }

 private:
  std::array<Value, field_count> oauth_;
  std::array<Value, field_count> json_;
};

// Seconds from a number or, as some servers have it, a string that spells one. NaN: neither.
double seconds_of(const Value& value) {
  return value.is_string ? read_decimal(value.text) : value.number;
}

// R4: whether every member that is given is of its type.
bool types_fit(const ResponseVisitor& response) {
  for (const Field field : {access_token, refresh_token, token_type}) {
    const Value& value = response.value(field);
    if (value.present && !value.is_string) return false;
  }
  const Value& lifetime = response.value(expires_in);
  if (!lifetime.present) return true;
  if (!lifetime.is_string && !lifetime.is_number) return false;
  const double seconds = seconds_of(lifetime);
  return std::isfinite(seconds) && seconds >= 0;
}

class ErrorVisitor final : public JsonMemberVisitor {
 public:
  std::string error;

  void member(const JsonMember& m) override {
    if (m.name == "error") error = m.text;
  }
};

// RFC 6749 §5.2. invalid_request is not among them: it tells of a malformed request, not of the
// tokens, and the session may outlive it (R6).
bool is_terminal_code(std::string_view code) {
  return code == "invalid_grant" || code == "invalid_client" || code == "unauthorized_client" ||
         code == "unsupported_grant_type" || code == "invalid_scope";
}

}  // namespace

Result<TokenResponse> read_token_response(std::string_view json, bool require_access_token) {
  if (json.size() > limits::kMaxResponseBytes) return Error{ErrorCode::too_large};
  ResponseVisitor visitor;
  if (const Error error = read_json_object(json, visitor)) return error;
  const Value& access = visitor.value(access_token);
  if (!types_fit(visitor) || (require_access_token && access.text.empty())) {
    return Error{ErrorCode::invalid_token_response};
  }
  const Value& type = visitor.value(token_type);
  if (type.present && !equal_ignoring_case(type.text, "bearer")) {
    return Error{ErrorCode::unsupported_token_type};
  }
  if (!access.text.empty() && !is_b64token(access.text)) {
    return Error{ErrorCode::invalid_access_token};
  }
  TokenResponse response;
  response.access_token = access.text;
  response.refresh_token = visitor.value(refresh_token).text;
  if (const Value& lifetime = visitor.value(expires_in); lifetime.present) {
    response.expires_in.seconds = seconds_of(lifetime);
  }
  response.dialect = visitor.dialect();
  return response;
}

RefreshFailure classify_refresh_failure(std::uint32_t status, std::string_view body) {
  const bool try_again = status == 408 || status == 425 || status == 429;
  if (status < 400 || status > 499 || try_again || body.size() > limits::kMaxResponseBytes) {
    return RefreshFailure::transient;
  }
  ErrorVisitor visitor;
  const ErrorCode code = read_json_object(body, visitor).code;
  if (code == ErrorCode::none && is_terminal_code(visitor.error)) return RefreshFailure::terminal;
  const bool json = code == ErrorCode::none || code == ErrorCode::not_an_object;
  const bool empty = body.find_first_not_of(" \t\r\n") == std::string_view::npos;
  return status == 401 && (json || empty) ? RefreshFailure::terminal : RefreshFailure::transient;
}

}  // namespace bearerkit
