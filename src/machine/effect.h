// What the machine wants done: one type with a kind. Each kind has the fields of its name, and the
// texts that its line says. It carries all that it needs: the caller looks nothing up.
#pragma once

#include <cstdint>

#include "formats/error.h"
#include "formats/text.h"
#include "formats/token_response.h"
#include "machine/event.h"
#include "machine/input.h"
#include "machine/milliseconds.h"

namespace bearerkit {

#define BEARERKIT_EFFECTS(X)                                                                     \
  X(none)         /* the queue is empty */                                                       \
  X(send)         /* access_token. Send a request that waited */                                 \
  X(retry)        /* access_token. Send it again */                                              \
  X(deliver)      /* hand the answer that was kept to the caller */                              \
  X(finish)       /* a call ends that has no answer: it resolves, or rejects with `error` */     \
  X(acquire_lock) /* → lock_granted or lock_unavailable */                                     \
  X(release_lock)                                                                                \
  X(read_storage)   /* → storage_read */                                                       \
  X(write_storage)  /* text: the record → storage_written */                                   \
  X(remove_storage) /* → storage_removed, where that was not at once */                        \
  X(write_lease)    /* X4, R25 text: what a read is to find again */                             \
  X(remove_lease)   /* text: remove it if it still is this one */                                \
  X(mark)           /* X11 text: hold this mark, in place of the last; empty: none */            \
  X(refresh) /* text: the refresh token; access_token, kept → token_response, refresh_error */ \
  X(cancel_refresh) /* its time is up (R9) */                                                    \
  X(revoke)    /* text: the refresh token; access_token, kept. Tell the server, best effort */   \
  X(broadcast) /* text: a message to the other tabs → their peer_message */                    \
  /* Tell the app: the events of docs/RULES.md, by their names. */                               \
  X(signedin)                                                                                    \
  X(signedout)                                                                                   \
  X(refreshed)                                                                                   \
  X(refreshfailed)                                                                               \
  X(warning)                                                                                     \
  X(challenge) /* B11 text: the acr_values, a line feed, and the scope */                        \
  X(timeline)  /* L4 */

enum class EffectKind : std::uint32_t {
#define BEARERKIT_ENUMERATE(name) name,
  BEARERKIT_EFFECTS(BEARERKIT_ENUMERATE)
#undef BEARERKIT_ENUMERATE
};

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): the union begins with `numbers`
struct Effect {
  EffectKind kind = EffectKind::none;

  struct Send {
    RequestId request;
    std::uint32_t flags;          // InstructionFlag (machine/instruction.h)
    std::uint32_t token_version;  // the same number: the same access token
  };
  struct OfRequest {
    RequestId request;
  };
  struct Finish {
    RequestId request;
    ErrorCode error;        // none: it ends well
    SignOutReason reason;   // with refresh_rejected and signed_out: of the last session's end
    std::uint32_t cause;    // R19 of the refresh that failed: RefreshCause::packed()
    Milliseconds retry_at;  // with refresh_failed: when the next try is allowed, or kNever
  };
  struct AcquireLock {
    RunId run;
    std::uint32_t steal;  // 1: take it from whoever has it
  };
  struct OfRun {
    RunId run;
  };
  struct ReadStorage {
    OperationId operation;
    ReadPurpose purpose;
  };
  struct WriteStorage {
    OperationId operation;
  };
  struct OfLease {
    Lease lease;
  };
  struct Refresh {
    RunId run;
    Dialect dialect;
  };
  struct Revoke {
    Dialect dialect;
  };
  struct SignedIn {
    SignInSource source;
  };
  struct SignedOut {
    SignOutReason reason;
    std::uint32_t cause;  // R19, as in Finish
  };
  struct Refreshed {
    std::uint32_t generation;
    std::uint32_t elsewhere;  // 1: by another tab
  };
  struct RefreshFailed {
    std::uint32_t cause;  // R19, as in Finish
    std::uint32_t unused[3];
    Milliseconds retry_at;  // when the next try is allowed; kNever: there is none (R18)
  };
  struct Warned {
    Warning code;
    std::uint32_t flaws;  // with token_response_flaw: TokenFlaw bits
  };
  struct Challenge {
    std::uint32_t unused[4];
    double max_age;  // in seconds, NaN when absent
  };
  struct Timeline {
    TimelineCause cause;
    RequestId request;
    std::uint32_t generation;
    std::uint32_t answer;  // the method's number (machine/instruction.h), and above its bits the
                           // status of the answer that this is about, or 0
    Milliseconds at;
  };
  union {
    std::uint32_t numbers[6] = {};
    Send send;
    Send retry;
    OfRequest deliver;
    Finish finish;
    AcquireLock acquire_lock;
    OfRun release_lock;
    ReadStorage read_storage;
    WriteStorage write_storage;
    OfLease write_lease;
    OfLease remove_lease;
    Refresh refresh;
    OfRun cancel_refresh;
    Revoke revoke;
    SignedIn signedin;
    SignedOut signedout;
    Refreshed refreshed;
    RefreshFailed refreshfailed;
    Warned warning;
    Challenge challenge;
    Timeline timeline;
  };

  Text text;
  Text access_token;
  Text kept;  // L9
};

}  // namespace bearerkit
