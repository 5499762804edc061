// Whose turn it is to refresh: the lock of all tabs, or where there are no locks a lease in the
// storage (X1, X2, X4).
#pragma once

#include <cstdint>
#include <string_view>

#include "machine/effects.h"
#include "machine/refresh_table.h"
#include "machine/settings.h"
#include "machine/token_times.h"

namespace bearerkit {

class Turn {
 public:
  // Forgets what earlier runs met with.
  void begin_run() {
    lost_claims_ = 0;
    seen_lease_ = {};
    settles_at_ = kNever;
  }

  void ask_for_lock(Milliseconds now) { asked_at_ = now; }
  Milliseconds asked_at() const { return asked_at_; }
  void lock_granted(Milliseconds now);
  // X11: another tab had its turn until now; it may be gone, and its mark with it.
  bool waited() const { return waited_; }
  // X11: what is on its way is waited for in this run until then. The first `until` counts.
  Milliseconds settles_at(Milliseconds until) {
    if (settles_at_ == kNever) settles_at_ = until;
    return settles_at_;
  }

  // X10: when to tell the others again that this tab is at work; kNever: it is not its turn.
  Milliseconds shows_life_at() const { return shows_life_at_; }
  void show_life_at(Milliseconds next) { shows_life_at_ = next; }
  // X11: when the own mark is to be dropped; kNever: there is none, or it stays.
  Milliseconds mark_ends() const { return mark_ends_; }
  void hold_mark_until(Milliseconds end) { mark_ends_ = end; }
  // There are no locks: others may have the lease until `patience_ends`.
  void take_leases(Milliseconds patience_ends) { patience_ends_ = patience_ends; }

  // Asks for the lease, until `until`.
  void claim_lease(Effects& effects, Random& random, Milliseconds until);
  // What the storage holds for a lease of at most `length`, as one of the lease_ events.
  // `confirming`: the own claim is read back.
  RefreshEvent look_at_lease(ReadOutcome outcome, std::string_view text, Milliseconds now,
                             Milliseconds length, bool confirming);

  // Gives back what it has.
  void release(Effects& effects, RunId run);

  // E5: the clock was set back by so much.
  void shift(Milliseconds by) {
    patience_ends_ -= by;
    asked_at_ -= by;
    settles_at_ -= by;
    shows_life_at_ -= by;
    mark_ends_ -= by;
  }

 private:
  bool has_lock_ = false;
  bool waited_ = false;
  Milliseconds asked_at_ = 0;
  Milliseconds settles_at_ = kNever;
  Milliseconds shows_life_at_ = kNever;
  Milliseconds mark_ends_ = kNever;
  // The own claim, as it was written. Not forgotten when it is lost: it may get there later, and is
  // to be given back then.
  Text lease_;
  Text seen_lease_;  // of another tab
  Milliseconds patience_ends_ = kNever;
  std::uint32_t lost_claims_ = 0;  // in this run
};

}  // namespace bearerkit
