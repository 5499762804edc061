// The `WWW-Authenticate` field (RFC 9110 §11.6.1) and its Bearer challenge (RFC 6750 §3, RFC 9470).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/numeric_date.h"

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
// Of several Bearer challenges invalid_token goes before all, then step_up, insufficient_scope and
// the other errors that are delivered; one without an error counts where there are none of these.
ChallengeMeaning read_challenge(std::string_view field);

// How the user is to sign in again (RFC 9470 §3): what the resource server asks for, unescaped,
// and nothing more than that. Each text is visible ASCII and spaces, of at most
// limits::kMaxStepUpBytes; one that is not counts as absent, which is empty.
struct StepUp {
  std::string acr_values;   // separated by spaces, in the order of preference
  OptionalSeconds max_age;  // whole seconds, ≥ 0, since the user was authenticated
  std::string scope;        // separated by spaces (RFC 6750 §3)
};

// Of the first challenge that asks for it; empty where read_challenge says anything but step_up.
StepUp read_step_up(std::string_view field);

// B3: whether an access token may stand behind `Bearer ` in an Authorization field: visible ASCII
// (%x21-7E), one character at least. RFC 6750 §2.1 writes a b64token there, but servers issue
// others (Laravel Sanctum's are `1|…`), and all that makes a field unsafe is left out: a space, a
// line end or another control character, and what is not ASCII (RFC 9110 §5.5's field-vchar without
// obs-text). A comma is taken: Authorization is no list (RFC 9110 §11.6.2), and is not split.
bool is_sendable(std::string_view token);

}  // namespace bearerkit
