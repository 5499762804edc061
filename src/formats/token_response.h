// Token responses in both dialects (RFC 6749 §5.1–5.2 and the camelCase JSON of many APIs).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/error.h"
#include "formats/numeric_date.h"

namespace bearerkit {

// R3. `unknown`: neither spelling was seen (cookie mode answers). Where both are, the spelling of
// the access token decides; failing that, of the refresh token, the lifetime, the type.
enum class Dialect : std::uint32_t { unknown, oauth, json };

struct TokenResponse {
  std::string access_token;    // empty: none
  std::string refresh_token;   // empty: none (R5: the old one is kept)
  OptionalSeconds expires_in;  // from receipt, in seconds; a numeric string is taken, too
  Dialect dialect = Dialect::unknown;
};

// R4. Reads the JSON body of a successful answer, or the object an app hands to setTokens.
// access_token/accessToken, refresh_token/refreshToken, expires_in/expiresIn, token_type/tokenType;
// where both spellings of a member are given, RFC 6749's counts. null members count as absent, and
// so does an empty refresh token.
// `require_access_token`: false in cookie mode, where the page never sees one (C1).
// Errors, the first that applies: too_large (limits::kMaxResponseBytes); the JSON errors;
// invalid_token_response (a member of a wrong type, negative or non-finite expires_in, no or empty
// access token); unsupported_token_type (given, and not Bearer in any case); invalid_access_token
// (B3, not a b64token).
Result<TokenResponse> read_token_response(std::string_view json, bool require_access_token);

// What a failed refresh means for the session (R6, R8).
enum class RefreshFailure : std::uint32_t { transient, terminal };

// Classifies an answer that is no success. `body` may be anything.
// Terminal: a JSON object whose `error` is one of invalid_grant, invalid_client,
// unauthorized_client, unsupported_grant_type, invalid_scope (with a 4xx status other than 408,
// 425, 429); or status 401 with a body that is JSON (of any type, R6) or empty (nothing but white
// space counts as empty, too). All else is transient.
RefreshFailure classify_refresh_failure(std::uint32_t status, std::string_view body);

}  // namespace bearerkit
