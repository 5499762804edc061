// The inputs that are no more than a time or a word of the platform, and where the others go.
#include "machine/machine.h"

#include <utility>

#include "formats/hash.h"
#include "machine/stored.h"

namespace bearerkit {

Machine::Machine(const Settings& settings)
    : settings_(settings),
      random_(static_cast<std::uint64_t>(settings.seed_high) << 32 | settings.seed_low),
      session_(settings_) {}

ErrorCode Machine::handle(Milliseconds now, const Input& input) {
  begin_input(now);
  if (input.kind == InputKind::sign_in) return sign_in(input);
  take(input);
  return ErrorCode::none;
}

void Machine::take(const Input& input) {
  switch (input.kind) {
    case InputKind::start:
      return start(input.start.flags);
    case InputKind::abort:
      return forget(input.abort.request, TimelineCause::request_aborted);
    case InputKind::transport_error:
      return forget(input.transport_error.request, TimelineCause::request_failed);
    case InputKind::sign_in:
      return;
    case InputKind::sign_out:
      return sign_out();
    case InputKind::sign_out_answered:
      return on_sign_out_answered(input.sign_out_answered.status);
    case InputKind::lock_granted:
      return on_lock_granted(input.lock_granted.run);
    case InputKind::lock_unavailable:
      return on_lock_unavailable(input.lock_unavailable.run);
    case InputKind::storage_read:
      return on_storage_read(input);
    case InputKind::storage_written:
      return on_storage_written(input.storage_written.operation);
    case InputKind::storage_removed:
      return on_storage_removed();
    case InputKind::storage_unavailable:
      return effects_.warn(Warning::storage_unavailable);
    case InputKind::token_response:
      return on_token_response(input);
    case InputKind::refresh_error:
      return on_refresh_error(input.refresh_error.run, input.refresh_error.override_,
                              input.refresh_error.cause);
    case InputKind::effect_failed:
      return on_effect_failed(input);
    case InputKind::token_refused:
      return on_token_refused(input.text);
    case InputKind::peer_message:
      return hear(input.text);
    case InputKind::wake:
      return on_wake(input.wake.flags);
    case InputKind::timeout:
      return on_timeout();
    case InputKind::close:
      return close();
  }
}

// E5, R10: a clock that is set back must not stretch what is waited for. What is kept in memory
// moves with the clock; the record's deadline has `received` to tell (Session::freshness).
void Machine::begin_input(Milliseconds now) {
  if (!(now > -kNever && now < kNever)) now = now_;  // R13: no time at all
  if (now < now_) {
    const Milliseconds by = now_ - now;
    refresh_.shift(by);
    turn_.shift(by);
    backoff_.shift(by);
    storage_.shift(by);
  }
  now_ = now;
}

void Machine::trace(TimelineCause cause, RequestId id, std::uint32_t status) {
  if (!effects_.timeline()) return;  // L4: then nothing is looked up
  const Request* const request = requests_.find(id);
  const bool named = request != nullptr && request->kind == RequestKind::fetch;
  const std::uint32_t method = named ? request->flags >> kMethodShift & kOtherMethod : kOtherMethod;
  effects_.trace(cause, id, session_.record().generation, status << kMethodBits | method, now_);
}

// ---- time -----------------------------------------------------------------------------------

void Machine::on_timeout() {
  if (!started() && now_ >= storage_.start_deadline()) {
    effects_.warn(Warning::storage_slow);
    first_read(ReadOutcome::failed, {});
  }
  if (now_ >= storage_.sign_in_deadline()) finish_sign_in();
  if (now_ >= refresh_.deadline()) {
    // R24: also where the storage does not answer.
    const bool doubts = refresh_.phase() == Phase::verifying && may_doubt();
    run_refresh_late(RefreshEvent::frozen,
                     doubts ? RefreshEvent::record_doubtful : RefreshEvent::time_up,
                     refresh_.was_frozen(now_));
  }
  if (now_ >= storage_.cleared_deadline()) end_session(SignOutReason::storage_cleared);
  if (now_ >= turn_.shows_life_at()) show_life();
  if (now_ >= turn_.mark_ends()) drop_mark();
  if (!session_.exists() || closed_) return;

  const bool ahead =
      settings_.keep_alive != 0 && visible_ && session_.freshness(now_) != Freshness::fresh;
  const RefreshState state = refresh_state();
  if (state == RefreshState::impossible) {  // R12
    if (session_.freshness(now_) == Freshness::expired) expire_session();
  } else if (state == RefreshState::idle && (ahead || now_ >= backoff_.recovers_at())) {
    run_refresh(RefreshEvent::demand);
  }
}

Milliseconds Machine::poll_timeout() const {
  Milliseconds next = refresh_.deadline();
  const auto at = [&next](Milliseconds time) { next = time < next ? time : next; };
  at(storage_.start_deadline());
  at(storage_.sign_in_deadline());
  at(storage_.cleared_deadline());
  at(turn_.shows_life_at());
  at(turn_.mark_ends());
  if (!session_.exists() || closed_) return next;
  if (!session_.refresh_possible()) {
    at(deadline() + settings_.leeway);
  } else if (!refresh_.runs() && !prerendering_) {
    at(backoff_.recovers_at());
    if (settings_.keep_alive != 0 && visible_) {
      const Milliseconds due = session_.margin_begins();
      at(due < backoff_.until() ? backoff_.until() : due);
    }
  }
  return next;
}

// ---- the platform ---------------------------------------------------------------------------

void Machine::on_wake(std::uint32_t flags) {
  visible_ = (flags & page_visible) != 0;
  prerendering_ = (flags & prerendering) != 0;
  if ((flags & network_back) != 0) backoff_.network_back();
  // X2: what is on its way may be from before this tab was frozen. Not waited for any longer (R10).
  if (awaits_record.has(refresh_.phase())) storage_.read(effects_, ReadPurpose::run);
  // X6: unless another tab has done it meanwhile.
  const bool due = requests_.any_waits() || session_.freshness(now_) == Freshness::expired;
  if (demanded_ && due && session_.exists()) run_refresh(RefreshEvent::demand);
  // X3: hidden as well. The message that another tab has written may have been quicker than what it
  // wrote; then the storage's own event is the only word that it is there.
  peek();
}

// R13: as if the platform had said so itself.
void Machine::on_effect_failed(const Input& input) {
  const auto [effect, id] = input.effect_failed;
  effects_.warn(Warning::platform_failed);
  switch (static_cast<EffectKind>(effect)) {
    case EffectKind::send:
    case EffectKind::retry:
    case EffectKind::deliver:
    case EffectKind::finish:
      return forget(id, TimelineCause::request_failed);
    case EffectKind::acquire_lock:
      return on_lock_unavailable(id);
    case EffectKind::read_storage:
      return on_read_failed(id);
    case EffectKind::write_storage:
      return on_storage_written(id);
    case EffectKind::refresh:
      return on_refresh_error(id, Override::none, RefreshCauseKind::threw);
    default:  // nobody waits for it
      return;
  }
}

// E6: late reports of a token that has been replaced say nothing of the current one (R2). An early
// one is of the token that is still to be read.
void Machine::on_token_refused(std::string_view token) {
  if (token.empty()) return;
  if (session_.restoring()) early_refusal_ = hash_of(token);
  if (session_.record().access_token == token) session_.reject_token();
}

void Machine::on_read_failed(OperationId read) {
  for (std::uint32_t purpose = 0; purpose < kReadPurposes; purpose++) {
    Input input;
    input.kind = InputKind::storage_read;
    input.storage_read = {static_cast<ReadPurpose>(purpose), read, ReadOutcome::failed};
    on_storage_read(input);  // for one of them it is the newest
  }
}

// R10: every call that waits ends. The session itself is kept.
void Machine::close() {
  if (std::exchange(closed_, true)) return;
  release_waiters(Ending::closed, ErrorCode::closed);
  // Nobody wants it any more. One that has been sent is still stored.
  if (waits_for_turn.has(refresh_.phase())) cancel_refresh({});
}

}  // namespace bearerkit
