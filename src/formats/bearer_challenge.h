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

// B3: b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" (RFC 6750 §2.1).
bool is_b64token(std::string_view token);

}  // namespace bearerkit
