// What becomes of a call that waits, when its wait ends. A table: the first row that matches
// applies. (A call that waited for the storage is decided by the request table, as if it came now.)
#pragma once

#include "machine/table.h"

namespace bearerkit {

#define BEARERKIT_WAITERS(X)                                        \
  X(unsent)       /* a request, before it was sent */               \
  X(answered)     /* a request, with a 401 in the caller's hands */ \
  X(token_call)   /* getAccessToken() */                            \
  X(refresh_call) /* refresh() */

#define BEARERKIT_ENDINGS(X)                                \
  X(refreshed) /* there is a new token, or a new session */ \
  X(failed)    /* R8 the refresh failed for the moment */   \
  X(over)      /* the session has ended */                  \
  X(closed)    /* R10 the client was closed */

// Whose the call is (L2). One that was made before the storage was read is of the session now.
#define BEARERKIT_OWNERS(X) X(this_session) X(no_session)

#define BEARERKIT_TOKEN_STATES(X) X(usable) X(useless)

#define BEARERKIT_WAITER_ACTIONS(X)                          \
  X(send)       /* with the token or cookie that there is */ \
  X(send_plain) /* as fetch would */                         \
  X(retry)      /* send again with the new token */          \
  X(deliver)    /* hand over the 401 that was kept */        \
  X(resolve)    /* the call ends well */                     \
  X(fail)       /* the call rejects */

#define BEARERKIT_ENUMERATE(name) name,
enum class Waiter : std::uint8_t { BEARERKIT_WAITERS(BEARERKIT_ENUMERATE) };
enum class Ending : std::uint8_t { BEARERKIT_ENDINGS(BEARERKIT_ENUMERATE) };
enum class Owner : std::uint8_t { BEARERKIT_OWNERS(BEARERKIT_ENUMERATE) };
enum class TokenState : std::uint8_t { BEARERKIT_TOKEN_STATES(BEARERKIT_ENUMERATE) };
enum class WaiterAction : std::uint8_t { BEARERKIT_WAITER_ACTIONS(BEARERKIT_ENUMERATE) };
#undef BEARERKIT_ENUMERATE

struct WaiterFacts {
  Waiter waiter;
  Ending ending;
  Owner owner;
  TokenState token;
};

struct WaiterRow {
  Cell<Waiter> waiter;
  Cell<Ending> ending;
  Cell<Owner> owner;
  Cell<TokenState> token;
  WaiterAction action{};
};

namespace waiter_table {

using enum Waiter;
using enum Owner;
using enum TokenState;
using A = WaiterAction;
using E = Ending;
inline constexpr Cell<Ending> not_failed{Ending::refreshed, Ending::over};

// clang-format off
inline constexpr WaiterRow kRows[] = {
    // waiter      ending        owner         token   action
    // R10: what was never sent is not sent for a closed client.
    {unsent,       E::closed,    any,          any,    A::fail},
    // R11: should the refresh have failed, with the token there is; should the session be over, or
    // another user have come (L2), without one.
    {unsent,       any,          this_session, any,    A::send},
    {unsent,       any,          no_session,   any,    A::send_plain},
    // F6, L2. F7: else the caller gets the server's own 401.
    {answered,     E::refreshed, this_session, any,    A::retry},
    {answered,     any,          any,          any,    A::deliver},
    // getAccessToken() gives null when nobody is signed in, and fails only without a usable token.
    {token_call,   not_failed,   any,          any,    A::resolve},
    {token_call,   any,          any,          usable, A::resolve},
    {refresh_call, E::refreshed, any,          any,    A::resolve},
    {any,          any,          any,          any,    A::fail},
};
// clang-format on

inline constexpr auto kPacked = pack_table(
    kRows, [](const WaiterRow& row) { return pack(row.waiter, row.ending, row.owner, row.token); });

}  // namespace waiter_table

inline WaiterAction decide_waiter(const WaiterFacts& seen) {
  return look_up(waiter_table::kPacked,
                 pack(Cell(seen.waiter), Cell(seen.ending), Cell(seen.owner), Cell(seen.token)));
}

}  // namespace bearerkit
