// The `WWW-Authenticate` field (RFC 9110 §11.6.1) and its Bearer challenge (RFC 6750 §3).
#pragma once

#include <cstdint>
#include <string_view>

namespace bearerkit {

// What a 401's challenge says about the access token (B6).
enum class ChallengeVerdict : std::uint32_t {
  absent,              // no field, or one that cannot be read across origins
  invalid_token,       // a Bearer challenge with error="invalid_token"
  insufficient_scope,  // a Bearer challenge with error="insufficient_scope": a refresh cannot help
  other,               // a Bearer challenge with no error or another one, or no Bearer challenge
};

// Reads a whole field: several challenges, quoted strings with escapes, token68, any letter case.
// Any bytes are taken without failing (B7): what cannot be parsed is skipped.
// insufficient_scope is only answered when no Bearer challenge says invalid_token.
ChallengeVerdict read_challenge(std::string_view field);

// B3: whether an access token may stand behind `Bearer ` in an Authorization field: visible ASCII
// (%x21-7E), one character at least. RFC 6750 §2.1 writes a b64token there, but servers issue
// others (Laravel Sanctum's are `1|…`), and all that makes a field unsafe is left out: a space, a
// line end or another control character, and what is not ASCII (RFC 9110 §5.5's field-vchar without
// obs-text). A comma is taken: Authorization is no list (RFC 9110 §11.6.2), and is not split.
bool is_sendable(std::string_view token);

}  // namespace bearerkit
