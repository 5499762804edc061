// JSON Web Tokens, decoded and never verified (RFC 7515 §2–4, RFC 7519 §2–7).
// A client that is not the token's audience has no key: nothing here says that a token is genuine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "formats/error.h"
#include "formats/numeric_date.h"
#include "formats/text.h"

namespace bearerkit {

// The time claims (RFC 7519 §4.1.4–4.1.6).
struct TimeClaims {
  OptionalSeconds exp, nbf, iat;
};

// Things a person should know of, none of which changes how a token is treated (D4, D8).
#define BEARERKIT_JWT_FINDINGS(X)                                     \
  X(unsecured)          /* header alg is "none", whatever its case */ \
  X(missing_algorithm)  /* no alg, or one that is no string */        \
  X(critical_extension) /* header has crit */                         \
  X(duplicate_header_member)                                          \
  X(duplicate_claim)                                                  \
  X(key_in_header)      /* jwk, jku, x5u or x5c in the header */      \
  X(missing_expiry)     /* no exp claim */                            \
  X(signature_mismatch) /* alg none with a signature, or another alg without one */

enum class JwtFindingIndex : std::uint32_t {
#define BEARERKIT_ENUMERATE(name) name,
  BEARERKIT_JWT_FINDINGS(BEARERKIT_ENUMERATE)
#undef BEARERKIT_ENUMERATE
};

enum class JwtFinding : std::uint32_t {
#define BEARERKIT_ENUMERATE(name) name = 1u << static_cast<std::uint32_t>(JwtFindingIndex::name),
  BEARERKIT_JWT_FINDINGS(BEARERKIT_ENUMERATE)
#undef BEARERKIT_ENUMERATE
};

struct DecodedJwt {
  Text header;  // UTF-8 JSON text of one object, validated (D3)
  Text payload;
  std::size_t signature_bytes = 0;
  TimeClaims times;
  std::uint32_t findings = 0;  // JwtFinding bits
};

// Decodes a JWS compact token (RFC 7515 §7.1). Verifies nothing (D8).
// The first error from left to right is told, with part and offset:
// - too_large, malformed (not three parts), encrypted (five parts), without part;
// - invalid_base64url in any part. An empty signature is fine (RFC 7519 §6.1), whatever alg says;
// - invalid_utf8, invalid_json, not_an_object, too_deep, number_out_of_range in header or payload
//   (json_reader.h). An empty part is no JSON: invalid_json;
// - invalid_numeric_date: exp, nbf or iat is no number (E2; also null), at its value.
// The last of duplicate members counts (D4), for times and findings. Duplicates are looked for
// among the first 64 members of header and payload, not in nested objects.
Error decode_jwt(std::string_view token, DecodedJwt& jwt);

// Only the header (D8: verifies nothing). There must be three parts; payload and signature are not
// read.
Result<Text> decode_protected_header(std::string_view token);

// Only the time claims (D8: verifies nothing), without building a JSON object. There must be three
// parts; header and signature are not read. Times and errors of the payload are those of
// decode_jwt.
Result<TimeClaims> decode_time_claims(std::string_view token);

// What a session wants to know of its access token.
struct IssuedClaims {
  TimeClaims times;
  // A hash of sub and iss (RFC 7519 §4.1.1–4.1.2): whose token it is. 0: unknown.
  std::uint64_t identity = 0;
};

// As decode_time_claims (D8: verifies nothing). But where a time claim has the wrong type there are
// no times, and no error: whose token it is, it says all the same.
Result<IssuedClaims> decode_issued_claims(std::string_view token);

}  // namespace bearerkit
