// The layouts that cross the boundary. Addresses are 32 bits, so that a native build has the same
// layout as WebAssembly has; print_abi.cpp publishes the offsets to TypeScript.
#pragma once

#include <cstddef>
#include <cstdint>

#include "machine/session_types.h"

namespace bearerkit::abi {

// Goes up with every change of an export, a layout or a meaning; the loader compares it.
inline constexpr std::uint32_t kAbiVersion = 1;

// What a decode call answers. Addresses point at bytes that live until the next decode call.
#define BEARERKIT_DECODE_RESULT(X)                                                   \
  X(std::uint32_t, error) /* ErrorCode; when not none, part and offset tell where */ \
  X(std::uint32_t, part)  /* TokenPart */                                            \
  X(std::uint32_t, offset)                                                           \
  X(std::uint32_t, findings)       /* JwtFinding bits */                             \
  X(std::uint32_t, header_address) /* UTF-8 JSON text */                             \
  X(std::uint32_t, header_length)                                                    \
  X(std::uint32_t, payload_address)                                                  \
  X(std::uint32_t, payload_length)                                                   \
  X(std::uint32_t, signature_length) /* bytes */                                     \
  X(std::uint32_t, reserved)                                                         \
  X(double, exp) /* seconds, NaN when absent */                                      \
  X(double, nbf)                                                                     \
  X(double, iat)

// Settings of a client: SessionConfig (src/machine/session_types.h), field by field.
// clang-format off
#define BEARERKIT_SETTINGS(X) \
  X(leeway) \
  X(refresh_margin) \
  X(refresh_timeout) \
  X(lock_timeout) \
  X(storage_timeout) \
  X(settle_time) \
  X(mode) \
  X(dialect) \
  X(can_refresh) \
  X(refresh_needs_token) \
  X(shared_storage) \
  X(keep_alive) \
  X(seed_low) \
  X(seed_high)
// clang-format on

// An effect, as poll_effect leaves it.
#define BEARERKIT_EFFECT_VIEW(X)                                 \
  X(double, at)                                                  \
  X(std::uint32_t, kind)                                         \
  X(std::uint32_t, request)                                      \
  X(std::uint32_t, flags)                                        \
  X(std::uint32_t, code)                                         \
  X(std::uint32_t, ticket)                                       \
  X(std::uint32_t, generation)                                   \
  X(std::uint32_t, data_address) /* lives until the next call */ \
  X(std::uint32_t, data_length)

#define BEARERKIT_FIELD(type, name) type name = 0;
struct DecodeResult {
  BEARERKIT_DECODE_RESULT(BEARERKIT_FIELD)
};
struct EffectView {
  BEARERKIT_EFFECT_VIEW(BEARERKIT_FIELD)
};
#undef BEARERKIT_FIELD

static_assert(sizeof(DecodeResult) == 64 && offsetof(DecodeResult, exp) == 40);
static_assert(sizeof(SessionConfig) == 80 && offsetof(SessionConfig, mode) == 48);
static_assert(sizeof(EffectView) == 40 && offsetof(EffectView, kind) == 8);

}  // namespace bearerkit::abi
