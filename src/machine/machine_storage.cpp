// The storage as other tabs leave it, and the marks that they hold.
#include <utility>

#include "machine/machine.h"
#include "machine/stored.h"

namespace bearerkit {
namespace {

constexpr Cell<ReadPurpose> reads_record{ReadPurpose::start, ReadPurpose::peek, ReadPurpose::run};

// X9: a token that is on its way saves a refresh, no more.
constexpr Milliseconds kHandOver = 1'000;

}  // namespace

// ---- what is read ---------------------------------------------------------------------------

void Machine::on_storage_read(const Input& input) {
  const auto [purpose, operation, outcome] = input.storage_read;
  // S4: also by a read that is not the newest, whose answer may come when the doubt is over.
  if (reads_record.has(purpose) && outcome == ReadOutcome::found) storage_.end_doubt();
  if (!storage_.is_newest(purpose, operation)) return;
  switch (purpose) {
    case ReadPurpose::marks:
      return look_at_marks(outcome, input.text);
    case ReadPurpose::flight:
      return look_at_flight(outcome, input.text);
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
  if (begins_anew()) return run_refresh(RefreshEvent::frozen);
  Found found = look(outcome, text, newest_generation());
  const RefreshEvent seen = refine(refresh_event_of(found.stored, session_, settings_));
  if (seen == RefreshEvent::record_unsettled) {
    refresh_.set_read(found.stored == Stored::stale ? found.record.generation : generation());
  } else if (to_take_up.has(found.stored)) {
    refresh_.set_found(found.record);
  }
  run_refresh(seen);
}

// X2: what is read may be from before this tab was frozen.
bool Machine::begins_anew() const { return refresh_.was_frozen(now_) && refresh_.may_begin_anew(); }

// What is stored, and what another tab has handed over (X9).
Found Machine::look(ReadOutcome outcome, std::string_view text, std::uint32_t newest) const {
  Found found = look_at_record(outcome, text, session_, newest, ended_, settings_, now_);
  const bool unknown = generation() == 0;  // C4: presumed
  const bool gone = found.stored == Stored::missing && !unknown;
  // A record of its own may be of the session before.
  const bool outdated = found.stored == Stored::other && unknown && settings_.shared_storage == 0;
  if (gone || !(tells_no_token.has(found.stored) || outdated)) return found;
  if (found.stored == Stored::stale) newest = found.record.generation;
  const Stored handed = look_at_handed(handed_, session_, newest, ended_, settings_, now_);
  return handed == Stored::same ? found : Found{handed, handed_};
}

// Of a record that brings nothing new: whether it is the last word.
RefreshEvent Machine::refine(RefreshEvent seen) const {
  const bool same = seen == RefreshEvent::record_same;
  if (refresh_.phase() == Phase::verifying && same && may_doubt()) {
    return RefreshEvent::record_doubtful;
  }
  if (refresh_.phase() != Phase::reading || !would_redeem.has(seen)) return seen;
  if (same && refresh_.doubted() && settings_.mode == Mode::bearer) {
    return RefreshEvent::record_refused;
  }
  // X1: before a token is redeemed, whichever way it was found.
  if (!refresh_.writes_arrived() && settings_.lag() > 0) return RefreshEvent::record_unsettled;
  const bool unnoticed = settings_.mode != Mode::bearer && !refresh_.looked_for_flight();
  return unnoticed ? RefreshEvent::record_unnoticed : seen;
}

// R24: not for a visitor of whom nothing is known, whom a refusal tells that nobody is signed in.
bool Machine::may_doubt() const {
  const bool known = settings_.mode == Mode::bearer ? settings_.hands_over() : generation() != 0;
  return known && !refresh_.doubted();
}

// X11
void Machine::look_at_marks(ReadOutcome outcome, std::string_view marks) {
  if (refresh_.phase() != Phase::checking) return;
  if (begins_anew()) return run_refresh(RefreshEvent::frozen);
  if (outcome == ReadOutcome::failed) return run_refresh(RefreshEvent::marks_unknown);
  bool newer = false;
  for (Mark mark; take_mark(marks, mark);) newer |= is_newer(mark);
  const bool hybrid = settings_.mode == Mode::hybrid;
  const Milliseconds patience = hybrid ? kHandOver : settings_.storage_timeout;
  if (newer && now_ < turn_.settles_at(now_ + patience)) {
    return run_refresh(RefreshEvent::marks_newer);
  }
  if (newer && !hybrid && settings_.hands_over()) {
    backoff_.set_cause({RefreshCauseKind::timeout});
    return run_refresh(RefreshEvent::marks_withheld);
  }
  // Whoever had the turn until now may have been closed, and its mark with it. With the cookie
  // nothing is lost by that.
  if (turn_.waited() && !hybrid) return run_refresh(RefreshEvent::marks_unknown);
  run_refresh(RefreshEvent::marks_settled);
}

bool Machine::is_newer(const Mark& mark) const {
  if (settings_.mode != Mode::hybrid) {
    return mark.session == session_.record().session && mark.generation > refresh_.read();
  }
  Record there;  // X9: what it would hand over
  there.session = mark.session;
  there.generation = mark.generation;
  there.deadline = mark.deadline;
  return look_at_handed(there, session_, generation(), ended_, settings_, now_) == Stored::handed;
}

void Machine::look_at_stored(ReadOutcome outcome, std::string_view text) {
  // A sign-in on its way is newer than what is stored.
  if (storage_.sign_in_pending() || !started() || closed_) return;
  Found found = look(outcome, text, generation());
  const Running refresh = !refresh_.runs()                         ? Running::no
                          : waits_for_others.has(refresh_.phase()) ? Running::waits
                                                                   : Running::acts;
  switch (decide_stored({found.stored, session_.standing(), refresh})) {
    case StoredAction::hand_over:
      refresh_.set_found(found.record);
      return run_refresh(RefreshEvent::record_newer);
    case StoredAction::adopt:
      refresh_.set_found(found.record);
      return adopt();
    case StoredAction::doubt: {
      // Mostly the other tab's word that its user signed out is still on its way (L3).
      constexpr Milliseconds kMessageDelay = 100;
      return storage_.doubt_until(now_ + kMessageDelay);
    }
    case StoredAction::end_corrupt:
      return end_session(SignOutReason::storage_corrupt);
    case StoredAction::remember:
      return remember_refusal();
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
  storage_.remove(effects_, session);
  // X3: whoever took it up meanwhile is told. Once, lest tabs tell each other all the time where
  // nothing can be removed.
  if (session_.write_back_once()) broadcast(PeerMessage::Kind::ended, session);
}

void Machine::peek() {
  if (settings_.shared_storage != 0 && !closed_) storage_.read(effects_, ReadPurpose::peek);
}

// ---- what is written ------------------------------------------------------------------------

void Machine::on_storage_written(OperationId write) {
  if (storage_.is_quiet(write)) return;
  storage_.end_doubt();
  if (storage_.is_of_sign_in(write)) {
    finish_sign_in();
  } else if (storage_.is_of_run(write) && refresh_.phase() == Phase::storing) {
    run_refresh(RefreshEvent::stored);
  } else {  // X3, R10: it was not waited for, and those who were told looked too early
    broadcast(PeerMessage::Kind::changed, session_.record().session);
  }
}

// X3: whoever has signed in meanwhile, here or elsewhere, has lost the record.
void Machine::on_storage_removed() {
  broadcast(PeerMessage::Kind::changed, storage_.removed());
  peek();
}

}  // namespace bearerkit
