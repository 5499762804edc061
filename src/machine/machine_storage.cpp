// The storage as other tabs leave it, and what they say.
#include <utility>

#include "machine/machine.h"
#include "machine/stored.h"

namespace bearerkit {

// ---- what is read ---------------------------------------------------------------------------

void Machine::on_storage_read(const Input& input) {
  const auto [purpose, operation, outcome] = input.storage_read;
  if (!storage_.is_newest(purpose, operation)) return;
  if (purpose != ReadPurpose::lease && outcome == ReadOutcome::found) storage_.end_doubt();
  switch (purpose) {
    case ReadPurpose::start:
      return first_read(outcome, input.text);
    case ReadPurpose::peek:
      return look_at_stored(outcome, input.text);
    case ReadPurpose::run:
      return read_for_refresh(outcome, input.text);
    case ReadPurpose::lease:
      if (!reads_lease.has(refresh_.phase())) return;
      const RefreshEvent seen = turn_.look_at_lease(
          outcome, input.text, now_, settings_.lock_timeout, refresh_.phase() == Phase::confirming);
      // Run out, for this tab was frozen; or another one claimed later, and was not waited for. It
      // asks anew once, lest others claim all the time (R10).
      return run_refresh_late(RefreshEvent::lease_lost,
                              seen == RefreshEvent::lease_lost ? RefreshEvent::lease_failed : seen,
                              seen == RefreshEvent::lease_lost);
  }
}

void Machine::read_for_refresh(ReadOutcome outcome, std::string_view text) {
  if (!awaits_record.has(refresh_.phase())) return;
  if (refresh_.was_frozen(now_) && refresh_.may_begin_anew()) {
    return run_refresh(RefreshEvent::frozen);
  }
  Found found =
      look_at_record(outcome, text, session_, newest_generation(), ended_, settings_, now_);
  const RefreshEvent seen = refresh_event_of(found.stored, session_, settings_);
  // X1: before a token is redeemed, whichever way it was found. Hybrid mode goes by the cookie.
  const bool would_redeem = seen == RefreshEvent::record_same || seen == RefreshEvent::record_stale;
  if (would_redeem && refresh_.phase() == Phase::reading && !refresh_.writes_arrived() &&
      settings_.write_lag > 0 && settings_.mode != Mode::hybrid) {
    return run_refresh(RefreshEvent::record_unsettled);
  }
  if (to_take_up.has(found.stored)) refresh_.set_found(std::move(found.record));
  run_refresh(seen);
}

void Machine::look_at_stored(ReadOutcome outcome, std::string_view text) {
  // A sign-in on its way is newer than what is stored.
  if (storage_.sign_in_pending() || !started() || closed_) return;
  Found found = look_at_record(outcome, text, session_, generation(), ended_, settings_, now_);
  const Running refresh = !refresh_.runs()                         ? Running::no
                          : waits_for_others.has(refresh_.phase()) ? Running::waits
                                                                   : Running::acts;
  switch (decide_stored({found.stored, session_.standing(), refresh})) {
    case StoredAction::hand_over:
      refresh_.set_found(std::move(found.record));
      return run_refresh(RefreshEvent::record_newer);
    case StoredAction::adopt:
      refresh_.set_found(std::move(found.record));
      return adopt();
    case StoredAction::doubt: {
      // Mostly the other tab's word that its user signed out is still on its way (L3).
      constexpr Milliseconds kMessageDelay = 100;
      return storage_.doubt_until(now_ + kMessageDelay);
    }
    case StoredAction::end_corrupt:
      return end_session(SignOutReason::storage_corrupt);
    case StoredAction::remove:
      return remove_ended(found.record.session);
    case StoredAction::write_back:
      // Outside the lock nobody knows whether the own record is the newest: a refresh puts it
      // there. Once, lest two sessions take turns.
      if (refresh_state() == RefreshState::idle && session_.write_back_once()) {
        run_refresh(RefreshEvent::demand);
      }
      return;
    case StoredAction::nothing:
      return;
  }
}

void Machine::remove_ended(std::uint64_t session) {
  effects_.push(EffectKind::remove_storage);
  // X3: whoever took it up meanwhile is told. Once, lest tabs tell each other all the time where
  // nothing can be removed.
  if (session_.write_back_once()) broadcast(PeerMessage::Kind::ended, session);
}

void Machine::peek() {
  if (settings_.shared_storage != 0 && !closed_) storage_.read(effects_, ReadPurpose::peek);
}

// ---- what is written ------------------------------------------------------------------------

void Machine::on_storage_written(OperationId write) {
  storage_.end_doubt();
  if (storage_.is_of_sign_in(write)) {
    finish_sign_in();
  } else if (storage_.is_of_run(write) && refresh_.phase() == Phase::storing) {
    run_refresh(RefreshEvent::stored);
  } else {  // X3, R10: it was not waited for, and those who were told looked too early
    broadcast(PeerMessage::Kind::changed, session_.record().session);
  }
}

// ---- what other tabs say --------------------------------------------------------------------

void Machine::hear(std::string_view message) {
  const Result<PeerMessage> peer = read_peer_message(message);
  if (!peer || closed_) return;
  const bool shared = settings_.shared_storage != 0;
  // C4: a session that was presumed without a record may be any.
  const bool ours = peer->session == session_.record().session || generation() == 0;
  const bool out = peer->kind == PeerMessage::Kind::signed_out;
  const bool over = out || peer->kind == PeerMessage::Kind::ended;
  if (!shared && peer->kind == PeerMessage::Kind::signed_in) {
    follow_cookie();
  } else if (session_.exists() && (shared ? ours && over : out)) {
    // X3: with a storage of its own this tab has a session of its own, and ends it, too.
    if (!shared) effects_.push(EffectKind::remove_storage);
    end_session(SignOutReason::signed_out_elsewhere);
  }
  peek();
}

// X3, L2: somebody signed in in another tab. Where the record is this tab's own, but the cookie is
// everybody's, the session here is over, and the cookie's is asked for.
void Machine::follow_cookie() {
  if (settings_.mode == Mode::bearer || !started()) return;
  // A refresh that is on its way has the cookie with it, the old one or the new one. Its answer is
  // waited for, under the lock, and then let go (run_refresh): the cookie must not be redeemed
  // twice.
  if (token_was_sent.has(refresh_.phase())) return refresh_.set_cookie_changed();
  replace_by_cookie(random_.next(), 0);
}

void Machine::broadcast(PeerMessage::Kind kind, std::uint64_t session) {
  if (session != 0) {
    effects_.push(EffectKind::broadcast).text = write_peer_message(PeerMessage{kind, session});
  }
}

}  // namespace bearerkit
