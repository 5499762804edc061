// The WebAssembly boundary: every export, in the order of its use.
//
// Strings go in through one input area: bearerkit_input(size) gives its address, the caller writes
// UTF-8 there and calls a function with the lengths; several strings stand one behind the other in
// the order of the parameters. A length beyond what was asked for counts as the room there is.
// Any call may make memory grow: views of `memory.buffer` are to be made again after it changed.
// A function that takes input wipes the area before it returns.
#pragma once

#include <cstdint>

#include "abi.h"

// What an export is called in the module is the second name: every page downloads it, so it is
// short. scripts/build/export_names.mjs reads it here. Two keep their own: by them others know the
// core.
#if defined(__EMSCRIPTEN__)
#define BEARERKIT_EXPORT(name, in_module) \
  __attribute__((export_name(#in_module), visibility("default")))
#else
#define BEARERKIT_EXPORT(name, in_module)
#endif

namespace bearerkit::abi {
struct Machine;  // a machine with its list of origins
}

extern "C" {

using BearerkitMachine = bearerkit::abi::Machine;

// kAbiVersion.
BEARERKIT_EXPORT(bearerkit_abi_version, bearerkit_abi_version)
std::uint32_t bearerkit_abi_version();

// Room for `size` bytes of input; its address, or nullptr when `size` is beyond
// limits::kMaxResponseBytes. The room lives until the next call of this function.
BEARERKIT_EXPORT(bearerkit_input, bearerkit_input) char* bearerkit_input(std::uint32_t size);

// ---- decoding: verifies nothing (D8) ----

// The quick way: decodes the token in the input in its place. Its only dots are at `first_dot` and
// `second_dot`. Wanted are `claims`, `claims_only` or `times`. Answers nullptr if anything is
// unusual: then the token is to be written again, for bearerkit_decode_jwt. Unlike all others it
// leaves the input to bearerkit_forget, and so does bearerkit_scan_part.
BEARERKIT_EXPORT(bearerkit_decode_quickly, a)
const bearerkit::abi::DecodeResult* bearerkit_decode_quickly(std::uint32_t length,
                                                             std::uint32_t first_dot,
                                                             std::uint32_t second_dot,
                                                             std::uint32_t wanted);

// The same of one part, whose bytes are in the input: for a platform that decodes base64url itself.
BEARERKIT_EXPORT(bearerkit_scan_part, b)
const bearerkit::abi::DecodeResult* bearerkit_scan_part(std::uint32_t length);

// Decodes the token in the input: what is wanted of it (Wanted).
BEARERKIT_EXPORT(bearerkit_decode_jwt, c)
const bearerkit::abi::DecodeResult* bearerkit_decode_jwt(std::uint32_t length,
                                                         std::uint32_t wanted);

// E1: 1 when what expires at `exp` (NaN: never) is expired at `now` with `leeway`, all in seconds.
BEARERKIT_EXPORT(bearerkit_is_expired, d)
std::uint32_t bearerkit_is_expired(double exp, double now, double leeway);

// Overwrites with zeros what the last decode call left: to be called when it has been read.
BEARERKIT_EXPORT(bearerkit_forget, e) void bearerkit_forget();

// ---- a machine ----

// Makes a machine of the Settings in the input; nullptr when their size is another one, or a value
// is out of range. To be ended with bearerkit_machine_destroy.
BEARERKIT_EXPORT(bearerkit_machine_create, f)
BearerkitMachine* bearerkit_machine_create(std::uint32_t length);
BEARERKIT_EXPORT(bearerkit_machine_destroy, g)
void bearerkit_machine_destroy(BearerkitMachine* machine);

// The origin of the page (B1), and others; ErrorCode.
BEARERKIT_EXPORT(bearerkit_own_origin, h)
void bearerkit_own_origin(BearerkitMachine* machine, std::uint32_t length);
BEARERKIT_EXPORT(bearerkit_add_origin, i)
std::uint32_t bearerkit_add_origin(BearerkitMachine* machine, std::uint32_t length);
// The RequestFlag bits of requests to the origin in the input.
BEARERKIT_EXPORT(bearerkit_origin_flags, j)
std::uint32_t bearerkit_origin_flags(const BearerkitMachine* machine, std::uint32_t length);

// L4: effects `timeline` on or off.
BEARERKIT_EXPORT(bearerkit_set_timeline, k)
void bearerkit_set_timeline(BearerkitMachine* machine, std::uint32_t on);

// ---- in: see src/machine/machine.h. `now` is Date.now() ----

// Input: an InputHead and its texts. Answers an ErrorCode, which only sign_in has. What is out of
// range is ignored.
BEARERKIT_EXPORT(bearerkit_handle, l)
std::uint32_t bearerkit_handle(BearerkitMachine* machine, double now, std::uint32_t length);

// kind: RequestKind; flags: RequestFlag bits. Answers an instruction (machine/instruction.h).
// Without the bit `effects`, here and in handle_response, there is nothing to poll, and neither the
// token nor poll_timeout has changed: the hot path asks for none of them.
BEARERKIT_EXPORT(bearerkit_handle_request, m)
std::uint32_t bearerkit_handle_request(BearerkitMachine* machine, double now, std::uint32_t kind,
                                       std::uint32_t flags);

// Input: the challenge; flags: AnswerFlag bits. Answers an instruction.
BEARERKIT_EXPORT(bearerkit_handle_response, n)
std::uint32_t bearerkit_handle_response(BearerkitMachine* machine, double now,
                                        std::uint32_t request, std::uint32_t status,
                                        std::uint32_t flags, std::uint32_t endpoint,
                                        std::uint32_t challenge_length);

// ---- out ----

// The next effect, or nullptr when there is none. The view and its data live until the next call.
BEARERKIT_EXPORT(bearerkit_poll_effect, o)
const bearerkit::abi::EffectView* bearerkit_poll_effect(BearerkitMachine* machine);

// When to tell of a `timeout` (milliseconds since 1970), or Infinity.
BEARERKIT_EXPORT(bearerkit_poll_timeout, p)
double bearerkit_poll_timeout(const BearerkitMachine* machine);

// ---- to look at ----

// What it is in now, until the next call.
BEARERKIT_EXPORT(bearerkit_look, q)
const bearerkit::abi::StateView* bearerkit_look(BearerkitMachine* machine);

// 1 when an answer to a refresh with this status, and the body in the input, is a success beyond
// doubt (R6, C1); else 0.
BEARERKIT_EXPORT(bearerkit_is_clear_success, r)
std::uint32_t bearerkit_is_clear_success(const BearerkitMachine* machine, std::uint32_t status,
                                         std::uint32_t length);

}  // extern "C"
