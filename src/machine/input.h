// What the machine is told: one type with a kind. Each kind has the fields of its name, and the
// texts that its line says. bindings/ takes the numbers in as they stand.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/token_response.h"

namespace bearerkit {

// Names of what is under way. Something that comes with an old one is out of date.
using RequestId = std::uint32_t;    // one call of the app
using RunId = std::uint32_t;        // one refresh, from the wish for the lock to its end
using OperationId = std::uint32_t;  // one read or write of the storage

#define BEARERKIT_INPUTS(X)                                                                      \
  X(start)           /* reads the record (S1); in hybrid mode a quiet refresh follows (C4) */    \
  X(abort)           /* F4 the caller gave up; touches nobody else */                            \
  X(transport_error) /* F7 the network failed; the error is the caller's */                      \
  X(sign_in)         /* text: JSON of a token response; identity, kept. Answers an ErrorCode; on \
                        an error nothing has changed. A new session, even for the same user (L2) \
                      */                                                                         \
  X(sign_out)                                                                                    \
  X(sign_out_answered) /* L1, C7 what came of the effect revoke */                               \
  X(lock_granted)                                                                                \
  X(lock_unavailable) /* X4 there are no locks, or this page is refused one */                   \
  X(storage_read)     /* text: what was found */                                                 \
  X(storage_written)                                                                             \
  X(storage_removed)     /* X3 only a removal that did not take place at once: it has now */     \
  X(storage_unavailable) /* S2 the storage failed: the caller keeps the record in memory */      \
  X(token_response)      /* text: the body; identity, kept, kept_anew; Retry-After and Date */   \
  X(refresh_error)       /* no answer came: the network failed, or the app's function threw */   \
  X(effect_failed)       /* carrying out an effect threw, where nothing says more */             \
  X(token_refused) /* E6 text: an access token that was refused where the machine did not see it \
                    */                                                                           \
  X(peer_message)  /* X3 text: the message of another tab's effect broadcast */                  \
  X(wake)          /* E8, X3 the page woke up or was hidden, or the record may be new */         \
  X(timeout)       /* the time of poll_timeout has come */                                       \
  X(close)         /* R10 nothing more will be asked; the session itself is kept */

enum class InputKind : std::uint32_t {
#define BEARERKIT_ENUMERATE(name) name,
  BEARERKIT_INPUTS(BEARERKIT_ENUMERATE)
};

// Why a record is read; it comes back with the answer.
#define BEARERKIT_READ_PURPOSES(X)                                                     \
  X(start)  /* the first read */                                                       \
  X(peek)   /* outside the lock: the page woke up, or another tab changed something */ \
  X(run)    /* by a refresh, whose turn it is */                                       \
  X(lease)  /* X4 not the record but the lease `turn`, kept beside it */               \
  X(flight) /* R25 likewise the lease `flight` */                                      \
  X(marks)  /* X11 no storage but the lock manager: the marks of all tabs, blank between */

enum class ReadPurpose : std::uint32_t { BEARERKIT_READ_PURPOSES(BEARERKIT_ENUMERATE) };
inline constexpr std::size_t kReadPurposes = 6;

// What stands beside the record, each under a key of its own.
#define BEARERKIT_LEASES(X)                                             \
  X(turn)   /* X4 whose turn it is. A page that goes removes its own */ \
  X(flight) /* R25 a refresh is under way. It outlives its page */

enum class Lease : std::uint32_t { BEARERKIT_LEASES(BEARERKIT_ENUMERATE) };

#define BEARERKIT_READ_OUTCOMES(X) \
  X(found)                         \
  X(missing)                       \
  X(failed) /* the storage threw or refused */

enum class ReadOutcome : std::uint32_t { BEARERKIT_READ_OUTCOMES(BEARERKIT_ENUMERATE) };

// The app's own word on a refresh answer (R6), `none` where it says nothing.
#define BEARERKIT_OVERRIDES(X) X(none) X(transient) X(terminal)
enum class Override : std::uint32_t { BEARERKIT_OVERRIDES(BEARERKIT_ENUMERATE) };
#undef BEARERKIT_ENUMERATE

#define BEARERKIT_ENUMERATE_VALUE(name, value) name = value,

// Why a page looks again (bits).
#define BEARERKIT_WAKE_FLAGS(X)                        \
  X(page_visible, 1) /* a person can see it */         \
  X(network_back, 2) /* E8 it was offline until now */ \
  X(prerendering, 4) /* X6 nobody has come to it yet */

enum WakeFlag : std::uint32_t { BEARERKIT_WAKE_FLAGS(BEARERKIT_ENUMERATE_VALUE) };
#undef BEARERKIT_ENUMERATE_VALUE

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): the union begins with `numbers`
struct Input {
  InputKind kind = InputKind::start;

  struct OfRequest {
    RequestId request;
  };
  struct OfRun {
    RunId run;
  };
  struct OfStatus {
    std::uint32_t status;  // 0: no answer came
  };
  struct StorageRead {
    ReadPurpose purpose;
    OperationId operation;
    ReadOutcome outcome;
  };
  struct StorageWritten {
    OperationId operation;
  };
  struct TokenResponse {
    RunId run;
    std::uint32_t status;
    Override override_;
    std::uint32_t threw;  // 1: the app's function that reads answers did (R22)
  };
  struct RefreshError {
    RunId run;
    Override override_;
    RefreshCauseKind cause;
  };
  // `effect` is its EffectKind, `id` its request, run or operation.
  struct EffectFailed {
    std::uint32_t effect;
    std::uint32_t id;
  };
  struct Wake {
    std::uint32_t flags;  // WakeFlag
  };
  union {
    std::uint32_t numbers[4] = {};
    Wake start;  // X6: of its flags, prerendering
    OfRequest abort;
    OfRequest transport_error;
    OfStatus sign_out_answered;
    OfRun lock_granted;
    OfRun lock_unavailable;
    StorageRead storage_read;
    StorageWritten storage_written;
    TokenResponse token_response;
    RefreshError refresh_error;
    EffectFailed effect_failed;
    Wake wake;
  };

  std::string_view text = {};
  std::string_view identity = {};     // L5: JSON of what the app says, see identity_of_app
  std::string_view kept = {};         // L9: all that the session is to keep from now on
  std::string_view kept_anew = {};    // L9: the same, without what came in earlier
  std::string_view retry_after = {};  // field values (RFC 9110 §10.2.3 and §6.6.1)
  std::string_view date = {};
};

}  // namespace bearerkit
