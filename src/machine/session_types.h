// The words that the session machine and its surroundings share: settings, inputs' flags, effects,
// events. bindings/print_abi.cpp publishes the numbers to TypeScript, so there is one list only.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "formats/error.h"
#include "formats/token_response.h"

namespace bearerkit {

// All times of the machine are milliseconds since 1970 UTC by the caller's clock, as Date.now()
// gives them; all lengths of time are milliseconds.
using Milliseconds = double;
inline constexpr Milliseconds kNever = std::numeric_limits<double>::infinity();

#define BEARERKIT_MODES(X)                                                       \
  X(bearer) /* both tokens in the page */                                        \
  X(hybrid) /* C4 access token in memory, refresh token in an HttpOnly cookie */ \
  X(cookie) /* C1 the page never sees a token */

enum class Mode : std::uint32_t {
#define BEARERKIT_ENUMERATE(name) name,
  BEARERKIT_MODES(BEARERKIT_ENUMERATE)
};

// Settings of a machine. Of a fixed layout, with numbers for truth values: bindings/ takes it in as
// it stands.
struct SessionConfig {
  Milliseconds leeway = 0;                // E1: treated as unexpired for so much longer
  Milliseconds refresh_margin = 30'000;   // R11, capped by a fraction of the token's life (E7)
  Milliseconds refresh_timeout = 10'000;  // R9
  Milliseconds lock_timeout = 15'000;     // X2: longer than a refresh can take
  Milliseconds storage_timeout = 5'000;   // R10: a storage that never answers holds nobody up
  Milliseconds settle_time = 0;           // X1: another process's write may take so long to be seen
  Mode mode = Mode::bearer;
  Dialect dialect = Dialect::unknown;     // unknown: that of the tokens handed in (R3)
  std::uint32_t can_refresh = 1;          // a refresh endpoint or function is configured
  std::uint32_t refresh_needs_token = 1;  // 0: the app's own function works without one
  std::uint32_t shared_storage = 0;       // other tabs read and write the same record
  std::uint32_t keep_alive = 0;           // R11: refresh ahead of expiry while the page is visible
  std::uint32_t seed_low = 0;             // random: session ids and the jitter come from it
  std::uint32_t seed_high = 0;
};

#define BEARERKIT_REQUEST_KINDS(X)                        \
  X(fetch)   /* settled by send, then deliver or retry */ \
  X(token)   /* getAccessToken: settled by settle */      \
  X(refresh) /* refresh(): settled by settle; starts one even when all is fresh */

enum class RequestKind : std::uint32_t { BEARERKIT_REQUEST_KINDS(BEARERKIT_ENUMERATE) };

// What the caller knows of a request (bits).
#define BEARERKIT_REQUEST_FLAGS(X)                                                      \
  X(foreign_origin, 1)       /* B2 not an allowed origin, or one that cannot be told */ \
  X(caller_authorization, 2) /* B4 has an Authorization header already */               \
  X(no_cors, 4)              /* F5 mode no-cors: headers cannot be set */               \
  X(one_shot_body, 8)        /* F3 a stream */                                          \
  X(unsafe_method, 16)       /* C2 not GET, HEAD, OPTIONS or TRACE */

#define BEARERKIT_ENUMERATE_VALUE(name, value) name = value,
enum RequestFlag : std::uint32_t { BEARERKIT_REQUEST_FLAGS(BEARERKIT_ENUMERATE_VALUE) };

// Why a page looks again (bits).
#define BEARERKIT_WAKE_FLAGS(X)                \
  X(page_visible, 1) /* a person can see it */ \
  X(network_back, 2) /* E8 it was offline until now */

enum WakeFlag : std::uint32_t { BEARERKIT_WAKE_FLAGS(BEARERKIT_ENUMERATE_VALUE) };

// How a request goes on (bits): the answer to handle_request and handle_response, and the flags of
// the effects send and retry. The id of the request is in the upper 24 bits.
#define BEARERKIT_VERDICT_FLAGS(X)                                                                 \
  X(go, 1)                    /* send it now, or deliver the answer now */                         \
  X(with_token, 2)            /* B1 with `Authorization: Bearer` and the current token */          \
  X(credentials, 4)           /* C1 with credentials: 'include' */                                 \
  X(csrf, 8)                  /* C2 with the CSRF header */                                        \
  X(tracked, 16)              /* its answer goes to handle_response (or handle_transport_error) */ \
  X(effects, 32)              /* effects are queued: poll_effect */                                \
  X(refused, 64)              /* not sent: too_many_requests, or closed */                         \
  X(without_credentials, 128) /* L2 with credentials: 'omit': not the new user's cookie */

enum VerdictFlag : std::uint32_t { BEARERKIT_VERDICT_FLAGS(BEARERKIT_ENUMERATE_VALUE) };
inline constexpr std::uint32_t kVerdictIdShift = 8;

// Why a record is read; it goes back with the answer.
#define BEARERKIT_READ_PURPOSES(X)                                                    \
  X(start) /* the first read */                                                       \
  X(peek)  /* outside the lock: the page woke up, or another tab changed something */ \
  X(flow)  /* under the lock */                                                       \
  X(lease) /* X4 not the record but the lease, kept beside it */

enum class ReadPurpose : std::uint32_t { BEARERKIT_READ_PURPOSES(BEARERKIT_ENUMERATE) };

#define BEARERKIT_READ_OUTCOMES(X) \
  X(found)                         \
  X(missing)                       \
  X(failed) /* the storage threw or refused */

enum class ReadOutcome : std::uint32_t { BEARERKIT_READ_OUTCOMES(BEARERKIT_ENUMERATE) };

// The app's own word on a refresh answer (R6), `none` where it has no say.
#define BEARERKIT_OVERRIDES(X) X(none) X(transient) X(terminal)
enum class Override : std::uint32_t { BEARERKIT_OVERRIDES(BEARERKIT_ENUMERATE) };

// What to do. Fields that are not named are unset.
#define BEARERKIT_EFFECTS(X)                                                                 \
  X(none)          /* the queue is empty */                                                  \
  X(send)          /* request, flags: send a request that waited */                          \
  X(retry)         /* request, flags: send it again with the current token */                \
  X(deliver)       /* request: hand the answer that was kept to the caller */                \
  X(settle)        /* request, code (ErrorCode): end a token or refresh call */              \
  X(acquire_lock)  /* ticket, flags (1: steal it) → handle_lock_granted or _unavailable */ \
  X(release_lock)  /* ticket */                                                              \
  X(read_storage)  /* ticket, code (ReadPurpose) → handle_storage_read */                  \
  X(write_storage) /* ticket, data: the record → handle_storage_written */                 \
  X(remove_storage)                                                                          \
  X(write_lease)    /* X4 data: what handle_storage_read is to find again */                 \
  X(remove_lease)   /* data: remove it if it is this one still */                            \
  X(refresh)        /* ticket, code (Dialect), data: refresh token → handle_token_response \
                       or handle_refresh_error */                                            \
  X(cancel_refresh) /* ticket: its time is up (R9) */                                        \
  X(revoke)         /* code (Dialect), data: refresh token; tell the server, best effort */  \
  X(broadcast)      /* data: a message to the other tabs → their handle_peer_message */    \
  X(emit)           /* code (Event), flags, generation, at: tell the app */

enum class EffectKind : std::uint32_t { BEARERKIT_EFFECTS(BEARERKIT_ENUMERATE) };

#define BEARERKIT_EVENTS(X)                                       \
  X(signedin)      /* flags: SignInSource */                      \
  X(signedout)     /* flags: SignOutReason */                     \
  X(refreshed)     /* generation, flags: 1 when by another tab */ \
  X(refreshfailed) /* at: when the next attempt is allowed */     \
  X(warning)       /* flags: Warning */                           \
  X(timeline)      /* flags: TimelineCause, request, generation, at: now (L4) */

enum class Event : std::uint32_t { BEARERKIT_EVENTS(BEARERKIT_ENUMERATE) };

#define BEARERKIT_SIGN_IN_SOURCES(X) \
  X(here)      /* setTokens */       \
  X(elsewhere) /* another tab */     \
  X(restored)  /* from the storage, or by the quiet refresh of hybrid and cookie mode */

enum class SignInSource : std::uint32_t { BEARERKIT_SIGN_IN_SOURCES(BEARERKIT_ENUMERATE) };

// L3
#define BEARERKIT_SIGN_OUT_REASONS(X) \
  X(signed_out)                       \
  X(signed_out_elsewhere) X(refresh_rejected) X(expired) X(storage_corrupt) X(storage_cleared)

enum class SignOutReason : std::uint32_t { BEARERKIT_SIGN_OUT_REASONS(BEARERKIT_ENUMERATE) };

#define BEARERKIT_WARNINGS(X)                                               \
  X(storage_unavailable) /* S2: the record is kept in memory from now on */ \
  X(storage_slow)        /* R10: the storage did not answer in time */      \
  X(lock_stolen)         /* X2: the lock's holder did not answer in time */

enum class Warning : std::uint32_t { BEARERKIT_WARNINGS(BEARERKIT_ENUMERATE) };

// L4
// clang-format off
#define BEARERKIT_TIMELINE_CAUSES(X) \
  X(request_sent) \
  X(request_plain) \
  X(request_waits) \
  X(request_retried) \
  X(request_delivered) \
  X(request_aborted) \
  X(request_failed) \
  X(request_settled) \
  X(unauthorized) \
  X(lock_wanted) \
  X(lock_held) \
  X(refresh_sent) \
  X(refresh_succeeded) \
  X(refresh_terminal) \
  X(refresh_transient) \
  X(record_adopted) \
  X(result_dropped) \
  X(session_started) \
  X(session_ended)
// clang-format on

enum class TimelineCause : std::uint32_t { BEARERKIT_TIMELINE_CAUSES(BEARERKIT_ENUMERATE) };

struct Effect {
  EffectKind kind = EffectKind::none;
  std::uint32_t request = 0;
  std::uint32_t flags = 0;
  std::uint32_t code = 0;
  std::uint32_t ticket = 0;
  std::uint32_t generation = 0;
  Milliseconds at = 0;
  std::string data;
};

#undef BEARERKIT_ENUMERATE
#undef BEARERKIT_ENUMERATE_VALUE

}  // namespace bearerkit
