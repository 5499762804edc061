// The settings of a machine.
#pragma once

#include <cstdint>

#include "formats/token_response.h"
#include "machine/milliseconds.h"

namespace bearerkit {

#define BEARERKIT_MODES(X)                                                       \
  X(bearer) /* both tokens in the page */                                        \
  X(hybrid) /* C4 access token in memory, refresh token in an HttpOnly cookie */ \
  X(cookie) /* C1 the page never sees a token */

enum class Mode : std::uint32_t {
#define BEARERKIT_ENUMERATE(name) name,
  BEARERKIT_MODES(BEARERKIT_ENUMERATE)
#undef BEARERKIT_ENUMERATE
};

// C6–C8: whether there is a session where nothing is stored; only the cookie knows.
#define BEARERKIT_PRESUMPTIONS(X)                                                   \
  X(never)   /* none, until somebody signs in: on a server, or by the app's word */ \
  X(usually) /* there may be one, unless there was a no within a day */             \
  X(always)  /* there may be one: the app knows better than that no */

enum class Presumption : std::uint32_t {
#define BEARERKIT_ENUMERATE(name) name,
  BEARERKIT_PRESUMPTIONS(BEARERKIT_ENUMERATE)
#undef BEARERKIT_ENUMERATE
};

// Of a fixed layout, with numbers for truth values: bindings/ takes it in as it stands.
struct Settings {
  Milliseconds leeway = 0;                // E1: a token counts as unexpired for so much longer
  Milliseconds refresh_margin = 30'000;   // R11, capped by a fraction of the token's life (E7)
  Milliseconds refresh_timeout = 10'000;  // R9
  Milliseconds lock_timeout = 15'000;     // X2: longer than a refresh can take
  Milliseconds storage_timeout = 5'000;   // R10: a storage that never answers holds nobody up
  Milliseconds write_lag = 0;             // X1: another process may see a write so much later
  Mode mode = Mode::bearer;
  Dialect dialect = Dialect::unknown;     // unknown: that of the tokens handed in (R3)
  std::uint32_t can_refresh = 1;          // a refresh endpoint or function is configured
  std::uint32_t refresh_needs_token = 1;  // 0: the app's own function works without one
  std::uint32_t shared_storage = 0;       // other tabs read and write the same record
  std::uint32_t copied_storage = 0;       // X9: not so, but a duplicated tab begins with a copy
  std::uint32_t tabs = 1;                 // there are other tabs
  std::uint32_t keep_alive = 0;           // R11: refresh ahead of expiry while the page is visible
  Presumption presume = Presumption::usually;
  std::uint32_t seed_low = 0;  // random: session ids and the jitter come from it
  std::uint32_t seed_high = 0;

  // X1: other tabs have the session, or its cookie.
  bool takes_turns() const {
    return tabs != 0 && (mode != Mode::bearer || shared_storage != 0 || copied_storage != 0);
  }
  // How long a write, or a message, of another tab may be on its way; 0: there is no such tab.
  Milliseconds lag() const { return takes_turns() ? write_lag : 0; }
  // X9: they have its tokens, too, and no storage carries them from one to the other.
  bool hands_over() const {
    const bool carried = mode == Mode::cookie || (mode == Mode::bearer && shared_storage != 0);
    return !carried && lag() > 0;
  }
  // The dialect of what is sent to the server, for tokens that came in `seen`.
  Dialect dialect_for(Dialect seen) const { return dialect != Dialect::unknown ? dialect : seen; }
};

}  // namespace bearerkit
