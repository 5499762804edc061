// One refresh: carries out the rows of the refresh table.
#include <utility>

#include "machine/lease.h"
#include "machine/machine.h"

namespace bearerkit {
namespace {

// X4: far more than a write takes to get to another process.
constexpr Milliseconds kLeasePause = 50;

// R24: another app's refresh takes no longer to be answered, mostly.
constexpr Milliseconds kSecondThought = 1'000;

// R25: so long the answer to the refresh of a page that is gone is waited for.
constexpr Milliseconds kFlight = 3'000;

}  // namespace

void Machine::run_refresh(RefreshEvent event) {
  // X6: before somebody comes to the page no lock is asked for.
  if (event == RefreshEvent::demand) {
    demanded_ = prerendering_;
    if (prerendering_ || closed_) return;
  }
  const bool begins = !refresh_.runs();
  // X2: it may have lost its turn, and asks for it anew before another request (R24).
  if (token_was_sent.has(refresh_.phase()) && refresh_.was_frozen(now_)) refresh_.set_slept();
  const RefreshRow* row = refresh_.step(event);
  if (row == nullptr) return;
  if (begins) turn_.begin_run();
  effects_.warn(row->warning);
  // L2: its answer was waited for, lest the cookie be redeemed twice; it is let go.
  if (!refresh_.runs() && refresh_.cookie_changed()) {
    if (row->action == RefreshAction::cancel_and_back_off) cancel_request();
    return replace_by_cookie({});
  }
  carry_out(row->action);
}

// `late` once in a run, where the phase knows it.
void Machine::run_refresh_late(RefreshEvent late, RefreshEvent in_time, bool is_late) {
  const bool anew = (is_late && refresh_.may_begin_anew()) || refresh_.take_slept();
  run_refresh(anew && find_refresh_row(refresh_.phase(), late) != nullptr ? late : in_time);
}

void Machine::carry_out(RefreshAction action) {
  switch (action) {
    case RefreshAction::redeem:
      return redeem();
    case RefreshAction::redeem_found:
      go_on_from_found();
      return redeem();
    case RefreshAction::redeem_named:
      session_.name(refresh_.found());
      return redeem();
    case RefreshAction::store:
      return store();
    case RefreshAction::finish:
      return finish_refresh();
    case RefreshAction::adopt:
      return adopt();
    case RefreshAction::drop_and_adopt:
      drop_redeemed();
      return adopt();
    case RefreshAction::back_off:
      return back_off();
    case RefreshAction::cancel_and_back_off:
      return cancel_and_back_off();
    case RefreshAction::end_rejected:
      return refuse_session();
    case RefreshAction::end_cleared:
      return end_session(SignOutReason::storage_cleared);
    case RefreshAction::end_corrupt:
      return end_session(SignOutReason::storage_corrupt);
    case RefreshAction::drop_and_end_cleared:
      revoke(drop_redeemed());
      return end_session(SignOutReason::storage_cleared);
    case RefreshAction::drop_and_end_corrupt:
      revoke(drop_redeemed());
      return end_session(SignOutReason::storage_corrupt);
    default:
      return take_turn(action);
  }
}

// ---- its turn -------------------------------------------------------------------------------

void Machine::take_turn(RefreshAction action) {
  switch (action) {
    case RefreshAction::acquire_lock:
      return acquire_lock(false);
    case RefreshAction::steal_lock:
      return acquire_lock(true);
    case RefreshAction::read_lease:
      return read(ReadPurpose::lease);
    case RefreshAction::claim_lease:
      turn_.claim_lease(effects_, random_, now_ + settings_.lock_timeout);
      return refresh_.wait_until(now_ + kLeasePause);
    case RefreshAction::await_lease:
      return refresh_.wait_until(now_ + kLeasePause);
    case RefreshAction::take_lease_turn:
      trace(TimelineCause::lock_held);
      refresh_.set_writes_arrived(!settings_.hands_over());  // X9: else the others are asked
      show_life();
      return read(ReadPurpose::run);
    case RefreshAction::read_settled:
      refresh_.set_writes_arrived(true);
      return read(ReadPurpose::run);
    case RefreshAction::read_marks:
      return read(ReadPurpose::marks);
    case RefreshAction::pause:
      refresh_.set_writes_arrived(true);
      ask_peers();
      return refresh_.wait_until(now_ + settings_.lag());
    case RefreshAction::await_newer:
      ask_peers();
      return refresh_.wait_until(now_ + settings_.lag());
    case RefreshAction::read_flight:
      refresh_.set_looked_for_flight();
      return read(ReadPurpose::flight);
    case RefreshAction::await_flight:
      return refresh_.wait_until(refresh_.flight_ends());
    case RefreshAction::doubt:
      refresh_.set_doubted();
      ask_peers();
      return refresh_.wait_until(now_ + kSecondThought);
    default:
      return read(ReadPurpose::run);
  }
}

void Machine::acquire_lock(bool steal) {
  if (!steal) {
    backoff_.begin_run();
    refresh_.set_writes_arrived(false);
    turn_.release(effects_, refresh_.run());
    refresh_.next_run();
  }
  trace(TimelineCause::lock_wanted);
  if (!settings_.takes_turns()) {
    trace(TimelineCause::lock_held);
    return run_refresh(RefreshEvent::lock_granted);
  }
  turn_.ask_for_lock(now_);
  refresh_.wait_until(now_ + (steal ? settings_.storage_timeout : patience()));
  effects_.push(EffectKind::acquire_lock).acquire_lock = {refresh_.run(), steal ? 1u : 0u};
}

// X10: tabs that began to wait together do not take the lock from each other, one after the other.
Milliseconds Machine::patience() {
  const bool others = settings_.lag() > 0;
  return settings_.lock_timeout * (others ? 1 + 0.25 * random_.fraction() : 1);
}

void Machine::on_lock_granted(RunId run) {
  if (run != refresh_.run() || !waits_for_lock.has(refresh_.phase())) {
    effects_.push(EffectKind::release_lock).release_lock = {run};
    return;
  }
  turn_.lock_granted(now_);
  trace(TimelineCause::lock_held);
  show_life();
  run_refresh_late(RefreshEvent::lock_granted_late, RefreshEvent::lock_granted,
                   now_ >= refresh_.deadline());
}

void Machine::on_lock_unavailable(RunId run) {
  if (run != refresh_.run()) return;
  turn_.take_leases(now_ + settings_.lock_timeout);
  // Where nothing is shared the own single flight is all there is to do.
  run_refresh(settings_.shared_storage != 0 ? RefreshEvent::lock_unavailable
                                            : RefreshEvent::lock_granted);
}

void Machine::read(ReadPurpose purpose) {
  refresh_.wait_until(now_ + settings_.storage_timeout);
  storage_.read(effects_, purpose);
}

// ---- from the request to the commit ---------------------------------------------------------

void Machine::redeem() {
  const Record& record = session_.record();
  note_flight();
  trace(TimelineCause::refresh_sent);
  refresh_.wait_until(now_ + settings_.refresh_timeout);
  Effect& effect = effects_.push(EffectKind::refresh);
  effect.refresh = {refresh_.run(), settings_.dialect_for(record.dialect)};
  effect.access_token = record.access_token;
  effect.kept = record.kept;
  if (settings_.mode == Mode::bearer) effect.text = record.refresh_token;
}

// R25: should this page be gone before the answer is here, the next one finds that out.
void Machine::note_flight() {
  if (settings_.mode == Mode::bearer) return;
  const Text note = write_lease(random_.next(), now_ + kFlight);
  Effect& effect = effects_.push(EffectKind::write_lease);
  effect.write_lease = {Lease::flight};
  effect.text = note;
  refresh_.set_flight(note);
}

void Machine::end_flight() {
  const Text note = refresh_.take_flight();
  if (note.empty()) return;
  Effect& effect = effects_.push(EffectKind::remove_lease);
  effect.remove_lease = {Lease::flight};
  effect.text = note;
}

void Machine::look_at_flight(ReadOutcome outcome, std::string_view note) {
  if (refresh_.phase() != Phase::noticing) return;
  if (begins_anew()) return run_refresh(RefreshEvent::frozen);
  const bool under_way = outcome == ReadOutcome::found && lease_holds(note, now_, kFlight) &&
                         note != refresh_.flight();
  refresh_.set_flight_ends(lease_end(note));
  run_refresh(under_way ? RefreshEvent::lease_taken : RefreshEvent::lease_free);
}

void Machine::store() {
  Record redeemed = refresh_.take_redeemed();
  if (is_other_user(redeemed)) {  // L5: the cookie was replaced
    redeemed.session = new_session_id();
    redeemed.generation = 1;
  } else {
    // A tab that had lost the lock may have stored in between: stay above (X2).
    redeemed.session = session_.record().session;
    redeemed.generation = newest_generation() + 1;
  }
  refresh_.wait_until(now_ + settings_.storage_timeout);
  storage_.write(effects_, write_record(redeemed, settings_.mode));
  refresh_.set_redeemed(redeemed);
}

// Of the session, as far as this refresh has seen. In hybrid mode that is not the own token's.
std::uint32_t Machine::newest_generation() const {
  const Record& found = refresh_.found();
  const bool ours = found.session == session_.record().session;
  return ours && found.generation > generation() ? found.generation : generation();
}

void Machine::finish_refresh() {
  Record redeemed = refresh_.take_redeemed();
  if (redeemed.session != session_.record().session) return replace_user(redeemed);
  const bool restored = session_.take_up(redeemed);
  backoff_.reset();
  // Before the next tab has its turn (X9, X11).
  hold_mark();
  hand_over();
  turn_.release(effects_, refresh_.run());
  trace(TimelineCause::refresh_succeeded);
  if (restored) {
    trace(TimelineCause::session_started);
    effects_.push(EffectKind::signedin).signedin = {SignInSource::restored};
  }
  effects_.push(EffectKind::refreshed).refreshed = {generation(), 0};
  release_waiters(Ending::refreshed, ErrorCode::none);
}

void Machine::replace_user(const Record& record) {
  const std::uint64_t session = record.session;
  turn_.release(effects_, refresh_.run());
  trace(TimelineCause::refresh_succeeded);
  replace_session(record);
  broadcast(PeerMessage::Kind::signed_in, session);
}

// R7, X1, X3: takes up what another tab stored.
void Machine::adopt() {
  turn_.release(effects_, refresh_.run());
  trace(TimelineCause::record_adopted);
  Record found = refresh_.take_found();
  const bool other = found.session != session_.record().session;
  // R7, C4: the stored record of hybrid mode has no tokens to take up.
  if (settings_.mode == Mode::hybrid && found.access_token.empty()) {
    if (!other) return run_refresh(RefreshEvent::demand);  // R7: it was not the newest cookie
    return replace_by_cookie(found);
  }
  if (other || session_.presumed()) {
    if (is_other_user(found)) {
      replace_session(found);  // L5
    } else {
      // C4: which session it is that was presumed.
      const bool restores = settings_.mode == Mode::hybrid && session_.presumed();
      if (!restores) ended_.add(session_.record().session);
      begin_session(found, restores ? SignInSource::restored : SignInSource::elsewhere);
    }
  } else {
    session_.take_up(found);
    backoff_.reset();
    hold_mark();
    effects_.push(EffectKind::refreshed).refreshed = {generation(), 1};
  }
  keep_copy();
  release_waiters(Ending::refreshed, ErrorCode::none);
}

// R7: with the refresh token of a record whose access token has run out. X9: what was handed over
// is kept at once, for a tab that is duplicated before the answer is here.
void Machine::go_on_from_found() {
  session_.go_on_from(refresh_.take_found());
  if (settings_.hands_over()) hold_mark();
  keep_copy();
}

// R8: the session stays. Those who wait get what there is (F7, R11).
void Machine::back_off() {
  backoff_.fail(now_, refresh_.take_retry_after(), random_, !closed_);
  turn_.release(effects_, refresh_.run());
  trace(TimelineCause::refresh_transient);
  session_.put_off();
  Effect& effect = effects_.push(EffectKind::refreshfailed);
  effect.refreshfailed.cause = backoff_.cause().packed();
  effect.refreshfailed.retry_at = backoff_.until();
  release_waiters(Ending::failed, ErrorCode::refresh_failed);
}

// R9: its answer, if one comes, is let go.
void Machine::cancel_request() {
  effects_.push(EffectKind::cancel_refresh).cancel_refresh = {refresh_.run()};
}

void Machine::cancel_and_back_off() {
  cancel_request();
  refresh_.set_retry_after({});
  backoff_.set_cause({RefreshCauseKind::timeout});
  back_off();
}

// What the server gave is not stored.
Record Machine::drop_redeemed() {
  trace(TimelineCause::result_dropped);
  return refresh_.take_redeemed();
}

// The session ended or another began. A request that is under way stays so: its answer comes with
// the number of an old run (let_go). An answer that was waiting to be stored is revoked; not so
// with cookies, where nothing tells the old user's from the new one's. `successor`: the session
// that is about to begin, if one is.
void Machine::cancel_refresh(const Record& successor) {
  if (settings_.mode == Mode::bearer) revoke_overtaken(refresh_.take_redeemed(), successor);
  turn_.release(effects_, refresh_.run());
  end_flight();
  refresh_.cancel();
}

}  // namespace bearerkit
