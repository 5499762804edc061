// Token responses in both dialects (RFC 6749 §5.1–5.2 and the camelCase JSON of many APIs).
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/error.h"
#include "formats/numeric_date.h"
#include "formats/text.h"

namespace bearerkit {

// R3. `unknown`: no member of either spelling could be used (cookie mode answers). Where both were,
// the spelling of the access token decides; failing that, of the refresh token, the lifetime, the
// end, the type. `json_snake` is of requests only: JSON with RFC 6749's names.
#define BEARERKIT_DIALECTS(X) X(unknown) X(oauth) X(json) X(json_snake)

enum class Dialect : std::uint32_t {
#define BEARERKIT_ENUMERATE(name) name,
  BEARERKIT_DIALECTS(BEARERKIT_ENUMERATE)
#undef BEARERKIT_ENUMERATE
};

// R4: members that were given and could not be used (bits). They count as absent; the app is to be
// warned, for its server is at fault. No value is kept.
#define BEARERKIT_TOKEN_FLAWS(X)                                                        \
  X(expires, 1)       /* expires_in or expires_at: negative, no number, no timestamp */ \
  X(refresh_token, 2) /* no string */                                                   \
  X(token_type, 4)    /* no string, or empty */                                         \
  X(kept, 8)          /* L9: more than limits::kMaxKeptBytes; never of read_token_response */

enum class TokenFlaw : std::uint32_t {
#define BEARERKIT_ENUMERATE_VALUE(name, value) name = value,
  BEARERKIT_TOKEN_FLAWS(BEARERKIT_ENUMERATE_VALUE)
#undef BEARERKIT_ENUMERATE_VALUE
};

struct TokenResponse {
  Text access_token;           // empty: none
  Text refresh_token;          // empty: none (R5: the old one is kept)
  OptionalSeconds expires_in;  // from receipt, in seconds, ≥ 0
  // Since 1970 UTC by the server's clock, in seconds, > 0; absent where expires_in is there. It may
  // be over already: an app that hands in tokens of yesterday.
  OptionalSeconds expires_at;
  std::uint32_t flaws = 0;  // TokenFlaw bits
  Dialect dialect = Dialect::unknown;
  bool has_unknown_error = false;  // cookie mode: a member `error` of a word that is not known
};

// R4. Reads the JSON body of a successful answer, or the object an app hands to setTokens:
// - access_token, accessToken: a string that may stand in a header (B3);
// - refresh_token, refreshToken: any string; an empty one says that there is none;
// - expires_in, expiresIn: seconds, as a number or a string that spells one;
// - expires_at, expiresAt: seconds since 1970, likewise, or a timestamp (date_time.h). What lies
//   beyond the year 9999, as milliseconds do, or not after 1970, is no such time;
// - token_type, tokenType: Bearer in any case (RFC 6750 §4).
// Members that are null count as absent, and so do, with a flaw, those that cannot be used: tokens
// that the server has just issued are never thrown away for a flaw beside them. Where both
// spellings can be used, RFC 6749's counts.
// `require_access_token`: false in cookie mode, where the page never sees a token (C1). Only the
// lifetime matters then, and that no member `error` names a known one (BEARERKIT_OAUTH_ERRORS); the
// members above make neither an error nor a flaw.
// Errors, the first that applies: too_large (limits::kMaxResponseBytes); the JSON errors;
// invalid_token_response (no access token, an empty one, or one that is no string; in cookie mode a
// known `error`);
// unsupported_token_type (a type that is another one than Bearer); invalid_access_token (B3).
Result<TokenResponse> read_token_response(std::string_view json, bool require_access_token);

// What a failed refresh means for the session (R6, R8).
enum class RefreshFailure : std::uint32_t {
  passing,  // says nothing of the session: try again
  unclear,  // the server refused, but not clearly for this session's sake
  final,    // the server said that the session is over
};

// RFC 6749 §5.2's errors, and those of OpenID Connect Core §3.1.2.6 and RFC 8628 §3.5 that token
// endpoints answer with; mfa_required is Auth0's. In the order of what they mean for a session: to
// interaction_required final, to unsupported_grant_type unclear, to access_denied as the status
// has it, then passing.
#define BEARERKIT_OAUTH_ERRORS(X)                                                             \
  X(none)                                                                                     \
  X(other) /* one that is not in this list: its text is not kept, a secret may stand there */ \
  X(invalid_grant)                                                                            \
  X(account_selection_required)                                                               \
  X(consent_required)                                                                         \
  X(login_required)                                                                           \
  X(mfa_required)                                                                             \
  X(interaction_required)                                                                     \
  X(invalid_client)                                                                           \
  X(invalid_scope)                                                                            \
  X(unauthorized_client)                                                                      \
  X(unsupported_grant_type)                                                                   \
  X(invalid_request)                                                                          \
  X(access_denied)                                                                            \
  X(server_error)                                                                             \
  X(temporarily_unavailable)                                                                  \
  X(slow_down)

// Why a refresh failed. classify_refresh_failure tells the middle four; the others are for whoever
// asks the server.
#define BEARERKIT_REFRESH_CAUSES(X)                                                \
  X(none)                                                                          \
  X(network)         /* no answer came */                                          \
  X(timeout)         /* none came in time */                                       \
  X(status)          /* the status says it all */                                  \
  X(not_json)        /* HTML, whatever the status; or a success that is no JSON */ \
  X(no_access_token) /* a success without a token that can be used */              \
  X(oauth_error)     /* the body has a member `error` */                           \
  X(threw)           /* the app's own function */

#define BEARERKIT_ENUMERATE(name) name,
enum class OAuthError : std::uint32_t { BEARERKIT_OAUTH_ERRORS(BEARERKIT_ENUMERATE) };
enum class RefreshCauseKind : std::uint32_t { BEARERKIT_REFRESH_CAUSES(BEARERKIT_ENUMERATE) };
#undef BEARERKIT_ENUMERATE

// Numbers and names from closed lists only: nothing here can hold a secret (D10).
struct RefreshCause {
  RefreshCauseKind kind = RefreshCauseKind::none;
  std::uint32_t status = 0;  // 0: no answer
  OAuthError error = OAuthError::none;

  // In one number: the kind, above it the error (8 bits each), above both the status. 0: no cause.
  constexpr std::uint32_t packed() const {
    const std::uint32_t known_status = status < 1000 ? status : 0;
    return static_cast<std::uint32_t>(kind) | static_cast<std::uint32_t>(error) << 8 |
           known_status << 16;
  }
};

struct RefreshRefusal {
  RefreshFailure failure = RefreshFailure::passing;
  RefreshCause cause;
};

// Classifies an answer that read_token_response takes no tokens from, or that is no success. `body`
// may be anything. The first line that applies:
// - passing: a status that is neither 2xx nor 4xx, or is 408, 425 or 429; a body longer than
//   limits::kMaxResponseBytes; HTML, that is a body whose first character but white space is `<`
//   (a proxy, a captive portal);
// - what the `error` of a JSON object says (BEARERKIT_OAUTH_ERRORS), whatever the status;
// - final: 401, and a 2xx with a known error;
// - unclear: all else, such as any other 4xx, or a 2xx without a token.
RefreshRefusal classify_refresh_failure(std::uint32_t status, std::string_view body);

}  // namespace bearerkit
