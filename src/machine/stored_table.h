// What a look at the storage leads to, outside of a refresh: the page woke up, or another tab
// changed something (X3). A table: the first row that matches applies.
//
// Before the table: nothing is done while an own sign-in is on its way to the storage (it is newer
// than what is stored), before the first read, or for a closed client.
#pragma once

#include "machine/request_table.h"
#include "machine/table.h"

namespace bearerkit {

// What the storage holds, seen from the session that this client holds.
#define BEARERKIT_STORED(X)                                                                     \
  X(unreadable) /* the storage failed */                                                        \
  X(missing)    /* or the user has signed out of it, C7 */                                      \
  X(corrupt)    /* S3 */                                                                        \
  X(ended)      /* L1 a session that this tab knows to be over */                               \
  X(refused)    /* C7 no session, but a no that is no news to this one */                       \
  X(same)       /* this session, with the tokens that are known, or older ones */               \
  X(turn)   /* C4 hybrid: this session; another tab had its turn. The record holds no tokens */ \
  X(newer)  /* this session, with newer tokens */                                               \
  X(stale)  /* the same, but the access token has expired as well */                            \
  X(other)  /* another session */                                                               \
  X(handed) /* X9 hybrid: an access token of this session, from another tab */

#define BEARERKIT_RUNNING(X)                                                   \
  X(no)                                                                        \
  X(waits) /* a refresh that waits for what another tab may do: its turn, or a \
              write that is on its way */                                      \
  X(acts)  /* a refresh that has its turn */

#define BEARERKIT_STORED_ACTIONS(X)                                                       \
  X(nothing)                                                                              \
  X(adopt)       /* take up what is stored */                                             \
  X(hand_over)   /* give it to the refresh that waits */                                  \
  X(doubt)       /* S4 wait a moment for the word of the tab that removed it, then end */ \
  X(end_corrupt) /* S3 */                                                                 \
  X(remember)    /* C7 a no that has just been said */                                    \
  X(remove)      /* L1 what another tab wrote after the session's end */                  \
  X(write_back)  /* L1 an old session was written over this one: refresh, once */

#define BEARERKIT_ENUMERATE(name) name,
enum class Stored : std::uint8_t { BEARERKIT_STORED(BEARERKIT_ENUMERATE) };
enum class Running : std::uint8_t { BEARERKIT_RUNNING(BEARERKIT_ENUMERATE) };
enum class StoredAction : std::uint8_t { BEARERKIT_STORED_ACTIONS(BEARERKIT_ENUMERATE) };
#undef BEARERKIT_ENUMERATE

// What a refresh may go on with, or be replaced by.
inline constexpr Cell<Stored> to_take_up{Stored::turn, Stored::newer, Stored::stale, Stored::other,
                                         Stored::handed};
// X9: a newer token that another tab hands over says more.
inline constexpr Cell<Stored> tells_no_token{Stored::unreadable, Stored::missing, Stored::same,
                                             Stored::turn, Stored::stale};

struct StoredFacts {
  Stored stored;
  Standing standing;
  Running refresh;
};

struct StoredRow {
  Cell<Stored> stored;
  Cell<Standing> standing;
  Cell<Running> refresh;
  StoredAction action{};
};

namespace stored_table {

using enum Stored;
using enum Standing;
using A = StoredAction;
using R = Running;

// clang-format off
inline constexpr StoredRow kRows[] = {
    // stored         standing    refresh    action
    // X1: what a refresh waits to do has been done. A refresh that has its turn reads for itself.
    {{newer, handed}, any,        R::waits,  A::hand_over},
    {any,             any,        R::waits,  A::nothing},
    {any,             any,        R::acts,   A::nothing},
    {missing,         signed_in,  any,       A::doubt},
    {missing,         signed_out, any,       A::remember},
    {corrupt,         signed_in,  any,       A::end_corrupt},
    {ended,           signed_out, any,       A::remove},
    {ended,           any,        any,       A::write_back},
    {refused,         signed_in,  any,       A::write_back},
    {{newer, stale, handed}, any, any,       A::adopt},
    {other,           any,        any,       A::adopt},
    {any,             any,        any,       A::nothing},
};
// clang-format on

inline constexpr auto kPacked = pack_table(
    kRows, [](const StoredRow& row) { return pack(row.stored, row.standing, row.refresh); });

}  // namespace stored_table

inline StoredAction decide_stored(const StoredFacts& seen) {
  return look_up(stored_table::kPacked,
                 pack(Cell(seen.stored), Cell(seen.standing), Cell(seen.refresh)));
}

}  // namespace bearerkit
