// The layouts that cross the boundary. Addresses are 32 bits, so that a native build has the same
// layout as WebAssembly has; print_abi.cpp publishes the offsets to TypeScript.
#pragma once

#include <cstddef>
#include <cstdint>

#include "machine/effect.h"
#include "machine/input.h"
#include "machine/settings.h"

namespace bearerkit::abi {

// Goes up with every change of an export, a layout or a meaning; the loader compares it.
inline constexpr std::uint32_t kAbiVersion = 10;

// The input area has at least so much room, whatever was asked for.
inline constexpr std::uint32_t kUsualInputBytes = 16 * 1024;

// What a decode call is asked for.
#define BEARERKIT_WANTED(X)                                                                     \
  X(all)                                                                                        \
  X(header)                                                                                     \
  X(claims)      /* the payload, of a token that is sound */                                    \
  X(claims_only) /* the same, of one whose header was found sound before: the quick way only */ \
  X(times)       /* no more of it is looked at than the payload (E2) */

enum class Wanted : std::uint32_t {
#define BEARERKIT_ENUMERATE(name) name,
  BEARERKIT_WANTED(BEARERKIT_ENUMERATE)
#undef BEARERKIT_ENUMERATE
};

// What a decode call answers. Addresses point at bytes that live until the next decode call.
#define BEARERKIT_DECODE_RESULT(X)                                                     \
  X(std::uint32_t, error) /* ErrorCode; when not none, part and offset tell where */   \
  X(std::uint32_t, part)  /* TokenPart */                                              \
  X(std::uint32_t, offset)                                                             \
  X(std::uint32_t, findings)       /* JwtFinding bits */                               \
  X(std::uint32_t, header_address) /* UTF-8 JSON text */                               \
  X(std::uint32_t, header_length)                                                      \
  X(std::uint32_t, payload_address)                                                    \
  X(std::uint32_t, payload_length)                                                     \
  X(std::uint32_t, ascii) /* the payload is; told by bearerkit_decode_quickly alone */ \
  X(std::uint32_t, reserved)                                                           \
  X(double, exp) /* seconds, NaN when absent */                                        \
  X(double, nbf)                                                                       \
  X(double, iat)

// Settings of a machine: Settings (src/machine/settings.h), field by field.
// clang-format off
#define BEARERKIT_SETTINGS(X) \
  X(leeway) \
  X(refresh_margin) \
  X(refresh_timeout) \
  X(lock_timeout) \
  X(storage_timeout) \
  X(write_lag) \
  X(mode) \
  X(dialect) \
  X(can_refresh) \
  X(refresh_needs_token) \
  X(shared_storage) \
  X(copied_storage) \
  X(tabs) \
  X(keep_alive) \
  X(presume) \
  X(seed_low) \
  X(seed_high)
// clang-format on

// The head of an Input (src/machine/input.h). Its texts follow it, in the order of their lengths.
struct InputHead {
  std::uint32_t kind = 0;
  std::uint32_t numbers[4] = {};
  std::uint32_t text_length = 0;
  std::uint32_t identity_length = 0;
  std::uint32_t kept_length = 0;
  std::uint32_t kept_anew_length = 0;
  std::uint32_t retry_after_length = 0;
  std::uint32_t date_length = 0;
};

struct TextView {
  std::uint32_t address = 0;
  std::uint32_t length = 0;
};

// A machine, as it is seen from outside.
struct StateView {
  // 1 signed in, 2 not known yet (C5), 4 a refresh is under way, 8 all answers matter (R14); from 8
  // bits up the SignOutReason of the last session.
  std::uint32_t bits = 0;
  std::uint32_t token_version = 0;  // changes whenever the access token does
  TextView access_token;            // empty: none
  TextView kept;                    // L9: JSON, or nothing
};

// An Effect (src/machine/effect.h), as poll_effect leaves it. The texts live until the next call.
struct EffectView {
  std::uint32_t kind = 0;
  TextView text;
  TextView access_token;
  TextView kept;
  std::uint32_t reserved = 0;
  std::uint32_t numbers[6] = {};  // the fields of its kind
};

#define BEARERKIT_FIELD(type, name) type name = 0;
struct DecodeResult {
  BEARERKIT_DECODE_RESULT(BEARERKIT_FIELD)
};
#undef BEARERKIT_FIELD

static_assert(sizeof(DecodeResult) == 64 && offsetof(DecodeResult, exp) == 40);
static_assert(sizeof(Settings) == 96 && offsetof(Settings, mode) == 48);
static_assert(sizeof(InputHead) == 44 && offsetof(InputHead, numbers) == 4);
static_assert(sizeof(StateView) == 24);
static_assert(sizeof(EffectView) == 56 && offsetof(EffectView, numbers) == 32);
// A time in an effect stands at a multiple of eight, behind four numbers.
static_assert(offsetof(Effect::Finish, retry_at) == 16 && offsetof(Effect::Timeline, at) == 16);
static_assert(offsetof(Effect::Challenge, max_age) == 16);

}  // namespace bearerkit::abi
