// The session's begin and end, time, and the effects.
#include "machine/session.h"

#include <cassert>
#include <utility>

namespace bearerkit {

Session::Session(const SessionConfig& config)
    : config_(config),
      random_(static_cast<std::uint64_t>(config.seed_high) << 32 | config.seed_low) {}

// ---- begin ----------------------------------------------------------------------------------

void Session::handle_start(Milliseconds now) {
  observe(now);
  start_deadline_ = now + config_.storage_timeout;
  read_storage(ReadPurpose::start);
}

void Session::handle_first_read(Milliseconds now, ReadOutcome outcome, std::string_view text) {
  if (standing_ != Standing::starting) return;  // a sign-in was quicker
  start_deadline_ = kNever;
  if (outcome == ReadOutcome::found) {
    Result<Record> stored = read_record(text, config_.mode);
    if (!stored) {
      standing_ = Standing::signed_out;
      emit(Event::signedout, static_cast<std::uint32_t>(SignOutReason::storage_corrupt), now);
    } else if (config_.mode == Mode::hybrid) {
      presume_session(now, stored->session, stored->generation);
    } else {
      begin_session(now, std::move(*stored), SignInSource::restored);
    }
  } else if (config_.mode == Mode::bearer || config_.can_refresh == 0) {
    standing_ = Standing::signed_out;
  } else {
    presume_session(now, random_.next(), 0);
  }
  redecide_waiters(now);
}

// C1, C4: whether there is a session only the cookie knows. Cookie mode sends and sees; hybrid
// mode has no access token to send, and asks for one quietly, if it can.
void Session::presume_session(Milliseconds now, std::uint64_t session, std::uint32_t generation) {
  if (config_.mode == Mode::hybrid && !refresh_possible()) return leave_session();
  Record presumed;
  presumed.session = session;
  presumed.generation = generation;
  take_up(std::move(presumed));
  standing_ = Standing::signed_in;
  presumed_ = true;
  if (config_.mode == Mode::hybrid) run_flow(now, FlowEvent::demand);
}

// Nobody is signed in, and nothing is to come of what was under way for the last session.
void Session::leave_session() {
  take_up(Record{});
  standing_ = Standing::signed_out;
  presumed_ = restored_ = false;
  start_deadline_ = kNever;
  cleared_deadline_ = kNever;
  sign_in_ticket_ = 0;
  sign_in_deadline_ = kNever;
}

// What was known of the last one's token says nothing of this one's.
void Session::take_up(Record record) {
  record_ = std::move(record);
  rejected_ = recovering_ = false;
  failures_ = 0;
  backoff_until_ = 0;
  token_version_++;
}

void Session::begin_session(Milliseconds now, Record record, SignInSource source) {
  take_up(std::move(record));
  first_ticket_ = ticket_ + 1;
  standing_ = Standing::signed_in;
  presumed_ = restored_ = false;
  cleared_deadline_ = kNever;
  trace(now, TimelineCause::session_started);
  emit(Event::signedin, static_cast<std::uint32_t>(source), now);
}

Error Session::handle_sign_in(Milliseconds now, std::string_view token_response_json) {
  observe(now);
  if (closed_) return Error{ErrorCode::closed};
  Result<TokenResponse> response =
      read_token_response(token_response_json, config_.mode != Mode::cookie);
  if (!response) return response.error();

  Record record;
  do {
    record.session = random_.next();
  } while (record.session == 0);
  record.generation = 1;
  record.dialect = response->dialect;
  record.access_token = config_.mode == Mode::cookie ? "" : response->access_token;
  record.refresh_token = config_.mode == Mode::bearer ? response->refresh_token : "";
  set_times(record, *response, now, skew_);

  cancel_flow();  // L2
  remember_ended(record_.session);
  start_deadline_ = kNever;
  begin_session(now, std::move(record), SignInSource::here);
  sign_in_ticket_ = ++ticket_;
  sign_in_deadline_ = now + config_.storage_timeout;
  Effect& write = push(EffectKind::write_storage);
  write.ticket = sign_in_ticket_;
  write.data = write_record(record_, config_.mode);
  settle_waiters(now, ErrorCode::none);
  return Error{};
}

void Session::handle_storage_written(Milliseconds now, std::uint32_t ticket) {
  observe(now);
  cleared_deadline_ = kNever;
  if (ticket != 0 && ticket == sign_in_ticket_) {
    finish_sign_in();
  } else if (ticket == ticket_ && phase_ == Phase::storing) {
    run_flow(now, FlowEvent::stored);
  } else {  // X3, R10: it was not waited for, and those who were told looked too early
    broadcast(PeerMessage::Kind::changed, record_.session);
  }
}

void Session::finish_sign_in() {
  sign_in_ticket_ = 0;
  sign_in_deadline_ = kNever;
  broadcast(PeerMessage::Kind::signed_in, record_.session);
  peek();  // what was read meanwhile was not looked at
}

void Session::handle_storage_unavailable(Milliseconds now) {
  observe(now);
  emit(Event::warning, static_cast<std::uint32_t>(Warning::storage_unavailable), now);
}

// ---- end ------------------------------------------------------------------------------------

void Session::handle_sign_out(Milliseconds now) {
  observe(now);
  if (standing_ == Standing::signed_out) return;
  end_session(now, SignOutReason::signed_out);
}

void Session::end_session(Milliseconds now, SignOutReason reason) {
  const bool announced = !presumed_ && standing_ == Standing::signed_in;
  if (announced) trace(now, TimelineCause::session_ended);
  cancel_flow();
  // What another tab or the storage brought about has been carried out there.
  if (reason == SignOutReason::signed_out) {
    push(EffectKind::remove_storage);
    broadcast(PeerMessage::Kind::signed_out, record_.session);
    revoke(record_);
  } else if (reason == SignOutReason::refresh_rejected || reason == SignOutReason::expired) {
    // Removed where it is still of this session (handle_peek); another one is taken up.
    read_storage(ReadPurpose::peek);
    broadcast(PeerMessage::Kind::ended, record_.session);
  }
  remember_ended(record_.session);
  leave_session();
  // The event first: a caller that is handed its 401 finds the client signed out.
  if (announced) emit(Event::signedout, static_cast<std::uint32_t>(reason), now);
  settle_waiters(now, reason == SignOutReason::refresh_rejected ? ErrorCode::refresh_rejected
                                                                : ErrorCode::signed_out);
}

// ---- time -----------------------------------------------------------------------------------

void Session::handle_timeout(Milliseconds now) {
  observe(now);
  if (standing_ == Standing::starting && now >= start_deadline_) {
    emit(Event::warning, static_cast<std::uint32_t>(Warning::storage_slow), now);
    handle_first_read(now, ReadOutcome::failed, {});
  }
  if (now >= sign_in_deadline_) finish_sign_in();
  if (now >= phase_deadline_) handle_flow_timeout(now);
  if (now >= cleared_deadline_) end_session(now, SignOutReason::storage_cleared);
  if (standing_ != Standing::signed_in || closed_) return;

  const bool due = (recovering_ && now >= backoff_until_) ||
                   (config_.keep_alive != 0 && visible_ && freshness(now) != Freshness::fresh);
  const Refresh column = refresh_column(now);
  if (column == Refresh::impossible) {
    if (freshness(now) == Freshness::expired) end_session(now, SignOutReason::expired);  // R12
  } else if (due && column == Refresh::idle) {
    run_flow(now, FlowEvent::demand);
  }
}

Milliseconds Session::poll_timeout() const {
  Milliseconds next = phase_deadline_;
  const auto at = [&next](Milliseconds time) { next = time < next ? time : next; };
  at(start_deadline_);
  at(sign_in_deadline_);
  at(cleared_deadline_);
  if (standing_ != Standing::signed_in || closed_) return next;
  if (!refresh_possible()) {
    at(record_.deadline + config_.leeway);
  } else if (phase_ == Phase::idle) {
    if (recovering_) at(backoff_until_);
    if (config_.keep_alive != 0 && visible_) {
      const Milliseconds due = rejected_ ? last_now_ : record_.deadline - margin();
      at(due < backoff_until_ ? backoff_until_ : due);
    }
  }
  return next;
}

// E5, R10: a clock that is set back must not stretch what is waited for. What is kept in memory
// moves with the clock; the record's deadline has `received` to tell (see freshness).
void Session::observe(Milliseconds now) {
  assert(next_effect_ == effects_.size() && "poll_effect until empty before the next input");
  effects_.clear();
  next_effect_ = 0;
  if (now < last_now_) {
    const Milliseconds shift = last_now_ - now;
    for (Milliseconds* time : {&start_deadline_, &sign_in_deadline_, &phase_deadline_,
                               &backoff_until_, &cleared_deadline_, &lease_deadline_}) {
      *time -= shift;
    }
  }
  last_now_ = now;
}

void Session::handle_close(Milliseconds now) {
  observe(now);
  if (closed_) return;
  closed_ = true;
  settle_waiters(now, ErrorCode::closed);
}

// ---- effects --------------------------------------------------------------------------------

bool Session::poll_effect(Effect& effect) {
  if (next_effect_ == effects_.size()) {
    effects_.clear();
    next_effect_ = 0;
    effect = Effect{};
    return false;
  }
  effect = std::move(effects_[next_effect_++]);
  return true;
}

Effect& Session::push(EffectKind kind) {
  Effect& effect = effects_.emplace_back();
  effect.kind = kind;
  return effect;
}

// L1: tell the server that the session's refresh token is to be forgotten. In hybrid and cookie
// mode the cookie names it.
void Session::revoke(const Record& record) {
  if (config_.mode == Mode::bearer && record.access_token.empty()) return;
  Effect& effect = push(EffectKind::revoke);
  effect.code = static_cast<std::uint32_t>(config_.dialect != Dialect::unknown ? config_.dialect
                                                                               : record.dialect);
  effect.data = record.refresh_token;
}

void Session::broadcast(PeerMessage::Kind kind, std::uint64_t session) {
  if (session == 0) return;
  push(EffectKind::broadcast).data = write_peer_message(PeerMessage{kind, session});
}

void Session::emit(Event event, std::uint32_t flags, Milliseconds at) {
  Effect& effect = push(EffectKind::emit);
  effect.code = static_cast<std::uint32_t>(event);
  effect.flags = flags;
  effect.generation = record_.generation;
  effect.at = at;
}

void Session::trace(Milliseconds now, TimelineCause cause, std::uint32_t request) {
  if (!timeline_) return;
  emit(Event::timeline, static_cast<std::uint32_t>(cause), now);
  effects_.back().request = request;
}

}  // namespace bearerkit
