// The specification of the session machine: three tables, nothing else.
//
// Read a table from the top; the first row whose columns all match applies (`any` matches all).
// session.cpp works out the columns and carries out the action; it takes no other decision about
// who refreshes, who waits and what is sent again. The rules (R1, F6, …) stand in docs/RULES.md.
//
//   kRequestTable   a request comes in                         → send it, wait, start a refresh
//   kAnswerTable    its answer comes in                        → deliver, retry, wait, refresh
//   kFlowTable      one refresh, from the lock to the commit   → next phase and what to do
//
// Two numbers carry the rest: the *session id* (changes at every sign-in) and the *generation*
// (counts the token sets of one session). A late 401, a lost lock, a sign-out or a sign-in in the
// middle of a refresh all show as "not the numbers that I started with".
#pragma once

#include <cstdint>

namespace bearerkit {

// ---- the columns ----------------------------------------------------------------------------

enum class Standing : std::uint8_t { any, starting, signed_in, signed_out };
// By the clock, unless a 401 has said otherwise (E6).
enum class Freshness : std::uint8_t { any, fresh, margin, expired };
// The refresh: none is possible, none runs, one runs, the last one failed for the moment (R8).
enum class Refresh : std::uint8_t { any, impossible, idle, running, backoff };
enum class Body : std::uint8_t { any, replayable, one_shot };
// An answer that calls for a refresh (B6), or any other.
enum class Answer : std::uint8_t { any, unauthorized, other };
// The token that the request was sent with, seen from now.
enum class SentWith : std::uint8_t { any, current, older_generation, other_session };
enum class Attempt : std::uint8_t { any, first, second };

// ---- what to do -----------------------------------------------------------------------------

enum class RequestAction : std::uint8_t {
  send,              // now, with the token (or cookie) that there is
  send_plain,        // now, as fetch would
  send_and_refresh,  // now, and start a refresh beside it
  wait,              // for the storage or the refresh that is under way
  refresh_and_wait,  // start a refresh, wait for it
  expire_session,    // the session is over (R12); send plain
};

enum class AnswerAction : std::uint8_t {
  deliver,             // hand the answer to the caller
  deliver_and_reject,  // the same, and remember that the token was refused (E6)
  retry,               // send again with the current token
  wait,                // keep the answer until the running refresh ends
  refresh_and_wait,    // start a refresh, keep the answer until it ends
  expire_session,      // the session is over (R12); deliver
};

// One refresh: under the lock, so that tabs take turns (X1). In the order in which it goes: what
// comes before reading waits for its turn, what comes from redeeming on has had the token sent.
enum class Phase : std::uint8_t {
  idle,
  locking,     // waits for the lock
  stealing,    // waited too long: takes it from whoever holds it (X2)
  asking,      // no Web Locks (X4): reads who has the lease in the storage
  queueing,    // another tab has it: looks again in a moment
  claiming,    // has written its own: waits for a claim made in the same moment to show
  confirming,  // reads it back: the last claim counts
  reading,     // under the lock: has another tab refreshed already?
  settling,    // what it read may be old: waits for the last holder's write to get here (X1)
  redeeming,   // the refresh request is under way
  committing,  // has it all stayed as it was? (X2, L1, L2)
  storing,     // the new record is being written (R5)
  verifying,   // a terminal answer came: has another tab won? (R7)
};

enum class FlowEvent : std::uint8_t {
  demand,
  lock_granted,
  lock_late,  // granted when the wait was over: this tab was frozen, and may have lost it again
  lock_timeout,
  lock_unavailable,  // the platform has no locks, or refuses this page one (X4)
  lease_free,        // nobody's, run out, or waited for long enough
  lease_taken,
  lease_ours,
  lease_failed,      // the storage threw, did not answer in time, or did not keep the claim
  record_unchanged,  // storage holds what this client holds, or cannot be read in time
  record_newer,      // the same session in a newer generation, or another session
  record_missing,    // removed by someone else (S4), or broken (S3)
  record_late,       // read, but long after it was asked for: this tab was frozen (X2)
  record_unsettled,  // unchanged, but another tab may just have written (X1)
  pause_over,
  answer_tokens,
  answer_terminal,
  answer_transient,
  redeem_timeout,
  stored,
};

enum class FlowAction : std::uint8_t {
  acquire_lock,
  steal_lock,  // the holder is dead or frozen: its commit will fail the check (X2)
  read_lease,
  claim_lease,
  await_lease,
  read_record,
  settle,
  redeem,
  store,
  finish_refreshed,  // waiters go on with the new token
  adopt,             // waiters go on with the tokens that another tab stored (R7, X1)
  drop_and_adopt,    // the same, and what came from the server is let go
  back_off,          // waiters get what there is; the session stays (R8)
  end_rejected,      // reason refresh_rejected (R6)
  end_cleared,       // reason storage_cleared or storage_corrupt (S4, S3)
  drop_and_end,      // the same; what came from the server is revoked, not stored (L1)
};

// ---- the tables -----------------------------------------------------------------------------

struct RequestRow {
  Standing standing;
  Freshness freshness;
  Refresh refresh;
  Body body;
  RequestAction action;
};

inline constexpr RequestRow kRequestTable[] = {
    // F8: calls made before the storage was read wait for it.
    {Standing::starting, Freshness::any, Refresh::any, Body::any, RequestAction::wait},
    // F1: with no session it behaves as fetch does.
    {Standing::signed_out, Freshness::any, Refresh::any, Body::any, RequestAction::send_plain},
    {Standing::signed_in, Freshness::fresh, Refresh::any, Body::any, RequestAction::send},
    // R11: inside the margin a request goes at once; F3: unless it can be sent only once.
    {Standing::signed_in, Freshness::margin, Refresh::idle, Body::replayable,
     RequestAction::send_and_refresh},
    {Standing::signed_in, Freshness::margin, Refresh::idle, Body::one_shot,
     RequestAction::refresh_and_wait},
    {Standing::signed_in, Freshness::margin, Refresh::running, Body::one_shot, RequestAction::wait},
    {Standing::signed_in, Freshness::margin, Refresh::any, Body::any, RequestAction::send},
    // R11: expired, it waits for the refresh; R1: for one that runs already, if any.
    {Standing::signed_in, Freshness::expired, Refresh::idle, Body::any,
     RequestAction::refresh_and_wait},
    {Standing::signed_in, Freshness::expired, Refresh::running, Body::any, RequestAction::wait},
    // R8: no refresh before its time; the answer is the server's own.
    {Standing::signed_in, Freshness::expired, Refresh::backoff, Body::any, RequestAction::send},
    {Standing::signed_in, Freshness::expired, Refresh::impossible, Body::any,
     RequestAction::expire_session},
};

struct AnswerRow {
  Answer answer;
  Standing standing;
  Attempt attempt;
  SentWith sent_with;
  Body body;
  Freshness freshness;  // of the current token
  Refresh refresh;
  AnswerAction action;
};

inline constexpr AnswerRow kAnswerTable[] = {
    {Answer::other, Standing::any, Attempt::any, SentWith::any, Body::any, Freshness::any,
     Refresh::any, AnswerAction::deliver},
    // F6: one retry, ever.
    {Answer::unauthorized, Standing::any, Attempt::second, SentWith::any, Body::any, Freshness::any,
     Refresh::any, AnswerAction::deliver},
    // L1, L2: never send an old session's request with a new user's token, or after sign-out.
    {Answer::unauthorized, Standing::starting, Attempt::any, SentWith::any, Body::any,
     Freshness::any, Refresh::any, AnswerAction::deliver},
    {Answer::unauthorized, Standing::signed_out, Attempt::any, SentWith::any, Body::any,
     Freshness::any, Refresh::any, AnswerAction::deliver},
    {Answer::unauthorized, Standing::any, Attempt::any, SentWith::other_session, Body::any,
     Freshness::any, Refresh::any, AnswerAction::deliver},
    // R12: before F3, for a session that cannot refresh ends by any 401.
    {Answer::unauthorized, Standing::signed_in, Attempt::first, SentWith::current, Body::any,
     Freshness::any, Refresh::impossible, AnswerAction::expire_session},
    // F3: a body that is used up cannot be sent again.
    {Answer::unauthorized, Standing::signed_in, Attempt::first, SentWith::current, Body::one_shot,
     Freshness::any, Refresh::any, AnswerAction::deliver_and_reject},
    {Answer::unauthorized, Standing::signed_in, Attempt::first, SentWith::any, Body::one_shot,
     Freshness::any, Refresh::any, AnswerAction::deliver},
    // R1: one refresh, all wait for it.
    {Answer::unauthorized, Standing::signed_in, Attempt::first, SentWith::any, Body::replayable,
     Freshness::expired, Refresh::running, AnswerAction::wait},
    {Answer::unauthorized, Standing::signed_in, Attempt::first, SentWith::current, Body::replayable,
     Freshness::any, Refresh::running, AnswerAction::wait},
    {Answer::unauthorized, Standing::signed_in, Attempt::first, SentWith::current, Body::replayable,
     Freshness::any, Refresh::idle, AnswerAction::refresh_and_wait},
    {Answer::unauthorized, Standing::signed_in, Attempt::first, SentWith::older_generation,
     Body::replayable, Freshness::expired, Refresh::idle, AnswerAction::refresh_and_wait},
    // R2: a late 401 is about a token that has been replaced since.
    {Answer::unauthorized, Standing::signed_in, Attempt::first, SentWith::older_generation,
     Body::replayable, Freshness::any, Refresh::any, AnswerAction::retry},
    // R8, F7: nothing can be done for the moment; the caller gets the server's own 401.
    {Answer::unauthorized, Standing::signed_in, Attempt::first, SentWith::current, Body::replayable,
     Freshness::any, Refresh::backoff, AnswerAction::deliver},
};

struct FlowRow {
  Phase phase;
  FlowEvent event;
  Phase next;
  FlowAction action;
};

// A sign-out or sign-in at any phase goes back to idle; answers of the flow it ended come with an
// old ticket and are let go (L1, L2). Pairs that are not listed cannot happen or change nothing.
inline constexpr FlowRow kFlowTable[] = {
    {Phase::idle, FlowEvent::demand, Phase::locking, FlowAction::acquire_lock},

    {Phase::locking, FlowEvent::lock_granted, Phase::reading, FlowAction::read_record},
    {Phase::locking, FlowEvent::lock_timeout, Phase::stealing, FlowAction::steal_lock},
    {Phase::stealing, FlowEvent::lock_granted, Phase::reading, FlowAction::read_record},
    // X2: a tab that was frozen does not trust a lock that others have waited for meanwhile.
    {Phase::locking, FlowEvent::lock_late, Phase::locking, FlowAction::acquire_lock},
    {Phase::stealing, FlowEvent::lock_late, Phase::locking, FlowAction::acquire_lock},
    // R10: no lock is to be had. The commit check stands alone, and it is enough in one tab.
    {Phase::stealing, FlowEvent::lock_timeout, Phase::reading, FlowAction::read_record},
    {Phase::stealing, FlowEvent::lock_unavailable, Phase::reading, FlowAction::read_record},

    // X4: a lease in the storage. It is written without a look in between, so two tabs may write
    // one after the other: who reads the own one back, when both can be seen, has it.
    {Phase::locking, FlowEvent::lock_unavailable, Phase::asking, FlowAction::read_lease},
    {Phase::asking, FlowEvent::lease_free, Phase::claiming, FlowAction::claim_lease},
    {Phase::asking, FlowEvent::lease_taken, Phase::queueing, FlowAction::await_lease},
    {Phase::asking, FlowEvent::lease_failed, Phase::reading, FlowAction::read_record},
    {Phase::queueing, FlowEvent::pause_over, Phase::asking, FlowAction::read_lease},
    {Phase::claiming, FlowEvent::pause_over, Phase::confirming, FlowAction::read_lease},
    {Phase::confirming, FlowEvent::lease_ours, Phase::reading, FlowAction::read_record},
    {Phase::confirming, FlowEvent::lease_taken, Phase::queueing, FlowAction::await_lease},
    {Phase::confirming, FlowEvent::lease_failed, Phase::reading, FlowAction::read_record},
    {Phase::queueing, FlowEvent::lock_late, Phase::locking, FlowAction::acquire_lock},
    {Phase::claiming, FlowEvent::lock_late, Phase::locking, FlowAction::acquire_lock},
    {Phase::confirming, FlowEvent::lock_late, Phase::locking, FlowAction::acquire_lock},

    // X1: what it waits for has been done: it was told of the write, and need not have its turn.
    {Phase::locking, FlowEvent::record_newer, Phase::idle, FlowAction::adopt},
    {Phase::stealing, FlowEvent::record_newer, Phase::idle, FlowAction::adopt},
    {Phase::asking, FlowEvent::record_newer, Phase::idle, FlowAction::adopt},
    {Phase::queueing, FlowEvent::record_newer, Phase::idle, FlowAction::adopt},
    {Phase::claiming, FlowEvent::record_newer, Phase::idle, FlowAction::adopt},
    {Phase::confirming, FlowEvent::record_newer, Phase::idle, FlowAction::adopt},
    {Phase::settling, FlowEvent::record_newer, Phase::idle, FlowAction::adopt},

    {Phase::reading, FlowEvent::record_unchanged, Phase::redeeming, FlowAction::redeem},
    {Phase::reading, FlowEvent::record_newer, Phase::idle, FlowAction::adopt},
    {Phase::reading, FlowEvent::record_missing, Phase::idle, FlowAction::end_cleared},
    {Phase::reading, FlowEvent::record_late, Phase::locking, FlowAction::acquire_lock},
    // X1: a lock travels faster between processes than what was written under it.
    {Phase::reading, FlowEvent::record_unsettled, Phase::settling, FlowAction::settle},
    {Phase::settling, FlowEvent::pause_over, Phase::reading, FlowAction::read_record},
    {Phase::settling, FlowEvent::record_late, Phase::locking, FlowAction::acquire_lock},

    {Phase::redeeming, FlowEvent::answer_tokens, Phase::committing, FlowAction::read_record},
    {Phase::redeeming, FlowEvent::answer_terminal, Phase::verifying, FlowAction::read_record},
    {Phase::redeeming, FlowEvent::answer_transient, Phase::idle, FlowAction::back_off},
    {Phase::redeeming, FlowEvent::redeem_timeout, Phase::idle, FlowAction::back_off},

    {Phase::committing, FlowEvent::record_unchanged, Phase::storing, FlowAction::store},
    {Phase::committing, FlowEvent::record_newer, Phase::idle, FlowAction::drop_and_adopt},
    {Phase::committing, FlowEvent::record_missing, Phase::idle, FlowAction::drop_and_end},
    {Phase::committing, FlowEvent::record_late, Phase::committing, FlowAction::read_record},

    {Phase::storing, FlowEvent::stored, Phase::idle, FlowAction::finish_refreshed},

    {Phase::verifying, FlowEvent::record_unchanged, Phase::idle, FlowAction::end_rejected},
    {Phase::verifying, FlowEvent::record_newer, Phase::idle, FlowAction::adopt},
    {Phase::verifying, FlowEvent::record_missing, Phase::idle, FlowAction::end_cleared},
    {Phase::verifying, FlowEvent::record_late, Phase::verifying, FlowAction::read_record},
};

// ---- look-up --------------------------------------------------------------------------------

// True when `cell` is any or `value`.
template <typename Column>
constexpr bool covers(Column cell, Column value) {
  return cell == Column::any || cell == value;
}

constexpr RequestAction decide_request(Standing standing, Freshness freshness, Refresh refresh,
                                       Body body) {
  for (const RequestRow& row : kRequestTable) {
    if (covers(row.standing, standing) && covers(row.freshness, freshness) &&
        covers(row.refresh, refresh) && covers(row.body, body)) {
      return row.action;
    }
  }
  return RequestAction::send_plain;
}

constexpr AnswerAction decide_answer(const AnswerRow& seen) {
  for (const AnswerRow& row : kAnswerTable) {
    if (covers(row.answer, seen.answer) && covers(row.standing, seen.standing) &&
        covers(row.attempt, seen.attempt) && covers(row.sent_with, seen.sent_with) &&
        covers(row.body, seen.body) && covers(row.freshness, seen.freshness) &&
        covers(row.refresh, seen.refresh)) {
      return row.action;
    }
  }
  return AnswerAction::deliver;
}

// The row for an event in a phase, or nullptr when nothing is to be done.
constexpr const FlowRow* find_flow_row(Phase phase, FlowEvent event) {
  for (const FlowRow& row : kFlowTable) {
    if (row.phase == phase && row.event == event) return &row;
  }
  return nullptr;
}

}  // namespace bearerkit
