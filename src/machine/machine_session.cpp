// The session's begin and end (L1, L2, C4).
#include <utility>

#include "formats/hash.h"
#include "machine/machine.h"
#include "machine/record.h"

namespace bearerkit {

// ---- begin ----------------------------------------------------------------------------------

void Machine::start(std::uint32_t flags) {
  prerendering_ = (flags & prerendering) != 0;
  storage_.await_start(now_ + settings_.storage_timeout);
  storage_.read(effects_, ReadPurpose::start);
}

void Machine::first_read(ReadOutcome outcome, std::string_view text) {
  if (started()) return;  // a sign-in was quicker
  storage_.end_start();
  if (outcome == ReadOutcome::found) {
    Result<Record> stored = read_record(text, settings_.mode);
    if (!stored) {
      session_.stand_down();
      announce_end(SignOutReason::storage_corrupt);
    } else if (stored->is_refusal()) {
      presume_at_start(&*stored);
    } else if (settings_.mode == Mode::hybrid) {
      follow_record(*stored);
    } else {
      begin_session(*stored, SignInSource::restored);
    }
  } else {
    presume_at_start(nullptr);
  }
  redecide_waiters();
}

// C1, C4: nothing is stored. Only the cookie knows whether there is a session. C6, C7: it is not
// asked on a server, nor where the app says so, nor for a day after a no.
void Machine::presume_at_start(const Record* refusal) {
  constexpr Milliseconds kDay = 24.0 * 60 * 60 * 1000;
  if (settings_.mode == Mode::bearer || settings_.can_refresh == 0) return session_.stand_down();
  // E5: a time to come is of another clock.
  const bool refused =
      refusal != nullptr && now_ >= refusal->received && now_ < refusal->received + kDay;
  const bool ask = settings_.presume == Presumption::always ||
                   (settings_.presume == Presumption::usually && !refused);
  if (ask) return presume_session();
  session_.stand_down();
  unasked_ = true;
}

// C7: the storage holds no session: by the server's word, or since the user has signed out.
void Machine::remember_refusal() {
  // E5: a clock from before 1970 is none to remember a time by.
  if (!std::exchange(to_remember_, false) || no_.at <= 0) return;
  Record refusal;
  refusal.session = no_.session;
  refusal.received = no_.at;
  storage_.write(effects_, write_record(refusal, settings_.mode));
}

// C1, C4: whether there is a session only the cookie knows. Cookie mode sends and sees; hybrid
// mode has no access token to send, and asks for one quietly, if it can.
void Machine::presume_session() {
  const bool hybrid = settings_.mode == Mode::hybrid;
  if (hybrid && !session_.refresh_possible()) return leave_session();
  unasked_ = to_remember_ = false;
  session_.presume(random_.next());
  backoff_.reset();
  if (hybrid) run_refresh(RefreshEvent::demand);
}

// C5: the stored record of hybrid mode says that there is a session, and whose.
void Machine::follow_record(const Record& stored) {
  if (!session_.refresh_possible()) return leave_session();
  Record record;
  record.session = stored.session;
  record.generation = stored.generation;
  record.identity = stored.identity;
  begin_session(record, started() ? SignInSource::elsewhere : SignInSource::restored);
  run_refresh(RefreshEvent::demand);
}

void Machine::begin_session(const Record& record, SignInSource source) {
  session_.begin(record);
  // E6
  if (std::exchange(early_refusal_, 0) == hash_of(record.access_token)) session_.reject_token();
  demanded_ = unasked_ = to_remember_ = false;
  hopeless_.clear();
  suspected_.clear();
  backoff_.reset();
  refresh_.begin_session();
  storage_.end_doubt();
  handed_ = {};
  hold_mark();
  trace(TimelineCause::session_started);
  effects_.push(EffectKind::signedin).signedin = {source};
}

ErrorCode Machine::sign_in(const Input& input) {
  if (closed_) return ErrorCode::closed;
  const bool cookie = settings_.mode == Mode::cookie;
  Result<TokenResponse> response = read_token_response(input.text, !cookie);
  if (!response) return response.error().code;

  Record record;
  record.session = new_session_id();
  record.generation = 1;
  record.dialect = response->dialect;
  if (!cookie) record.access_token = response->access_token;
  if (settings_.mode == Mode::bearer) record.refresh_token = response->refresh_token;
  take_in(record, *response, input);
  record.kept = kept_of(input.kept, {});

  cancel_refresh(record);  // L2
  ended_.add(session_.record().session);
  storage_.end_start();
  begin_session(record, SignInSource::here);
  // E4: tokens of yesterday are refreshed first.
  const OptionalSeconds end = response->expires_at;
  const bool over = end.has_value() && end.seconds * 1000 - skew_ <= now_;
  if (over && deadline() == kNever && session_.refresh_possible()) session_.reject_token();
  storage_.write_sign_in(effects_, write_record(session_.record(), settings_.mode),
                         now_ + settings_.storage_timeout);
  release_waiters(Ending::refreshed, ErrorCode::none);
  return ErrorCode::none;
}

std::uint64_t Machine::new_session_id() {
  const std::uint64_t id = random_.next();
  return id != 0 ? id : 1;
}

void Machine::finish_sign_in() {
  storage_.end_sign_in();
  broadcast(PeerMessage::Kind::signed_in, session_.record().session);
  peek();  // what was read meanwhile was not looked at
}

// ---- end ------------------------------------------------------------------------------------

void Machine::sign_out() {
  if (session_.standing() != Standing::signed_out) end_session(SignOutReason::signed_out);
}

// C7: where the server did not hear of it the cookie lives on, and would sign the user in again at
// the next load. A 401 says that there is no session any more.
void Machine::on_sign_out_answered(std::uint32_t status) {
  const bool heard = (status >= 200 && status < 400) || status == 401;
  const bool has_cookie = settings_.mode != Mode::bearer && settings_.can_refresh != 0;
  // Who has signed in since then has the cookie of a later session.
  const bool left = no_.session != 0 && session_.standing() == Standing::signed_out;
  if (heard || !has_cookie || !left) return;
  to_remember_ = true;
  storage_.read(effects_, ReadPurpose::peek);
}

void Machine::end_session(SignOutReason reason) {
  const bool announced = session_.signed_in();
  const std::uint64_t session = session_.record().session;
  const bool rejected = reason == SignOutReason::refresh_rejected;
  const std::uint32_t cause = rejected ? backoff_.cause().packed() : 0;
  unasked_ = to_remember_ = rejected && session_.presumed();
  no_ = {reason == SignOutReason::signed_out ? session : 0, now_};
  if (announced) trace(TimelineCause::session_ended);
  cancel_refresh({});
  // What another tab or the storage brought about has been carried out there.
  if (reason == SignOutReason::signed_out) {
    storage_.remove(effects_, session);
    broadcast(PeerMessage::Kind::signed_out, session);
    revoke(session_.record());
  } else if (rejected || reason == SignOutReason::expired) {
    // Removed where it is still of this session (look_at_stored); another one is taken up.
    storage_.read(effects_, ReadPurpose::peek);
    broadcast(PeerMessage::Kind::ended, session);
  }
  ended_.add(session);
  leave_session();
  // The event first: a caller that is handed its 401 finds the client signed out.
  if (announced) announce_end(reason, cause);
  if (rejected) ended_.set_cause(cause);
  release_waiters(Ending::over, rejected ? ErrorCode::refresh_rejected : ErrorCode::signed_out);
}

// R12, R18: there is no token any more, and no way to another one.
void Machine::expire_session() {
  end_session(session_.refused() ? SignOutReason::refresh_rejected : SignOutReason::expired);
}

// Nobody is signed in, and nothing is to come of what was under way for the last session.
void Machine::leave_session() {
  session_.leave();
  backoff_.reset();
  storage_.forget_waits();
  handed_ = {};
  hold_mark();
}

void Machine::announce_end(SignOutReason reason, std::uint32_t cause) {
  ended_.set_reason(reason);
  effects_.push(EffectKind::signedout).signedout = {reason, cause};
}

// The cookie is another session's: what waits is not to be sent with it (L2). `stored`: of which
// one; of session 0 where only the cookie knows.
void Machine::replace_by_cookie(const Record& stored) {
  // A session that was only presumed is not stored anywhere: to remember it would push out another.
  const bool was_stored = session_.record().generation != 0 || refresh_.redeemed().session != 0;
  const std::uint64_t replaced = session_.record().session;
  cancel_refresh({});
  if (session_.signed_in()) {
    trace(TimelineCause::session_ended);
    announce_end(SignOutReason::signed_out_elsewhere);
  }
  if (was_stored) ended_.add(replaced);
  session_.stand_down();
  release_waiters(Ending::over, ErrorCode::signed_out);
  if (stored.session == 0)
    presume_session();
  else
    follow_record(stored);
}

bool Machine::is_other_user(const Record& record) const {
  return bearerkit::is_other_user(session_.record().identity, record.identity);
}

// L5: another user has taken the place of this session's. Nothing of it is sent any more: who waits
// is told when the other session has begun, so that in cookie mode no cookie of its goes along.
void Machine::replace_session(const Record& record) {
  const bool announced = session_.signed_in();
  if (announced) trace(TimelineCause::session_ended);
  ended_.add(session_.record().session);
  leave_session();
  if (announced) announce_end(SignOutReason::replaced);
  begin_session(record, SignInSource::elsewhere);
  release_waiters(Ending::over, ErrorCode::signed_out);
}

// L1: tell the server that the session's refresh token is to be forgotten. In hybrid and cookie
// mode the cookie names it.
void Machine::revoke(const Record& record) {
  if (settings_.mode == Mode::bearer && record.access_token.empty()) return;
  Effect& effect = effects_.push(EffectKind::revoke);
  effect.revoke = {settings_.dialect_for(record.dialect)};
  effect.text = record.refresh_token;
  effect.access_token = record.access_token;
  effect.kept = record.kept;
}

}  // namespace bearerkit
