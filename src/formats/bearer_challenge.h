// The `WWW-Authenticate` field (RFC 9110 §11.6.1) and its Bearer challenge (RFC 6750 §3, RFC 9470).
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/numeric_date.h"
#include "formats/text.h"

namespace bearerkit {

// What a 401's challenges say about the access token (B6).
enum class ChallengeMeaning : std::uint32_t {
  absent,              // no field, one that cannot be read across origins, or no challenge in it
  refreshable,         // Bearer, with error="invalid_token", another error, or none
  insufficient_scope,  // error="insufficient_scope": a refresh cannot help
  step_up,             // error="insufficient_user_authentication" (RFC 9470 §3): a sign-in can
  not_refreshable,     // error="insufficient_claims" or "invalid_request", or no Bearer at all
};

// Whether new tokens may be the answer to a 401.
constexpr bool calls_for_refresh(ChallengeMeaning meaning) {
  return meaning == ChallengeMeaning::absent || meaning == ChallengeMeaning::refreshable;
}

// Reads a whole field: several challenges, quoted strings with escapes, token68, any letter case.
// Any bytes are taken without failing (B7): what cannot be parsed is skipped.
// If there are several Bearer challenges, invalid_token counts first, then step_up, then
// insufficient_scope, then the other errors that are delivered, and last a challenge without error.
ChallengeMeaning read_challenge(std::string_view field);

// How the user is to sign in again (RFC 9470 §3), as the resource server asks for it, unescaped.
// Each text is visible ASCII and spaces, at most limits::kMaxStepUpBytes long. Any other text
// counts as absent, and is empty.
struct StepUp {
  Text acr_values;          // separated by spaces, in the order of preference
  OptionalSeconds max_age;  // whole seconds, ≥ 0, since the user was authenticated
  Text scope;               // separated by spaces (RFC 6750 §3)
};

// Reads the first challenge that asks for it. All is empty if read_challenge does not say step_up.
StepUp read_step_up(std::string_view field);

// B3: whether an access token may stand behind `Bearer ` in an Authorization field: visible ASCII
// (%x21-7E), at least one character. RFC 6750 §2.1 allows a b64token only, but some servers issue
// others (Laravel Sanctum: `1|…`). What makes a header field unsafe is refused: spaces, line ends,
// other control characters, and all that is not ASCII (RFC 9110 §5.5: field-vchar without
// obs-text). A comma is allowed: Authorization is no list (RFC 9110 §11.6.2).
bool is_sendable(std::string_view token);

}  // namespace bearerkit
