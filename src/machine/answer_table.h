// What becomes of a 401 that calls for a refresh. A table: the first row that matches applies.
//
// Before the table: all other answers are delivered, unless the app says that they count as a 401
// (R15). So is a 401 whose challenge says that a new token would not help (B6), or that a redirect
// brought from a foreign origin (B8).
// Beside the table (E6): a first 401 to the current token says that the token is no good, whatever
// the clock says; unless it comes from a hopeless endpoint, as it does where the endpoint has
// refused one stream and now refuses the next, which was sent with a fresh token.
#pragma once

#include "machine/request_table.h"

namespace bearerkit {

#define BEARERKIT_ATTEMPTS(X) X(first) X(second)

// The token that the request was sent with, seen from now.
#define BEARERKIT_SENT_WITH(X)                                                  \
  X(current)                                                                    \
  X(replaced)      /* by a newer one of this session, which is good */          \
  X(outlived)      /* by a newer one of this session, which has expired, too */ \
  X(other_session) /* of a session that is over, or of none */

// What is known of the endpoint that answered (R14).
#define BEARERKIT_ENDPOINTS(X) \
  X(unknown)                   \
  X(hopeless) /* it has refused a fresh token, and answered nothing else since */

#define BEARERKIT_ANSWER_ACTIONS(X)                                        \
  X(deliver)          /* hand the answer to the caller */                  \
  X(retry)            /* send again with the current token */              \
  X(wait)             /* keep the answer until the running refresh ends */ \
  X(refresh_and_wait) /* start a refresh, keep the answer until it ends */ \
  X(expire_session)   /* the session is over (R12); deliver */

#define BEARERKIT_ENUMERATE(name) name,
enum class Attempt : std::uint8_t { BEARERKIT_ATTEMPTS(BEARERKIT_ENUMERATE) };
enum class SentWith : std::uint8_t { BEARERKIT_SENT_WITH(BEARERKIT_ENUMERATE) };
enum class Endpoint : std::uint8_t { BEARERKIT_ENDPOINTS(BEARERKIT_ENUMERATE) };
enum class AnswerAction : std::uint8_t { BEARERKIT_ANSWER_ACTIONS(BEARERKIT_ENUMERATE) };
#undef BEARERKIT_ENUMERATE

struct AnswerFacts {
  Attempt attempt;
  SentWith sent_with;
  Body body;
  RefreshState refresh;
  Endpoint endpoint;
};

struct AnswerRow {
  Cell<Attempt> attempt;
  Cell<SentWith> sent_with;
  Cell<Body> body;
  Cell<RefreshState> refresh;
  Cell<Endpoint> endpoint;
  AnswerAction action{};
};

namespace answer_table {

using enum Attempt;
using enum SentWith;
using enum Body;
using enum Endpoint;
using A = AnswerAction;
using R = RefreshState;

// clang-format off
inline constexpr AnswerRow kRows[] = {
    // attempt sent_with      body      refresh        endpoint  action
    // F6: one retry, ever.
    {second,   any,           any,      any,           any,      A::deliver},
    // L1, L2: an old session's request is never sent with a new user's token.
    {any,      other_session, any,      any,           any,      A::deliver},
    // R14: a new token would not help there.
    {any,      current,       any,      any,           hopeless, A::deliver},
    // R12: before F3, for a session that cannot refresh ends by any other 401.
    {any,      current,       any,      R::impossible, any,      A::expire_session},
    // F3: a body that is used up cannot be sent again.
    {any,      any,           one_shot, any,           any,      A::deliver},
    // R2: a late 401 is about a token that has been replaced since.
    {any,      replaced,      any,      any,           any,      A::retry},
    // R1: one refresh, and all wait for it.
    {any,      any,           any,      R::running,    any,      A::wait},
    {any,      any,           any,      R::idle,       any,      A::refresh_and_wait},
    // R8, F7: nothing can be done for the moment. What was sent with an older token is sent with the
    // current one, for the clock may be wrong; else the caller gets the server's own 401.
    {any,      outlived,      any,      any,           any,      A::retry},
    {any,      any,           any,      any,           any,      A::deliver},
};
// clang-format on

inline constexpr auto kPacked = pack_table(kRows, [](const AnswerRow& row) {
  return pack(row.attempt, row.sent_with, row.body, row.refresh, row.endpoint);
});

}  // namespace answer_table

inline AnswerAction decide_answer(const AnswerFacts& seen) {
  return look_up(answer_table::kPacked,
                 pack(Cell(seen.attempt), Cell(seen.sent_with), Cell(seen.body), Cell(seen.refresh),
                      Cell(seen.endpoint)));
}

}  // namespace bearerkit
