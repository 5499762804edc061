// One refresh, from the lock to the commit: carries out the rows of kFlowTable.
#include <utility>

#include "machine/session.h"

namespace bearerkit {
namespace {

// R8: so often a failed refresh is tried again by itself. The server may have rotated the token
// and its answer been lost: inside its grace window the next attempt gets the successor, later
// the whole family would be revoked.
constexpr std::uint32_t kRecoveries = 5;
// A longer Retry-After is not believed.
constexpr Milliseconds kLongestRetryAfter = 24.0 * 60 * 60 * 1000;

}  // namespace

void Session::run_flow(Milliseconds now, FlowEvent event) {
  const FlowRow* row = find_flow_row(phase_, event);
  if (row == nullptr) return;
  if (phase_ == Phase::idle) {
    asked_again_ = false;
    lost_claims_ = 0;
  }
  phase_ = row->next;
  phase_deadline_ = kNever;
  if (phase_ == Phase::idle && cookie_changed_) return replace_by_cookie(now, random_.next(), 0);
  act(now, row->action);
}

void Session::act(Milliseconds now, FlowAction action) {
  switch (action) {
    case FlowAction::acquire_lock:
      recovering_ = settled_ = false;
      release_lock();
      ticket_++;
      return acquire_lock(now, false);
    case FlowAction::steal_lock:
      emit(Event::warning, static_cast<std::uint32_t>(Warning::lock_stolen), now);
      return acquire_lock(now, true);
    case FlowAction::read_lease:
      phase_deadline_ = now + config_.storage_timeout;
      return read_storage(ReadPurpose::lease);
    case FlowAction::claim_lease:
      return claim_lease(now);
    case FlowAction::await_lease:
      return await_lease(now);
    case FlowAction::read_record:
      phase_deadline_ = now + config_.storage_timeout;
      return read_storage(ReadPurpose::flow);
    case FlowAction::settle:
      settled_ = true;
      phase_deadline_ = now + config_.settle_time;
      return;
    case FlowAction::redeem:
      return redeem(now);
    case FlowAction::store:
      return store(now);
    case FlowAction::finish_refreshed:
      return finish_refreshed(now);
    case FlowAction::adopt:
      return adopt(now);
    case FlowAction::drop_and_adopt:
      // Not revoked: what is dropped may be of the family that is adopted.
      trace(now, TimelineCause::result_dropped);
      redeemed_ = Record{};
      return adopt(now);
    case FlowAction::back_off:
      return back_off(now);
    case FlowAction::end_rejected:
      trace(now, TimelineCause::refresh_terminal);
      return end_session(now, SignOutReason::refresh_rejected);
    case FlowAction::end_cleared:
      return end_session(now, missing_reason_);
    case FlowAction::drop_and_end:
      trace(now, TimelineCause::result_dropped);
      revoke(std::exchange(redeemed_, Record{}));
      return end_session(now, missing_reason_);
  }
}

// What the storage holds, seen from what this client holds (X1, X2, R7, S4).
FlowEvent Session::compare(Milliseconds now, ReadOutcome outcome, std::string_view text) {
  if (outcome == ReadOutcome::failed) return FlowEvent::record_unchanged;
  Result<Record> stored = Error{ErrorCode::malformed};
  if (outcome == ReadOutcome::found) stored = read_record(text, config_.mode);
  if (!stored) {
    // Not to be repaired from here: whoever wrote last may have been somebody else (L2), or this
    // session in a generation that this tab has not seen.
    missing_reason_ = outcome == ReadOutcome::found ? SignOutReason::storage_corrupt
                                                    : SignOutReason::storage_cleared;
    // C4: a session that was presumed without a record has none to lose.
    const bool none = presumed_ && record_.generation == 0;
    return none ? FlowEvent::record_unchanged : FlowEvent::record_missing;
  }
  if (has_ended(stored->session)) return FlowEvent::record_unchanged;  // L1: the commit replaces it
  const bool other = stored->session != record_.session;
  if (!other && stored->generation <= newest_generation()) return FlowEvent::record_unchanged;
  candidate_ = std::move(*stored);
  if (config_.mode == Mode::hybrid && phase_ != Phase::verifying) {
    // C4: the record tells that another tab's turn is over, but not its access token: the newest
    // cookie is there, and this tab takes its own turn.
    if (!other) return FlowEvent::record_unchanged;
    if (presumed_ && phase_ == Phase::reading) {
      record_.session = candidate_.session;
      record_.generation = candidate_.generation;
      return FlowEvent::record_unchanged;
    }
  }
  if (phase_ == Phase::reading && !other && now >= candidate_.deadline + config_.leeway &&
      refresh_possible()) {
    // Another tab refreshed, long ago: its token has expired as well. Go on from there.
    record_ = std::move(candidate_);
    token_version_++;
    return FlowEvent::record_unchanged;
  }
  return FlowEvent::record_newer;
}

// Of the session, as far as this refresh has seen. In hybrid mode that is not the own token's.
std::uint32_t Session::newest_generation() const {
  const bool stored = candidate_.session == record_.session;
  return stored && candidate_.generation > record_.generation ? candidate_.generation
                                                              : record_.generation;
}

void Session::redeem(Milliseconds now) {
  trace(now, TimelineCause::refresh_sent);
  phase_deadline_ = now + config_.refresh_timeout;
  Effect& effect = push(EffectKind::refresh);
  effect.ticket = ticket_;
  effect.code = static_cast<std::uint32_t>(config_.dialect != Dialect::unknown ? config_.dialect
                                                                               : record_.dialect);
  effect.at = phase_deadline_;
  if (config_.mode == Mode::bearer) effect.data = record_.refresh_token;
}

void Session::store(Milliseconds now) {
  // A tab that had lost the lock may have stored in between: stay above (X2).
  redeemed_.session = record_.session;
  redeemed_.generation = newest_generation() + 1;
  phase_deadline_ = now + config_.storage_timeout;
  Effect& effect = push(EffectKind::write_storage);
  effect.ticket = ticket_;
  effect.data = write_record(redeemed_, config_.mode);
}

void Session::finish_refreshed(Milliseconds now) {
  const bool restored = std::exchange(presumed_, false);
  take_up(std::exchange(redeemed_, Record{}));
  release_lock();
  broadcast(PeerMessage::Kind::changed, record_.session);
  trace(now, TimelineCause::refresh_succeeded);
  if (restored) {
    trace(now, TimelineCause::session_started);
    emit(Event::signedin, static_cast<std::uint32_t>(SignInSource::restored), now);
  }
  emit(Event::refreshed, 0, now);
  settle_waiters(now, ErrorCode::none);
}

// R7, X1, X3: takes up candidate_, which another tab stored.
void Session::adopt(Milliseconds now) {
  release_lock();
  trace(now, TimelineCause::record_adopted);
  Record found = std::exchange(candidate_, Record{});
  const bool other = found.session != record_.session;
  if (config_.mode == Mode::hybrid) {
    if (!other) return run_flow(now, FlowEvent::demand);  // R7: it was not the newest cookie
    return replace_by_cookie(now, found.session, found.generation);
  }
  if (other || presumed_) {
    remember_ended(record_.session);
    begin_session(now, std::move(found), SignInSource::elsewhere);
  } else {
    take_up(std::move(found));
    emit(Event::refreshed, 1, now);
  }
  settle_waiters(now, ErrorCode::none);
}

// R8: the session stays. Those who wait get what there is (F7, R11).
void Session::back_off(Milliseconds now) {
  failures_++;
  Milliseconds delay = backoff_delay(failures_, random_);
  told_when_ = retry_after_.has_value();
  if (told_when_) {
    const Milliseconds asked = retry_after_.seconds * 1000;
    delay = asked < kLongestRetryAfter ? asked : kLongestRetryAfter;
  }
  retry_after_ = OptionalSeconds{};
  backoff_until_ = now + delay;
  recovering_ = failures_ <= kRecoveries && !closed_;
  release_lock();
  trace(now, TimelineCause::refresh_transient);
  emit(Event::refreshfailed, 0, backoff_until_);
  settle_waiters(now, ErrorCode::refresh_failed);
}

// The session ended or another began. A request that is under way stays so: its answer comes with
// an old ticket (see let_go). An answer that was waiting to be stored is revoked; not so with
// cookies, where nothing tells the old user's from the new one's.
void Session::cancel_flow() {
  if (config_.mode == Mode::bearer && !redeemed_.access_token.empty()) revoke(redeemed_);
  redeemed_ = Record{};
  candidate_ = Record{};
  cookie_changed_ = false;
  release_lock();
  if (phase_ != Phase::idle) ticket_++;
  phase_ = Phase::idle;
  phase_deadline_ = kNever;
}

void Session::handle_flow_timeout(Milliseconds now) {
  switch (phase_) {
    case Phase::locking:
    case Phase::stealing:
      // X2: frozen while it waited, it knows nothing of the holder.
      return run_flow(now,
                      ask_again(was_frozen(now)) ? FlowEvent::lock_late : FlowEvent::lock_timeout);
    case Phase::redeeming:
      push(EffectKind::cancel_refresh).ticket = ticket_;
      retry_after_ = OptionalSeconds{};
      return run_flow(now, FlowEvent::redeem_timeout);
    case Phase::reading:
    case Phase::committing:
    case Phase::verifying:
      if (ask_again(was_frozen(now))) return run_flow(now, FlowEvent::record_late);
      emit(Event::warning, static_cast<std::uint32_t>(Warning::storage_slow), now);
      return run_flow(now, FlowEvent::record_unchanged);
    case Phase::storing:
      emit(Event::warning, static_cast<std::uint32_t>(Warning::storage_slow), now);
      return run_flow(now, FlowEvent::stored);
    case Phase::settling:
      return run_flow(now, was_frozen(now) ? FlowEvent::record_late : FlowEvent::pause_over);
    case Phase::queueing:
    case Phase::claiming:
      return run_flow(now,
                      ask_again(was_frozen(now)) ? FlowEvent::lock_late : FlowEvent::pause_over);
    case Phase::asking:
    case Phase::confirming:
      emit(Event::warning, static_cast<std::uint32_t>(Warning::storage_slow), now);
      return run_flow(now, FlowEvent::lease_failed);
    case Phase::idle:
      return;
  }
}

}  // namespace bearerkit
