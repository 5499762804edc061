// What a run is made of: the client's settings, the server's, and how often what goes wrong. All of
// it follows from the seed and the command line.
#pragma once

#include <cstdint>
#include <optional>

#include "machine/settings.h"
#include "queue.h"

namespace bearerkit::sim {

inline constexpr std::uint32_t kMaxTabs = 20;

enum class StorageKind : std::uint8_t {
  memory,        // of each tab its own, gone with it
  per_tab,       // of each tab its own, there again after a reload (sessionStorage)
  shared,        // localStorage
  shared_async,  // an app's own object with promises
};

// What goes wrong. Each has a rate, and is counted.
#define BEARERKIT_SIM_FAULTS(X)                                                                   \
  X(request_lost)        /* before the server got it */                                           \
  X(answer_lost)         /* after the server worked */                                            \
  X(slow)                /* an answer takes longer than the client waits */                       \
  X(unavailable)         /* 5xx, 408 before the server worked */                                  \
  X(bad_gateway)         /* 5xx after the server worked */                                        \
  X(too_many)            /* 429, with Retry-After */                                              \
  X(captive_portal)      /* an HTML 200, and the server saw nothing */                            \
  X(broken_answer)       /* cut-off JSON or an empty 200, after the server worked */              \
  X(false_401)           /* a good token refused */                                               \
  X(reordered)           /* a message to another tab is overtaken by the next one */              \
  X(outage)              /* the network is down for a while, for all tabs */                      \
  X(crash)               /* a tab is gone at once */                                              \
  X(reload)              /* a tab is closed in good order, and opened again */                    \
  X(freeze)              /* a tab runs nothing for a while */                                     \
  X(bfcache)             /* the same, and misses all messages */                                  \
  X(sleep)               /* all tabs at once */                                                   \
  X(clock_jump)          /* the clock of a tab is set */                                          \
  X(hidden)              /* a tab is hidden for a while */                                        \
  X(storage_cleared)     /* by the user or the browser */                                         \
  X(storage_corrupt)     /* someone writes something else there */                                \
  X(storage_reverted)    /* the record before the last one is back, as after a browser's crash */ \
  X(storage_failed)      /* throws, or is full: from now on, for a tab */                         \
  X(storage_hangs)       /* an operation of an asynchronous storage takes very long */            \
  X(unclear)             /* the refresh endpoint refuses in its own words, for a while */         \
  X(unclear_for_ever)    /* the same, until the faults stop */                                    \
  X(cookie_replaced)     /* another app on the host has signed in another user: one cookie */     \
  X(duplicated)          /* a tab is opened with a copy of another one's sessionStorage */        \
  X(banned)              /* the server ends all sessions of a user */                             \
  X(always_refused)      /* an endpoint answers 401 to every token (R14) */                       \
  X(reload_in_flight)    /* a tab reloads while its refresh is under way, which goes on */        \
  X(rotated_elsewhere)   /* another app redeems the cookie while a refresh is on its way */       \
  X(slow_endpoint)       /* of the world: many tabs, and a refresh takes long */                  \
  X(lock_stolen)         /* follows from others: a tab waited too long */                         \
  X(cookie_overtaken)    /* follows from others: an older answer's cookie replaced a newer one */ \
  X(gave_up)             /* follows from others: a client's time for a refresh was up */          \
  X(signed_in_elsewhere) /* follows from others: overtaken by a sign-in or sign-out */            \
  X(no_turns)            /* follows from the world: one cookie, neither locks nor a lease (X4) */

enum class Fault : std::uint8_t {
  none,
#define BEARERKIT_SIM_ENUMERATE(name) name,
  BEARERKIT_SIM_FAULTS(BEARERKIT_SIM_ENUMERATE)
#undef BEARERKIT_SIM_ENUMERATE
      count
};
inline constexpr std::size_t kFaults = static_cast<std::size_t>(Fault::count);
const char* name_of(Fault fault);

// The app's own way to refresh, in place of an endpoint (R3). `deaf`: it does not hear that its
// time is up, and may still give tokens later.
enum class Function : std::uint8_t { none, hears, deaf };

// How the client learns of an access token's life (E4).
enum class LifeTold : std::uint8_t { expires_in, jwt_exp_and_iat, jwt_exp, not_at_all };

struct ServerSettings {
  bool rotates = true;      // false: one refresh token for the whole session, not sent again (R5)
  bool ends_reused = true;  // false: a token that comes again is refused, and that is all
  Time grace = 0;           // the last token again gives the same successor; 0: no grace
  Time access_life = 60'000;
  LifeTold life_told = LifeTold::expires_in;
  bool json_dialect = false;
  bool checks_revocation = true;  // access tokens of an ended session are refused at once
  bool gives_refresh_token = true;
  bool tells_date = false;   // with each answer to a refresh
  bool names_users = false;  // access tokens are JWTs that say whose they are (L5)
  Time redeem_latency = 0;   // that a refresh takes at least
  Time date_error = 0;       // the clock that it is told by, minus the right one
};

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t events = 1'000'000;
  std::uint32_t tabs = 0;  // 0: by the seed
  bool swarm = false;
  bool trace = false;
  bool exhaustive = false;
  bool help = false;
  bool faults = true;
  std::uint64_t ignored = 0;   // invariants, by bit: to look for what else there is
  bool without[kFaults] = {};  // faults that do not happen
  bool with[kFaults] = {};     // that do, though the core is not made for them yet
  std::uint64_t checked = 0;   // the same for invariants, by bit
  std::optional<Mode> mode;
  std::optional<StorageKind> storage;
  std::optional<Time> grace;
  std::optional<bool> locks;
  std::optional<Time> lag;
};

struct WorldSettings {
  std::uint64_t ignored = 0;
  std::uint64_t seed = 1;
  std::uint32_t tabs = 2;
  Mode mode = Mode::bearer;
  StorageKind storage = StorageKind::shared;
  bearerkit::Settings client;
  ServerSettings server;
  std::uint32_t rates[kFaults] = {};  // per million: of messages, or of looks at the fault clock
  Time think = 2'000;                 // a tab's app does something every so often
  Function function = Function::none;
  bool forbidden_is_end = false;  // R6: the app says that a 403 ends the session
  bool locks = true;              // Web Locks; else a lease in the storage (X4)
  Time lag = 0;                   // localStorage: what a tab writes the others see so much later
  bool wrong_clocks = false;      // clocks off by anything up to years, and drifting
  std::uint32_t sign_out_rate = 300;  // per million actions
  std::uint32_t sign_in_rate = 400;
  std::uint32_t refresh_rate = 2'000;

  bool shared() const {
    return storage == StorageKind::shared || storage == StorageKind::shared_async;
  }
  // Tabs have a cookie in common, and nothing to take turns by.
  bool no_turns() const { return !locks && !shared() && mode != Mode::bearer; }
  bool cookie_can_be_replaced() const { return mode == Mode::cookie || server.names_users; }
  // A newer token set gets to the other tabs, by the record or by message.
  bool shares_tokens() const { return client.hands_over() || (shared() && mode != Mode::hybrid); }
  std::uint32_t rate(Fault fault) const { return rates[static_cast<std::size_t>(fault)]; }
};

WorldSettings settings_for(const Options& options, std::uint64_t seed);

}  // namespace bearerkit::sim
