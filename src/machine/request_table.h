// What becomes of a call when it comes in. A table: the first row that matches applies.
//
// Before the table: a request to a foreign origin (B2), with the caller's own Authorization header
// (B4), in mode no-cors (F5) or aborted before (F11) goes as fetch would send it. A closed client
// refuses all calls.
#pragma once

#include "machine/instruction.h"
#include "machine/table.h"

namespace bearerkit {

#define BEARERKIT_STANDINGS(X)                                                               \
  X(starting) /* the storage has not been read */                                            \
  X(presumed) /* C4 hybrid and cookie mode: there may be a session, only the cookie knows */ \
  X(signed_in)                                                                               \
  X(signed_out)

// By the clock, unless a 401 has said otherwise (E6).
#define BEARERKIT_FRESHNESS(X)                                   \
  X(fresh)  /* far from its end, or nobody knows when it ends */ \
  X(margin) /* good, but soon no more (R11) */                   \
  X(expired)

#define BEARERKIT_REFRESH_STATES(X)                                        \
  X(impossible) /* no way to refresh is configured, or no refresh token */ \
  X(idle)                                                                  \
  X(running)                                                               \
  X(backoff) /* R8 the last one failed for the moment */

#define BEARERKIT_BODIES(X) \
  X(replayable)             \
  X(one_shot) /* F3 a stream: it can be sent once */

#define BEARERKIT_URGENCIES(X) \
  X(patient)                   \
  X(urgent) /* F10 the page goes away: a request that waits is never sent */

#define BEARERKIT_REQUEST_ACTIONS(X)                                    \
  X(send)             /* now, with the token or cookie that there is */ \
  X(send_plain)       /* now, as fetch would */                         \
  X(send_and_refresh) /* now, and start a refresh beside it */          \
  X(wait)             /* for the storage, or the refresh that runs */   \
  X(refresh_and_wait) /* start a refresh and wait for it */             \
  X(expire_session)   /* the session is over (R12); send plain */       \
  X(fail)             /* refresh_failed */

#define BEARERKIT_ENUMERATE(name) name,
enum class Standing : std::uint8_t { BEARERKIT_STANDINGS(BEARERKIT_ENUMERATE) };
enum class Freshness : std::uint8_t { BEARERKIT_FRESHNESS(BEARERKIT_ENUMERATE) };
enum class RefreshState : std::uint8_t { BEARERKIT_REFRESH_STATES(BEARERKIT_ENUMERATE) };
enum class Body : std::uint8_t { BEARERKIT_BODIES(BEARERKIT_ENUMERATE) };
enum class Urgency : std::uint8_t { BEARERKIT_URGENCIES(BEARERKIT_ENUMERATE) };
enum class RequestAction : std::uint8_t { BEARERKIT_REQUEST_ACTIONS(BEARERKIT_ENUMERATE) };
#undef BEARERKIT_ENUMERATE

struct RequestFacts {
  Standing standing;
  RequestKind kind;
  Freshness freshness;
  RefreshState refresh;
  Body body;
  Urgency urgency;
};

struct RequestRow {
  Cell<Standing> standing;
  Cell<RequestKind> kind;
  Cell<Freshness> freshness;
  Cell<RefreshState> refresh;
  Cell<Body> body;
  Cell<Urgency> urgency;
  RequestAction action{};
};

namespace request_table {

using enum Standing;
using enum Freshness;
using enum Body;
using enum Urgency;
using A = RequestAction;
using R = RefreshState;
inline constexpr Cell<Standing> a_session{presumed, signed_in};
inline constexpr Cell<Standing> no_session{starting, signed_out};
inline constexpr RequestKind refresh = RequestKind::refresh;  // the call refresh()

// clang-format off
inline constexpr RequestRow kRows[] = {
    // standing  kind     freshness refresh        body        urgency  action
    // F8: calls made before the storage was read wait for it; F10: if they can. F1: with no session
    // it is fetch.
    {starting,   any,     any,      any,           any,        patient, A::wait},
    {no_session, any,     any,      any,           any,        any,     A::send_plain},
    // R1, R8: refresh() says that the token is no good, and that now is the time.
    {a_session,  refresh, any,      R::impossible, any,        any,     A::fail},
    {a_session,  refresh, any,      R::running,    any,        any,     A::wait},
    {a_session,  refresh, any,      any,           any,        any,     A::refresh_and_wait},
    {a_session,  any,     fresh,    any,           any,        any,     A::send},
    // F10: with what there is.
    {a_session,  any,     any,      any,           any,        urgent,  A::send},
    // R11: inside the margin a request goes at once; F3: unless it can be sent only once.
    {a_session,  any,     margin,   R::idle,       replayable, any,     A::send_and_refresh},
    {a_session,  any,     margin,   R::idle,       one_shot,   any,     A::refresh_and_wait},
    {a_session,  any,     margin,   R::running,    one_shot,   any,     A::wait},
    {a_session,  any,     margin,   any,           any,        any,     A::send},
    // R11: expired, it waits for a refresh; R1: for one that runs already, if any.
    {a_session,  any,     expired,  R::idle,       any,        any,     A::refresh_and_wait},
    {a_session,  any,     expired,  R::running,    any,        any,     A::wait},
    // R8: no refresh before its time; the answer is the server's own.
    {a_session,  any,     expired,  R::backoff,    any,        any,     A::send},
    {a_session,  any,     expired,  R::impossible, any,        any,     A::expire_session},
};
// clang-format on

inline constexpr auto kPacked = pack_table(kRows, [](const RequestRow& row) {
  return pack(row.standing, row.kind, row.freshness, row.refresh, row.body, row.urgency);
});

}  // namespace request_table

inline RequestAction decide_request(const RequestFacts& seen) {
  return look_up(request_table::kPacked,
                 pack(Cell(seen.standing), Cell(seen.kind), Cell(seen.freshness),
                      Cell(seen.refresh), Cell(seen.body), Cell(seen.urgency)));
}

}  // namespace bearerkit
