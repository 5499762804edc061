// One refresh, from the wish for a turn to its end: what follows on what. A table: the first row
// that matches applies. A pair that is not listed cannot happen, or changes nothing.
//
// Before the table: a sign-out or a sign-in ends a refresh in any phase. What is still under way
// for it comes with the number of an old run, and is let go (L1, L2).
#pragma once

#include "machine/event.h"
#include "machine/input.h"
#include "machine/table.h"

namespace bearerkit {

#define BEARERKIT_PHASES(X)                                                               \
  X(idle)                                                                                 \
  X(locking)    /* waits for the lock (X1) */                                             \
  X(stealing)   /* has waited too long: takes it from whoever holds it (X2) */            \
  X(asking)     /* there are no Web Locks (X4): reads who has the lease in the storage */ \
  X(queueing)   /* another tab has it: looks again in a moment */                         \
  X(claiming)   /* has written its own: waits for a claim of the same moment to show */   \
  X(confirming) /* reads it back: the last claim counts */                                \
  X(reading)    /* has its turn: has another tab refreshed already? */                    \
  X(checking)   /* has another tab newer tokens, which are on their way? (X11) */         \
  X(noticing)   /* has a page that is gone sent a refresh? (R25) */                       \
  X(pausing)    /* waits for what is on its way to arrive (X1, X9, R25) */                \
  X(redeeming)  /* the refresh request is under way */                                    \
  X(committing) /* has everything stayed as it was? (X2, L1, L2) */                       \
  X(storing)    /* the new record is being written (R5) */                                \
  X(verifying)  /* the server refused: has another tab won? (R7) */                       \
  X(doubting)   /* the same, but who won may be no tab, or may not have said so yet (R24) */

#define BEARERKIT_REFRESH_EVENTS(X)                                                                \
  X(demand)                                                                                        \
  X(lock_granted)                                                                                  \
  X(lock_granted_late) /* X2 its time was over: this tab was frozen, and may have lost it again */ \
  X(lock_unavailable)  /* X4 the platform has no locks, or refuses this page one */                \
  X(lease_free)        /* nobody has it */                                                         \
  X(lease_ours)                                                                                    \
  X(lease_taken)      /* another tab has it */                                                     \
  X(lease_overdue)    /* X2 another tab has it for longer than a refresh can take */               \
  X(lease_lost)       /* the own claim is gone, or another one came after it */                    \
  X(lease_failed)     /* the storage threw, or does not keep the claim */                          \
  X(record_same)      /* as this tab knows it; or it cannot be read (R10) */                       \
  X(record_unsettled) /* the same, but another tab may just have written (X1) */                   \
  X(record_unnoticed) /* R25 the same, but a page that is gone may have sent a refresh */          \
  X(record_doubtful)  /* R24 the same, and the refusal may not be the last word */                 \
  X(record_refused)   /* R24 the same, and it was */                                               \
  X(marks_settled)    /* X11 no tab has newer tokens */                                            \
  X(marks_withheld)   /* X9 the same, and that tab does not answer: the own token is spent */      \
  X(marks_newer)      /* X11 a tab has newer tokens */                                             \
  X(marks_unknown)    /* X11 a tab had its turn just now, and is gone; or there are no marks */    \
  X(record_newer)     /* of this session, with newer tokens */                                     \
  X(record_stale)     /* the same, but its token has expired as well */                            \
  X(record_turn)      /* C4 hybrid: another tab had its turn; the record has no tokens */          \
  X(record_names_it)  /* C4 hybrid: says which session the presumed one is */                      \
  X(record_other)     /* of another session */                                                     \
  X(record_missing)   /* S4 removed by someone else */                                             \
  X(record_corrupt)   /* S3 */                                                                     \
  X(answer_tokens)                                                                                 \
  X(answer_terminal)                                                                               \
  X(answer_transient)                                                                              \
  X(stored)                                                                                        \
  X(time_up) /* what the phase waits for did not come in time */                                   \
  X(frozen)  /* the same, or it came, but long after: this tab was frozen (X2). Once in a run */

#define BEARERKIT_REFRESH_ACTIONS(X)                                                           \
  X(acquire_lock)                                                                              \
  X(steal_lock) /* its holder is dead or frozen: what it stores will fail the check (X2) */    \
  X(read_lease)                                                                                \
  X(claim_lease)                                                                               \
  X(await_lease)                                                                               \
  X(take_lease_turn) /* X4 read the record: the last holder wrote before its lease ended */    \
  X(read_record)                                                                               \
  X(read_settled) /* the same; nothing is on its way any more */                               \
  X(read_marks)                                                                                \
  X(pause)       /* once */                                                                    \
  X(await_newer) /* and look again */                                                          \
  X(read_flight) /* R25 */                                                                     \
  X(await_flight)                                                                              \
  X(doubt)                                                                                     \
  X(redeem)                                                                                    \
  X(redeem_found) /* with the tokens that were found */                                        \
  X(redeem_named) /* for the session that the record names */                                  \
  X(store)                                                                                     \
  X(finish)               /* waiters go on with the new token */                               \
  X(adopt)                /* waiters go on with the tokens that another tab stored (R7, X1) */ \
  X(drop_and_adopt)       /* the same, and what came from the server is let go */              \
  X(back_off)             /* waiters get what there is; the session stays (R8) */              \
  X(cancel_and_back_off)  /* the same, and the request is cancelled (R9) */                    \
  X(end_rejected)         /* R6 */                                                             \
  X(end_cleared)          /* S4 */                                                             \
  X(end_corrupt)          /* S3 */                                                             \
  X(drop_and_end_cleared) /* what came from the server is revoked, not stored (L1) */          \
  X(drop_and_end_corrupt)

#define BEARERKIT_ENUMERATE(name) name,
enum class Phase : std::uint8_t { BEARERKIT_PHASES(BEARERKIT_ENUMERATE) };
enum class RefreshEvent : std::uint8_t { BEARERKIT_REFRESH_EVENTS(BEARERKIT_ENUMERATE) };
enum class RefreshAction : std::uint8_t { BEARERKIT_REFRESH_ACTIONS(BEARERKIT_ENUMERATE) };
#undef BEARERKIT_ENUMERATE

// Another tab may have its turn, and may do what this one waits to do.
inline constexpr Cell<Phase> waits_for_lock{Phase::locking, Phase::stealing};
inline constexpr Cell<Phase> reads_lease{Phase::asking, Phase::confirming};
inline constexpr Cell<Phase> waits_for_lease{Phase::asking, Phase::queueing, Phase::claiming,
                                             Phase::confirming};
inline constexpr Cell<Phase> waits_for_turn = waits_for_lock | waits_for_lease;
inline constexpr Cell<Phase> waits_for_others =
    waits_for_turn | Cell<Phase>{Phase::checking, Phase::noticing, Phase::pausing, Phase::doubting};
inline constexpr Cell<Phase> awaits_record{Phase::reading, Phase::committing, Phase::verifying};
// X1, X11: what would redeem the token, or the cookie.
inline constexpr Cell<RefreshEvent> would_redeem{
    RefreshEvent::record_same, RefreshEvent::record_stale, RefreshEvent::record_turn,
    RefreshEvent::record_names_it};
// The refresh token, or the cookie, is with the server: it may have been rotated.
inline constexpr Cell<Phase> token_was_sent{Phase::redeeming, Phase::committing, Phase::storing,
                                            Phase::verifying};

struct RefreshRow {
  Cell<Phase> phase;
  Cell<RefreshEvent> event;
  Phase next{};
  RefreshAction action{};
  Warning warning = Warning::none;
};

namespace refresh_table {

using P = Phase;
using enum RefreshEvent;
using A = RefreshAction;
using W = Warning;
inline constexpr Cell<RefreshEvent> unchanged{record_same, record_turn};
inline constexpr Cell<RefreshEvent> elsewhere{record_newer, record_stale, record_names_it,
                                              record_other};

// clang-format off
inline constexpr RefreshRow kRows[] = {
    // phase           event                      next           action                    warning
    {P::idle,          demand,                    P::locking,    A::acquire_lock},

    // X1, X2: its turn, by Web Locks. R10: if no lock is to be had, the check before the commit
    // stands alone, which is enough in one tab.
    {waits_for_lock,   lock_granted,              P::reading,    A::read_record},
    {waits_for_lock,   lock_granted_late,         P::locking,    A::acquire_lock},
    {P::locking,       time_up,                   P::stealing,   A::steal_lock,            W::lock_stolen},
    {P::stealing,      time_up,                   P::reading,    A::read_record},
    {P::locking,       lock_unavailable,          P::asking,     A::read_lease},
    {P::stealing,      lock_unavailable,          P::reading,    A::read_record},

    // X4: its turn, by a lease in the storage. Two tabs may write theirs one after the other: the
    // one that reads its own back, when both can be seen, has it.
    {P::asking,        lease_free,                P::claiming,   A::claim_lease},
    {P::asking,        lease_overdue,             P::claiming,   A::claim_lease,           W::lock_stolen},
    {P::confirming,    lease_ours,                P::reading,    A::take_lease_turn},
    {P::confirming,    lease_lost,                P::locking,    A::acquire_lock},
    {reads_lease,      lease_taken,               P::queueing,   A::await_lease},
    {reads_lease,      lease_failed,              P::reading,    A::read_record},
    {reads_lease,      time_up,                   P::reading,    A::read_record,           W::storage_slow},
    {P::queueing,      time_up,                   P::asking,     A::read_lease},
    {P::claiming,      time_up,                   P::confirming, A::read_lease},

    // X1: another tab has done it meanwhile. X2: a tab that was frozen begins anew, for others may
    // have had their turn.
    {waits_for_others, record_newer,              P::idle,       A::adopt},
    {{P::locking, P::stealing, P::queueing, P::claiming, P::reading, P::checking, P::noticing,
      P::pausing, P::doubting},
                       frozen,                    P::locking,    A::acquire_lock},

    // X1: under the lock, before the token is sent.
    {P::reading,       unchanged,                 P::redeeming,  A::redeem},
    {P::reading,       time_up,                   P::redeeming,  A::redeem,                W::storage_slow},
    {P::reading,       record_stale,              P::redeeming,  A::redeem_found},
    {P::reading,       record_names_it,           P::redeeming,  A::redeem_named},
    {P::reading,       {record_newer, record_other}, P::idle,    A::adopt},
    {P::reading,       record_missing,            P::idle,       A::end_cleared},
    {P::reading,       record_corrupt,            P::idle,       A::end_corrupt},
    {P::reading,       record_unsettled,          P::checking,   A::read_marks},
    {P::checking,      {marks_settled, time_up},  P::reading,    A::read_settled},
    {P::checking,      marks_newer,               P::pausing,    A::await_newer},
    {P::checking,      marks_withheld,            P::idle,       A::back_off},
    {P::checking,      marks_unknown,             P::pausing,    A::pause},
    {P::reading,       record_unnoticed,          P::noticing,   A::read_flight},
    {P::noticing,      lease_taken,               P::pausing,    A::await_flight},
    {P::noticing,      {lease_free, time_up},     P::reading,    A::read_record},
    {P::pausing,       time_up,                   P::reading,    A::read_record},

    // R4, R6, R8: the server's answer.
    {P::redeeming,     answer_tokens,             P::committing, A::read_record},
    {P::redeeming,     answer_terminal,           P::verifying,  A::read_record},
    {P::redeeming,     answer_transient,          P::idle,       A::back_off},
    {P::redeeming,     time_up,                   P::idle,       A::cancel_and_back_off},

    // X2, L1, L2: before the new tokens are stored. What is let go is not revoked where it may be
    // of the family that is adopted.
    {P::committing,    unchanged,                 P::storing,    A::store},
    {P::committing,    time_up,                   P::storing,    A::store,                 W::storage_slow},
    {P::committing,    elsewhere,                 P::idle,       A::drop_and_adopt},
    {P::committing,    record_missing,            P::idle,       A::drop_and_end_cleared},
    {P::committing,    record_corrupt,            P::idle,       A::drop_and_end_corrupt},
    {P::committing,    frozen,                    P::committing, A::read_record},
    {P::storing,       stored,                    P::idle,       A::finish},
    {P::storing,       time_up,                   P::idle,       A::finish,                W::storage_slow},

    // R7: before a refusal ends the session.
    {P::verifying,     record_same,               P::idle,       A::end_rejected},
    {P::verifying,     time_up,                   P::idle,       A::end_rejected,          W::storage_slow},
    {P::verifying,     elsewhere,                 P::idle,       A::adopt},
    {P::verifying,     record_turn,               P::idle,       A::adopt},
    {P::verifying,     record_missing,            P::idle,       A::end_cleared},
    {P::verifying,     record_corrupt,            P::idle,       A::end_corrupt},
    {P::verifying,     frozen,                    P::verifying,  A::read_record},

    // R24: the cookie may be newer by now, or another tab's tokens may come.
    {P::verifying,     record_doubtful,           P::doubting,   A::doubt},
    {P::doubting,      time_up,                   P::reading,    A::read_record},
    {P::reading,       record_refused,            P::idle,       A::end_rejected},
};
// clang-format on

}  // namespace refresh_table

// nullptr when nothing is to be done.
constexpr const RefreshRow* find_refresh_row(Phase phase, RefreshEvent event) {
  for (const RefreshRow& row : refresh_table::kRows) {
    if (row.phase.has(phase) && row.event.has(event)) return &row;
  }
  return nullptr;
}

}  // namespace bearerkit
