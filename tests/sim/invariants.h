// What must hold at every step, whatever goes wrong. Each has a name and one sentence; where a rule
// of docs/RULES.md stands behind it, the sentence names it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bearerkit::sim {

#define BEARERKIT_SIM_INVARIANTS(X)                                                                \
  X(redeemed_twice,                                                                                \
    "A refresh token is redeemed twice only after its answer was lost or its tab cut off (R1, "    \
    "X1)")                                                                                         \
  X(one_flight, "While a refresh is under way and nothing went wrong, no tab starts another (X1)") \
  X(steal_in_time,                                                                                 \
    "A lock is taken from its holder after its time only, which does not pass for a frozen tab")   \
  X(begins_anew,                                                                                   \
    "A tab that was frozen for long asks for its turn again before it redeems a token (X2)")       \
  X(reads_anew, "What a tab read before it was frozen is not what it redeems by (X2)")             \
  X(foreign_token,                                                                                 \
    "No token, cookie or CSRF header goes with a request that is not ours (B1, B2)")               \
  X(one_retry,                                                                                     \
    "A request is sent at most twice, then after a 401 and with another token (F6, F7)")           \
  X(one_shot_body, "A body that can be sent only once is sent only once (F3)")                     \
  X(ends_once, "Every call ends exactly once, also after an abort (R10, F4)")                      \
  X(waits_bounded, "No call waits longer than the time-outs of one refresh add up to (R10, X2)")   \
  X(old_session_sent, "No request of one session is sent with a token of another (L2)")            \
  X(one_token_set,                                                                                 \
    "Tokens that go out together are of one token set, that of the session meant (L1, L2, R5)")    \
  X(ended_session_sent, "After its sign-out no token of a session is sent by that tab (L1)")       \
  X(ended_session_stored, "After a sign-out no record of that session is written (L1)")            \
  X(ended_session_adopted, "A session that a tab saw end is never taken up by it again (L1)")      \
  X(cleared_written, "What was removed from the storage is not written back by a refresh (S4)")    \
  X(refused_sent, "A refused token is not sent again before a refresh has been tried (E6)")        \
  X(sign_out_reaches_all, "A sign-out ends the session of every tab (X3)")                         \
  X(foreign_record_removed, "A session that ends takes only its own record out of the storage")    \
  X(dropped_is_revoked, "Tokens that come for a session that is over are revoked (L1)")            \
  X(sign_out_revoked, "A sign-out tells the server, with the newest refresh token (L1)")           \
  X(adopted_stale, "A token set is replaced only by a newer one of its session (X2)")              \
  X(stored_first, "New tokens are stored before any call goes on with them (R5)")                  \
  X(end_has_cause,                                                                                 \
    "A session ends by a terminal answer, a sign-out, its storage going, or expiry")               \
  X(winner_adopted,                                                                                \
    "No terminal answer ends a session whose newer tokens are in the storage (R7)")                \
  X(lost_without_fault, "The server sees a token reused only after a fault")                       \
  X(lost_to_faults, "Inside the grace window no fault costs a session")                            \
  X(refresh_has_cause,                                                                             \
    "Every refresh has a cause of its own: expiry, a 401, a call, a failure (E5)")                 \
  X(asked_unseen, "While nobody has come to a prerendered page, it asks for no lock (X6)")         \
  X(backoff_kept, "After a failed refresh none starts before its time, unless the app asks (R8)")  \
  X(given_up_in_time,                                                                              \
    "A refresh whose time is up is given up, lest its answer take the place of a newer one (R9)")  \
  X(timer_progress, "A timer that has fired does not ask for the same moment again (E5, E8)")      \
  X(token_version, "The token version changes whenever the access token does")                     \
  X(told_tokens_taken,                                                                             \
    "No refresh fails unsent while another tab is there to hand on newer tokens (X9)")             \
  X(told_state, "What the page is told (events) equals what the client is")                        \
  X(told_stored, "When the faults have stopped, what a page was told equals what is stored")       \
  X(agreement, "When the faults have stopped, all tabs agree within a bounded time (X3)")          \
  X(no_deadlock, "When the faults have stopped, nothing waits, and the lock is free")              \
  X(sent_as_another, "No request made as one user is sent with the token of another (L5)")         \
  X(one_refresh_per_expiry,                                                                        \
    "A session is refreshed once for an expiry or a 401, however many tabs there are (X1)")        \
  X(no_false_steal, "A lock is taken only from a holder that gives no sign of life (X2)")          \
  X(steal_told, "Who takes another tab's turn says so: the warning lock_stolen (X2)")              \
  X(claims_again,                                                                                  \
    "A tab whose claim to the lease is gone asks for its turn again, once, before it redeems "     \
    "(X4)")                                                                                        \
  X(rotation_kept,                                                                                 \
    "A reload in the middle of a refresh loses neither the rotation nor the session (C4)")         \
  X(ended_alive, "A cookie that was rotated elsewhere meanwhile does not end the session (R7)")    \
  X(patience,                                                                                      \
    "An unclear refusal ends a session after three tries in a minute and a half, not before (R6)") \
  X(no_dead_session, "No session stays signed in for long that the server refreshes no more (R6)") \
  X(refusals_remembered, "An endpoint that refused a fresh token causes no more refreshes (R14)")  \
  X(refusal_heeded,                                                                                \
    "A first 401 to the token of now leads to a refresh, if one may be tried (F6, R14)")           \
  X(callers_401, "A 401 that the caller asked for is delivered, and causes no refresh (F9)")       \
  X(urgent_sent, "A request that cannot wait goes at once (F10)")                                  \
  X(recovery, "When the faults have stopped, a call in a live session gets its 200 (R8, E6)")

enum class Invariant : std::uint8_t {
#define BEARERKIT_SIM_ENUMERATE(name, sentence) name,
  BEARERKIT_SIM_INVARIANTS(BEARERKIT_SIM_ENUMERATE)
#undef BEARERKIT_SIM_ENUMERATE
};

inline constexpr std::size_t kInvariants = 0
#define BEARERKIT_SIM_ENUMERATE(name, sentence) +1
    BEARERKIT_SIM_INVARIANTS(BEARERKIT_SIM_ENUMERATE);
#undef BEARERKIT_SIM_ENUMERATE

const char* name_of(Invariant invariant);
const char* sentence_of(Invariant invariant);

}  // namespace bearerkit::sim
