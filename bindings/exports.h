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

#if defined(__EMSCRIPTEN__)
#define BEARERKIT_EXPORT(name) __attribute__((export_name(#name), visibility("default")))
#else
#define BEARERKIT_EXPORT(name)
#endif

namespace bearerkit::abi {
struct Client;  // a session with its list of origins
}

extern "C" {

using BearerkitClient = bearerkit::abi::Client;

// kAbiVersion.
BEARERKIT_EXPORT(bearerkit_abi_version) std::uint32_t bearerkit_abi_version();

// Room for `size` bytes of input; its address, or nullptr when `size` is beyond
// limits::kMaxResponseBytes. The room lives until the next call of this function.
BEARERKIT_EXPORT(bearerkit_input) char* bearerkit_input(std::uint32_t size);

// ---- decoding: verifies nothing (D8) ----

// Decodes the token in the input. With `header_only` the payload is left alone.
BEARERKIT_EXPORT(bearerkit_decode_jwt)
const bearerkit::abi::DecodeResult* bearerkit_decode_jwt(std::uint32_t length,
                                                         std::uint32_t header_only);

// 1 when the token in the input is expired at `now` with `leeway` (E1), all in seconds; else 0.
// On an error 2, and bearerkit_last_result tells which.
BEARERKIT_EXPORT(bearerkit_is_expired)
std::uint32_t bearerkit_is_expired(std::uint32_t length, double now, double leeway);

// The result of the last decode call.
BEARERKIT_EXPORT(bearerkit_last_result) const bearerkit::abi::DecodeResult* bearerkit_last_result();

// Overwrites with zeros what the last decode call left: to be called when it has been read.
BEARERKIT_EXPORT(bearerkit_forget) void bearerkit_forget();

// ---- a client ----

// Makes a client of the SessionConfig in the input; nullptr when its size is another one,
// or a value is out of range. To be ended with bearerkit_client_destroy.
BEARERKIT_EXPORT(bearerkit_client_create)
BearerkitClient* bearerkit_client_create(std::uint32_t length);
BEARERKIT_EXPORT(bearerkit_client_destroy) void bearerkit_client_destroy(BearerkitClient* client);

// The origin of the page (B1), and others; ErrorCode.
BEARERKIT_EXPORT(bearerkit_own_origin)
void bearerkit_own_origin(BearerkitClient* client, std::uint32_t length);
BEARERKIT_EXPORT(bearerkit_add_origin)
std::uint32_t bearerkit_add_origin(BearerkitClient* client, std::uint32_t length);
// 1 when the origin in the input may get the token; else 0.
BEARERKIT_EXPORT(bearerkit_allows_origin)
std::uint32_t bearerkit_allows_origin(const BearerkitClient* client, std::uint32_t length);

// L4: events `timeline` on or off.
BEARERKIT_EXPORT(bearerkit_set_timeline)
void bearerkit_set_timeline(BearerkitClient* client, std::uint32_t on);

// ---- in: see src/machine/session.h. `now` is Date.now() ----

BEARERKIT_EXPORT(bearerkit_handle_start)
void bearerkit_handle_start(BearerkitClient* client, double now);

// kind: RequestKind; flags: RequestFlag bits. Answers VerdictFlag bits and the id (upper 24 bits).
// Without the bit `effects`, here and in handle_response, there is nothing to poll, and neither the
// token nor poll_timeout has changed: the hot path asks for none of them.
BEARERKIT_EXPORT(bearerkit_handle_request)
std::uint32_t bearerkit_handle_request(BearerkitClient* client, double now, std::uint32_t kind,
                                       std::uint32_t flags);

// Input: the challenge. Answers VerdictFlag bits and the id.
BEARERKIT_EXPORT(bearerkit_handle_response)
std::uint32_t bearerkit_handle_response(BearerkitClient* client, double now, std::uint32_t request,
                                        std::uint32_t status, std::uint32_t final_origin_allowed,
                                        std::uint32_t challenge_length);

BEARERKIT_EXPORT(bearerkit_handle_transport_error)
void bearerkit_handle_transport_error(BearerkitClient* client, double now, std::uint32_t request);

BEARERKIT_EXPORT(bearerkit_handle_abort)
void bearerkit_handle_abort(BearerkitClient* client, double now, std::uint32_t request);

// Input: JSON of a token response. Answers an ErrorCode.
BEARERKIT_EXPORT(bearerkit_handle_sign_in)
std::uint32_t bearerkit_handle_sign_in(BearerkitClient* client, double now, std::uint32_t length);

BEARERKIT_EXPORT(bearerkit_handle_sign_out)
void bearerkit_handle_sign_out(BearerkitClient* client, double now);

BEARERKIT_EXPORT(bearerkit_handle_lock_granted)
void bearerkit_handle_lock_granted(BearerkitClient* client, double now, std::uint32_t ticket);

BEARERKIT_EXPORT(bearerkit_handle_lock_unavailable)
void bearerkit_handle_lock_unavailable(BearerkitClient* client, double now, std::uint32_t ticket);

// Input: the record as it is stored (nothing unless `outcome` is found).
BEARERKIT_EXPORT(bearerkit_handle_storage_read)
void bearerkit_handle_storage_read(BearerkitClient* client, double now, std::uint32_t purpose,
                                   std::uint32_t ticket, std::uint32_t outcome,
                                   std::uint32_t length);

BEARERKIT_EXPORT(bearerkit_handle_storage_written)
void bearerkit_handle_storage_written(BearerkitClient* client, double now, std::uint32_t ticket);

BEARERKIT_EXPORT(bearerkit_handle_storage_unavailable)
void bearerkit_handle_storage_unavailable(BearerkitClient* client, double now);

// Input: body, Retry-After, Date, in this order. override_: Override.
BEARERKIT_EXPORT(bearerkit_handle_token_response)
void bearerkit_handle_token_response(BearerkitClient* client, double now, std::uint32_t ticket,
                                     std::uint32_t status, std::uint32_t override_,
                                     std::uint32_t body_length, std::uint32_t retry_after_length,
                                     std::uint32_t date_length);

BEARERKIT_EXPORT(bearerkit_handle_refresh_error)
void bearerkit_handle_refresh_error(BearerkitClient* client, double now, std::uint32_t ticket,
                                    std::uint32_t override_);

// Input: the message.
BEARERKIT_EXPORT(bearerkit_handle_peer_message)
void bearerkit_handle_peer_message(BearerkitClient* client, double now, std::uint32_t length);

// flags: WakeFlag.
BEARERKIT_EXPORT(bearerkit_handle_wake)
void bearerkit_handle_wake(BearerkitClient* client, double now, std::uint32_t flags);

BEARERKIT_EXPORT(bearerkit_handle_timeout)
void bearerkit_handle_timeout(BearerkitClient* client, double now);

BEARERKIT_EXPORT(bearerkit_handle_close)
void bearerkit_handle_close(BearerkitClient* client, double now);

// ---- out ----

// The next effect, or nullptr when there is none. The view and its data live until the next call.
BEARERKIT_EXPORT(bearerkit_poll_effect)
const bearerkit::abi::EffectView* bearerkit_poll_effect(BearerkitClient* client);

// When to call handle_timeout (milliseconds since 1970), or Infinity.
BEARERKIT_EXPORT(bearerkit_poll_timeout)
double bearerkit_poll_timeout(const BearerkitClient* client);

// ---- to look at ----

// Bits: 1 signed in, 2 the storage has been read, 4 a refresh is under way.
BEARERKIT_EXPORT(bearerkit_state) std::uint32_t bearerkit_state(const BearerkitClient* client);

// Changes whenever the access token does.
BEARERKIT_EXPORT(bearerkit_token_version)
std::uint32_t bearerkit_token_version(const BearerkitClient* client);

// The access token: its address, and its length through bearerkit_access_token_length (0: none).
BEARERKIT_EXPORT(bearerkit_access_token)
const char* bearerkit_access_token(const BearerkitClient* client);
BEARERKIT_EXPORT(bearerkit_access_token_length)
std::uint32_t bearerkit_access_token_length(const BearerkitClient* client);

}  // extern "C"
