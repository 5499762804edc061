// Requests: from what is known of them and of the session to the columns of the tables, and what
// becomes of those that wait.
#include <utility>

#include "machine/session.h"

namespace bearerkit {
namespace {

// E7: the margin is at most this part of the token's life, so that a short life makes no loop.
constexpr double kMarginPart = 0.25;
// A record from further in the future than this was received by another clock (E5).
constexpr Milliseconds kClockSetBack = 60'000;

constexpr std::uint32_t kUnauthorized = 401;

}  // namespace

// ---- columns --------------------------------------------------------------------------------

bool Session::refresh_possible() const {
  if (config_.can_refresh == 0) return false;
  return config_.mode != Mode::bearer || config_.refresh_needs_token == 0 ||
         !record_.refresh_token.empty();
}

bool Session::in_backoff(Milliseconds now) const { return now < backoff_until_; }

Milliseconds Session::margin() const {
  const Milliseconds most = (record_.deadline - record_.received) * kMarginPart;
  return config_.refresh_margin < most ? config_.refresh_margin : most;
}

Freshness Session::freshness(Milliseconds now) const {
  if (rejected_) return Freshness::expired;  // E6
  if (config_.mode == Mode::hybrid && record_.access_token.empty()) return Freshness::expired;
  if (record_.deadline == kNever) return Freshness::fresh;              // E4: only a 401 tells
  if (now < record_.received - kClockSetBack) return Freshness::fresh;  // E5: no clock to go by
  if (now >= record_.deadline + config_.leeway) return Freshness::expired;
  return now >= record_.deadline - margin() ? Freshness::margin : Freshness::fresh;
}

Refresh Session::refresh_column(Milliseconds now) const {
  if (!refresh_possible()) return Refresh::impossible;
  if (phase_ != Phase::idle) return Refresh::running;
  return in_backoff(now) ? Refresh::backoff : Refresh::idle;
}

AnswerRow Session::answer_columns(Milliseconds now, const Request& request) const {
  AnswerRow seen{};
  seen.standing = standing_;
  seen.attempt = request.attempt;
  seen.sent_with = request.session != record_.session         ? SentWith::other_session
                   : request.generation != record_.generation ? SentWith::older_generation
                                                              : SentWith::current;
  seen.body = request.body();
  seen.freshness = freshness(now);
  seen.refresh = refresh_column(now);
  return seen;
}

// ---- requests -------------------------------------------------------------------------------

std::uint32_t Session::handle_request(Milliseconds now, RequestKind kind,
                                      std::uint32_t request_flags) {
  observe(now);
  if (closed_) return refused;
  constexpr std::uint32_t kNotOurs = foreign_origin | caller_authorization | no_cors;
  if (kind == RequestKind::fetch && (request_flags & kNotOurs) != 0) return go;  // B2, B4, F5

  Request request;
  request.kind = kind;
  request.flags = request_flags;
  request.session = record_.session;
  const std::uint32_t id = requests_.add(request);
  if (id == 0) return refused;
  std::uint32_t flags = decide(now, id);
  const bool ended = (flags & go) != 0 && (flags & tracked) == 0;
  if (!ended) flags |= id << kVerdictIdShift;
  return effects_.empty() ? flags : flags | effects;
}

// Carries out the row of kRequestTable; gives VerdictFlag bits, none when the request waits.
std::uint32_t Session::decide(Milliseconds now, std::uint32_t id) {
  const Request& request = *requests_.find(id);
  // refresh(): the caller says that the token is no good, and that now is the time.
  const bool demanded = request.kind == RequestKind::refresh;
  const Refresh column = refresh_column(now);
  if (demanded && column == Refresh::impossible && standing_ == Standing::signed_in) {
    return settle_call(id, ErrorCode::refresh_failed);
  }
  switch (decide_request(standing_, demanded ? Freshness::expired : freshness(now),
                         demanded && column == Refresh::backoff ? Refresh::idle : column,
                         request.body())) {
    case RequestAction::send:
      return send(now, id);
    case RequestAction::send_and_refresh: {
      const std::uint32_t flags = send(now, id);
      run_flow(now, FlowEvent::demand);
      return flags;
    }
    case RequestAction::wait:
      return wait(now, id);
    case RequestAction::refresh_and_wait:
      wait(now, id);
      run_flow(now, FlowEvent::demand);
      return 0;
    case RequestAction::expire_session:
      end_session(now, SignOutReason::expired);
      return send_plain(now, id);
    case RequestAction::send_plain:
      break;
  }
  return send_plain(now, id);
}

std::uint32_t Session::send(Milliseconds now, std::uint32_t id) {
  Request& request = *requests_.find(id);
  if (request.kind != RequestKind::fetch) {
    return settle_call(id, request.kind == RequestKind::token && token_usable(now)
                               ? ErrorCode::none
                               : ErrorCode::refresh_failed);
  }
  request.waiting = Waiting::no;
  request.session = record_.session;
  request.generation = record_.generation;
  trace(now, TimelineCause::request_sent, id);
  return go | tracked | send_flags(request);
}

// As fetch would send it; no answer is awaited (F1).
std::uint32_t Session::send_plain(Milliseconds now, std::uint32_t id) {
  const Request request = *requests_.find(id);
  if (request.kind != RequestKind::fetch) {
    return settle_call(
        id, request.kind == RequestKind::token ? ErrorCode::none : ErrorCode::signed_out);
  }
  requests_.remove(id);
  trace(now, TimelineCause::request_plain, id);
  return go | plain_flags(request);
}

std::uint32_t Session::wait(Milliseconds now, std::uint32_t id) {
  requests_.find(id)->waiting = Waiting::unsent;
  waiters_.push_back(id);
  trace(now, TimelineCause::request_waits, id);
  return 0;
}

// Ends a token or refresh call.
std::uint32_t Session::settle_call(std::uint32_t id, ErrorCode code) {
  forget(last_now_, id, TimelineCause::request_settled);
  Effect& effect = push(EffectKind::settle);
  effect.request = id;
  effect.code = static_cast<std::uint32_t>(code);
  return 0;
}

bool Session::token_usable(Milliseconds now) const {
  return standing_ == Standing::signed_in && freshness(now) != Freshness::expired;
}

// What goes with a request of the session (B1, C1, C2).
std::uint32_t Session::send_flags(const Request& request) const {
  if (config_.mode == Mode::cookie) {
    return credentials | ((request.flags & unsafe_method) != 0 ? csrf : 0u);
  }
  return record_.access_token.empty() ? 0u : with_token;
}

// What goes with a request that belongs to no session, or to one that is over. In cookie mode a
// login needs its cookie stored; but no old session's request gets the new user's cookie (L2).
std::uint32_t Session::plain_flags(const Request& request) const {
  if (config_.mode != Mode::cookie) return 0;
  return standing_ == Standing::signed_in ? without_credentials : send_flags(request);
}

// ---- answers --------------------------------------------------------------------------------

std::uint32_t Session::handle_response(Milliseconds now, std::uint32_t id, std::uint32_t status,
                                       std::string_view challenge, bool final_origin_allowed) {
  observe(now);
  Request* request = requests_.find(id);
  if (request == nullptr) return go;
  // B6, B8
  const bool unauthorized = status == kUnauthorized && final_origin_allowed &&
                            calls_for_refresh(read_challenge(challenge));
  if (!unauthorized) {
    forget(now, id, TimelineCause::request_delivered);
    return id << kVerdictIdShift | go | (effects_.empty() ? 0u : effects);
  }

  trace(now, TimelineCause::unauthorized, id);
  AnswerRow seen = answer_columns(now, *request);
  seen.answer = Answer::unauthorized;
  const AnswerAction action = decide_answer(seen);
  const bool keeps = action == AnswerAction::wait || action == AnswerAction::refresh_and_wait;
  if (seen.sent_with == SentWith::current &&
      (keeps || action == AnswerAction::deliver_and_reject)) {
    rejected_ = true;  // E6
  }
  std::uint32_t flags = id << kVerdictIdShift;
  if (keeps) {
    request->waiting = Waiting::answered;
    waiters_.push_back(id);
    if (action == AnswerAction::refresh_and_wait) run_flow(now, FlowEvent::demand);
  } else if (action == AnswerAction::retry) {
    settle_answered(now, id, ErrorCode::none);
  } else {
    forget(now, id, TimelineCause::request_delivered);
    if (action == AnswerAction::expire_session) end_session(now, SignOutReason::expired);
    flags |= go;
  }
  // A refused token moves poll_timeout as well, with keep_alive: have it asked.
  const bool look = !effects_.empty() || action == AnswerAction::deliver_and_reject;
  return look ? flags | effects : flags;
}

void Session::handle_transport_error(Milliseconds now, std::uint32_t request) {
  observe(now);
  forget(now, request, TimelineCause::request_failed);
}

void Session::handle_abort(Milliseconds now, std::uint32_t request) {
  observe(now);
  forget(now, request, TimelineCause::request_aborted);
}

void Session::forget(Milliseconds now, std::uint32_t id, TimelineCause cause) {
  if (requests_.find(id) == nullptr) return;
  requests_.remove(id);
  trace(now, cause, id);
}

// ---- waiters --------------------------------------------------------------------------------

// F8: the storage has been read; those who waited for it are decided as if they came now.
void Session::redecide_waiters(Milliseconds now) {
  for (const std::uint32_t id : std::exchange(waiters_, {})) {
    if (requests_.find(id) == nullptr) continue;
    const std::uint32_t flags = decide(now, id);
    if ((flags & go) == 0) continue;
    Effect& effect = push(EffectKind::send);
    effect.request = id;
    effect.flags = flags;
  }
}

// Ends the wait of all: `code` none (there is a new token), refresh_failed (R11: with what there
// is), or why the session is over (R10).
void Session::settle_waiters(Milliseconds now, ErrorCode code) {
  for (const std::uint32_t id : std::exchange(waiters_, {})) {
    const Request* request = requests_.find(id);
    if (request == nullptr) continue;
    if (request->kind != RequestKind::fetch) {
      settle_waiting_call(now, id, code);
    } else if (request->waiting == Waiting::answered) {
      settle_answered(now, id, code);
    } else {
      settle_unsent(now, id, code);
    }
  }
}

void Session::settle_waiting_call(Milliseconds now, std::uint32_t id, ErrorCode code) {
  const bool token = requests_.find(id)->kind == RequestKind::token;
  const bool over = standing_ != Standing::signed_in && code != ErrorCode::closed;
  settle_call(id, token && (over || token_usable(now)) ? ErrorCode::none : code);
}

void Session::settle_answered(Milliseconds now, std::uint32_t id, ErrorCode code) {
  Request& request = *requests_.find(id);
  if (code != ErrorCode::none || !belongs(request)) {  // F7, L2
    push(EffectKind::deliver).request = id;
    return forget(now, id, TimelineCause::request_delivered);
  }
  request.attempt = Attempt::second;
  request.waiting = Waiting::no;
  request.generation = record_.generation;
  trace(now, TimelineCause::request_retried, id);
  Effect& effect = push(EffectKind::retry);
  effect.request = id;
  effect.flags = go | tracked | send_flags(request);
}

void Session::settle_unsent(Milliseconds now, std::uint32_t id, ErrorCode code) {
  if (code == ErrorCode::closed) {
    settle_call(id, code);
    return;
  }
  const std::uint32_t flags = belongs(*requests_.find(id)) ? send(now, id) : send_plain(now, id);
  Effect& effect = push(EffectKind::send);
  effect.request = id;
  effect.flags = flags;
}

// L2: of the session that is signed in now, or begun before it was known which one that is.
bool Session::belongs(const Request& request) const {
  return standing_ == Standing::signed_in &&
         (request.session == record_.session || request.session == 0);
}

}  // namespace bearerkit
