// One refresh at a time: its phase, its number, and what it holds until its end. What follows on
// what is said by refresh_table.h.
#pragma once

#include <cstdint>
#include <utility>

#include "formats/numeric_date.h"
#include "machine/record.h"
#include "machine/refresh_table.h"

namespace bearerkit {

class Refresh {
 public:
  Phase phase() const { return phase_; }
  bool runs() const { return phase_ != Phase::idle; }

  // The number of the run. Whatever comes with another one is out of date.
  RunId run() const { return run_; }
  // Begins a new run: what is under way for the last one is out of date.
  void next_run() { run_++; }
  // From here on, runs are of a new session.
  void begin_session() { first_run_ = run_ + 1; }
  // Whether a run is of the session that is signed in.
  bool is_of_session(RunId run) const { return run >= first_run_; }

  // Goes on to the next phase. nullptr when nothing is to be done: then nothing has changed.
  const RefreshRow* step(RefreshEvent event);
  // Ends it in any phase. Forgets what it holds.
  void cancel();

  // When the phase has lasted long enough; kNever: it is not bounded.
  Milliseconds deadline() const { return deadline_; }
  void wait_until(Milliseconds deadline) { deadline_ = deadline; }
  // X2: what happens now is late by more than any load explains.
  bool was_frozen(Milliseconds now) const;
  // X2: once in a run, so that a slow machine is not kept from it (R10).
  bool may_begin_anew() const { return !began_anew_; }
  // X2: this tab was frozen since its request was sent, and may have lost its turn. It is
  // asked for anew before another request (R24).
  void set_slept() { slept_ = true; }
  bool take_slept() { return std::exchange(slept_, false); }
  // E5: the clock was set back by so much.
  void shift(Milliseconds by) { deadline_ -= by; }

  // X1: what the last holder wrote has arrived. Until the lock is asked for again.
  bool writes_arrived() const { return writes_arrived_; }
  void set_writes_arrived(bool arrived) { writes_arrived_ = arrived; }

  // L2: while it runs, somebody signed in elsewhere: the cookie is another session's.
  bool cookie_changed() const { return cookie_changed_; }
  void set_cookie_changed() { cookie_changed_ = true; }

  // X11: the generation that could be redeemed, as it was read last.
  std::uint32_t read() const { return read_; }
  void set_read(std::uint32_t generation) { read_ = generation; }

  // R24: once in a run.
  bool doubted() const { return doubted_; }
  void set_doubted() { doubted_ = true; }

  // R25: the note of the own request that may be under way; empty: none is.
  const Text& flight() const { return flight_; }
  void set_flight(const Text& note) { flight_ = note; }
  Text take_flight() { return std::exchange(flight_, {}); }
  // When that of another page counts as lost.
  Milliseconds flight_ends() const { return flight_ends_; }
  void set_flight_ends(Milliseconds end) { flight_ends_ = end; }
  // Once in a run.
  bool looked_for_flight() const { return looked_for_flight_; }
  void set_looked_for_flight() { looked_for_flight_ = true; }

  // What the storage holds, where it is newer or of another session.
  const Record& found() const { return found_; }
  void set_found(const Record& record) { found_ = record; }
  Record take_found() { return std::exchange(found_, {}); }

  // What the server gave, until it is stored.
  const Record& redeemed() const { return redeemed_; }
  void set_redeemed(const Record& record) { redeemed_ = record; }
  Record take_redeemed() { return std::exchange(redeemed_, {}); }

  // The server's wish, of the last answer (R8).
  void set_retry_after(OptionalSeconds wish) { retry_after_ = wish; }
  OptionalSeconds take_retry_after() { return std::exchange(retry_after_, {}); }

 private:
  Phase phase_ = Phase::idle;
  RunId run_ = 0;
  RunId first_run_ = 0;
  Milliseconds deadline_ = kNever;
  bool began_anew_ = false;
  bool writes_arrived_ = false;
  bool cookie_changed_ = false;
  bool doubted_ = false;
  bool slept_ = false;
  std::uint32_t read_ = 0;
  bool looked_for_flight_ = false;
  Milliseconds flight_ends_ = 0;
  Text flight_;
  Record found_;
  Record redeemed_;
  OptionalSeconds retry_after_;
};

}  // namespace bearerkit
