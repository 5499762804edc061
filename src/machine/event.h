// What the app is told of: the words of its events.
#pragma once

#include <cstdint>

namespace bearerkit {

#define BEARERKIT_ENUMERATE(name) name,

#define BEARERKIT_SIGN_IN_SOURCES(X) \
  X(here)      /* setTokens */       \
  X(elsewhere) /* another tab */     \
  X(restored)  /* from the storage, or by the quiet refresh of hybrid and cookie mode */

enum class SignInSource : std::uint32_t { BEARERKIT_SIGN_IN_SOURCES(BEARERKIT_ENUMERATE) };

// L3
// clang-format off
#define BEARERKIT_SIGN_OUT_REASONS(X) \
  X(none) /* nobody was signed in */ \
  X(signed_out) \
  X(signed_out_elsewhere) \
  X(refresh_rejected) \
  X(expired) \
  X(storage_corrupt) \
  X(storage_cleared) \
  X(replaced) /* L5 another user took its place */
// clang-format on

enum class SignOutReason : std::uint32_t { BEARERKIT_SIGN_OUT_REASONS(BEARERKIT_ENUMERATE) };

#define BEARERKIT_WARNINGS(X)                                               \
  X(none)                                                                   \
  X(storage_unavailable) /* S2: the record is kept in memory from now on */ \
  X(storage_slow)        /* R10: the storage did not answer in time */      \
  X(lock_stolen)         /* X2: the lock's holder did not answer in time */ \
  X(platform_failed)     /* R13: something threw that must not */           \
  X(origin_not_listed)   /* B10: a call went to a foreign origin */         \
  X(token_response_flaw) /* R4, L9: beside good tokens something could not be used */

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

#undef BEARERKIT_ENUMERATE

}  // namespace bearerkit
