// Requests: carries out the rows of the request table, the answer table and the waiter table.
#include "formats/bearer_challenge.h"
#include "machine/machine.h"

namespace bearerkit {

RefreshState Machine::refresh_state() const {
  if (!session_.refresh_possible()) return RefreshState::impossible;
  if (refresh_.runs()) return RefreshState::running;
  return backoff_.active(now_) ? RefreshState::backoff : RefreshState::idle;
}

// ---- a call comes in ------------------------------------------------------------------------

std::uint32_t Machine::handle_request(Milliseconds now, RequestKind kind, std::uint32_t flags) {
  begin_input(now);
  if (closed_) return refused;
  constexpr std::uint32_t kNotOurs = foreign_origin | caller_authorization | no_cors | aborted;
  if (kind == RequestKind::fetch && (flags & kNotOurs) != 0) {  // B2, B4, F5, F11
    if ((flags & kNotOurs) == foreign_origin) warn_of_origin(flags);
    return effects_.empty() ? go : go | effects;
  }

  // C7: refresh() asks all the same.
  if (kind == RequestKind::refresh && unasked_) presume_session();
  Request request;
  request.kind = kind;
  request.flags = flags;
  request.session = session_.record().session;
  const RequestId id = requests_.add(request);
  if (id == 0) return refused;
  std::uint32_t instruction = begin_request(id);
  const bool ended = (instruction & go) != 0 && (instruction & tracked) == 0;
  if (!ended) instruction |= id << kInstructionIdShift;
  return effects_.empty() ? instruction : instruction | effects;
}

// B10: once for each origin, and as many as the app could list.
void Machine::warn_of_origin(std::uint32_t flags) {
  const std::uint32_t origin = flags >> kOriginNumberShift;
  if (origin == 0 || !session_.signed_in()) return;
  for (std::uint32_t& told : told_origins_) {
    if (told == origin) return;
    if (told != 0) continue;
    told = origin;
    return effects_.warn(Warning::origin_not_listed);
  }
}

// Gives InstructionFlag bits, none when the request waits.
std::uint32_t Machine::begin_request(RequestId id) {
  const Request& request = *requests_.find(id);
  switch (decide_request({session_.standing(), request.kind, session_.freshness(now_),
                          refresh_state(), request.body(), request.urgency()})) {
    case RequestAction::send:
      return send(id);
    case RequestAction::send_and_refresh: {
      const std::uint32_t flags = send(id);
      run_refresh(RefreshEvent::demand);
      return flags;
    }
    case RequestAction::wait:
      return wait(id);
    case RequestAction::refresh_and_wait:
      wait(id);
      run_refresh(RefreshEvent::demand);
      return 0;
    case RequestAction::fail:
      if (!session_.refused()) return finish(id, ErrorCode::refresh_failed);
      expire_session();  // R18: refresh() says that the token is no good
      return finish(id, ErrorCode::refresh_rejected);
    case RequestAction::expire_session:
      expire_session();
      return send_plain(id);
    case RequestAction::send_plain:
      break;
  }
  return send_plain(id);
}

// With the token or cookie that there is. What is no request ends here.
std::uint32_t Machine::send(RequestId id) {
  Request& request = *requests_.find(id);
  if (request.kind != RequestKind::fetch) {
    const bool well = request.kind == RequestKind::token && session_.token_usable(now_);
    return finish(id, well ? ErrorCode::none : ErrorCode::refresh_failed);
  }
  constexpr Milliseconds kFresh = 60'000;
  request.answered = false;
  request.fresh = now_ < session_.record().received + kFresh;
  request.session = session_.record().session;
  request.generation = session_.token_generation();
  trace(TimelineCause::request_sent, id);
  return go | tracked | session_.flags_for(request);
}

// As fetch would send it; no answer is awaited (F1).
std::uint32_t Machine::send_plain(RequestId id) {
  const Request request = *requests_.find(id);
  if (request.kind != RequestKind::fetch) {
    return finish(id, request.kind == RequestKind::token ? ErrorCode::none : ErrorCode::signed_out);
  }
  forget(id, TimelineCause::request_plain);
  return go | session_.plain_flags_for(request);
}

std::uint32_t Machine::wait(RequestId id) {
  requests_.add_waiter(id);
  trace(TimelineCause::request_waits, id);
  return 0;
}

// ---- its answer comes in --------------------------------------------------------------------

std::uint32_t Machine::handle_response(Milliseconds now, RequestId id, std::uint32_t status,
                                       std::string_view challenge, std::uint32_t flags,
                                       std::uint32_t endpoint) {
  begin_input(now);
  constexpr std::uint32_t kUnauthorized = 401;
  Request* request = requests_.find(id);
  if (request == nullptr) return go;
  const std::uint32_t name = id << kInstructionIdShift;
  const bool counts = (flags & final_origin_allowed) != 0;  // B8
  const bool unauthorized = status == kUnauthorized;
  const ChallengeMeaning meaning =
      unauthorized ? read_challenge(challenge) : ChallengeMeaning::not_refreshable;
  // Whether the token was good: any other status leaves that open, as such a challenge does.
  const bool open = meaning == ChallengeMeaning::not_refreshable;
  if (counts && !open && take_unauthorized(*request, meaning, challenge)) {
    trace(TimelineCause::unauthorized, id, status);
    // While a refresh runs one more that waits for it changes nothing, not even a time.
    const bool ran = refresh_.runs();
    const std::uint32_t instruction = name | take_refusal(id, *request, endpoint);
    return ran && effects_.empty() ? instruction : instruction | effects;
  }
  if (counts && open && app_is_asked(*request, status, flags)) return name | tracked;
  if (!unauthorized && endpoint != 0) {  // R14
    hopeless_.remove(endpoint);
    suspected_.remove(endpoint);
  }
  forget(id, TimelineCause::request_delivered, status);
  return name | go | (effects_.empty() ? 0u : effects);
}

// R15: not of what is delivered anyway (F5, F9, L2).
bool Machine::app_is_asked(const Request& request, std::uint32_t status,
                           std::uint32_t flags) const {
  return (flags & app_may_refuse) != 0 && status != 0 && (request.flags & no_retry) == 0 &&
         session_.sent_with(request, now_) != SentWith::other_session;
}

// Whether a 401 calls for a refresh (B6, F9). B11: one that asks for a step-up is told.
bool Machine::take_unauthorized(const Request& request, ChallengeMeaning meaning,
                                std::string_view challenge) {
  if (meaning == ChallengeMeaning::step_up &&
      session_.sent_with(request, now_) != SentWith::other_session) {
    const StepUp asked = read_step_up(challenge);
    Effect& effect = effects_.push(EffectKind::challenge);
    effect.challenge.max_age = asked.max_age.seconds;
    ((effect.text += asked.acr_values) += '\n') += asked.scope;
  }
  return calls_for_refresh(meaning) && (request.flags & no_retry) == 0;
}

// A 401 that calls for a refresh. Gives `go` when it is to be delivered.
std::uint32_t Machine::take_refusal(RequestId id, Request& request, std::uint32_t endpoint) {
  if (closed_) {  // nobody refreshes for it any more
    forget(id, TimelineCause::request_delivered);
    return go;
  }
  const AnswerFacts seen = facts_of(request, endpoint);
  if (seen.sent_with == SentWith::current) note_refusal(request, seen, endpoint);
  switch (decide_answer(seen)) {
    case AnswerAction::retry:
      retry(id);
      return 0;
    case AnswerAction::wait:
    case AnswerAction::refresh_and_wait:
      request.answered = true;
      requests_.add_waiter(id);
      run_refresh(RefreshEvent::demand);  // no more than one runs
      return 0;
    case AnswerAction::expire_session:
      forget(id, TimelineCause::request_delivered);
      expire_session();
      return go;
    case AnswerAction::deliver:
      forget(id, TimelineCause::request_delivered);
      return go;
  }
  return go;
}

// What a 401 to the current token says: of the endpoint, where the token was fresh and did not help
// (R14), else of the token (E6). A stream has no second attempt: the next one has the fresh token.
void Machine::note_refusal(const Request& request, const AnswerFacts& seen,
                           std::uint32_t endpoint) {
  if (seen.attempt == Attempt::second) {
    hopeless_.add(endpoint);
    return;
  }
  if (seen.endpoint == Endpoint::hopeless || session_.rejected()) return;
  if (seen.body == Body::one_shot) {
    if (request.fresh && suspected_.has(endpoint)) return hopeless_.add(endpoint);
    suspected_.add(endpoint);
  }
  session_.reject_token();
}

AnswerFacts Machine::facts_of(const Request& request, std::uint32_t endpoint) const {
  const bool hopeless = hopeless_.has(endpoint) && session_.freshness(now_) != Freshness::expired;
  return {request.attempt, session_.sent_with(request, now_), request.body(), refresh_state(),
          hopeless ? Endpoint::hopeless : Endpoint::unknown};
}

// ---- its end --------------------------------------------------------------------------------

// Ends a call that has no answer.
std::uint32_t Machine::finish(RequestId id, ErrorCode error) {
  forget(id, TimelineCause::request_settled);
  const bool over = error == ErrorCode::refresh_rejected || error == ErrorCode::signed_out;
  const bool failed = error == ErrorCode::refresh_failed;
  effects_.push(EffectKind::finish).finish = {
      id, error, over ? ended_.reason() : SignOutReason::none,
      over     ? ended_.cause()
      : failed ? backoff_.cause().packed()
               : 0,
      failed && !session_.refused() ? backoff_.retry_at() : kNever};
  return 0;
}

void Machine::forget(RequestId id, TimelineCause cause, std::uint32_t status) {
  // Before it is gone: the timeline tells its method, too.
  if (effects_.timeline() && requests_.find(id) != nullptr) trace(cause, id, status);
  requests_.remove(id);
}

void Machine::queue_send(RequestId id, std::uint32_t flags) {
  if ((flags & go) == 0) return;
  Effect& effect = effects_.push(EffectKind::send);
  effect.send = {id, flags, token_version()};
  if ((flags & with_token) != 0) effect.access_token = session_.record().access_token;
}

// F6, R2: once.
void Machine::retry(RequestId id) {
  Request& request = *requests_.find(id);
  request.attempt = Attempt::second;
  request.answered = false;
  request.generation = session_.token_generation();
  trace(TimelineCause::request_retried, id);
  const std::uint32_t flags = go | tracked | session_.flags_for(request);
  Effect& effect = effects_.push(EffectKind::retry);
  effect.retry = {id, flags, token_version()};
  if ((flags & with_token) != 0) effect.access_token = session_.record().access_token;
}

void Machine::deliver(RequestId id) {
  effects_.push(EffectKind::deliver).deliver = {id};
  forget(id, TimelineCause::request_delivered);
}

// ---- waiters --------------------------------------------------------------------------------

// F8: the storage has been read; those who waited for it are decided as if they came now.
void Machine::redecide_waiters() {
  for (const RequestId id : requests_.take_waiters()) {
    if (requests_.find(id) != nullptr) queue_send(id, begin_request(id));
  }
}

// Ends the wait of all. `error`: for those that fail.
void Machine::release_waiters(Ending ending, ErrorCode error) {
  for (const RequestId id : requests_.take_waiters()) {
    const Request* request = requests_.find(id);
    if (request == nullptr) continue;
    const TokenState token = session_.token_usable(now_) ? TokenState::usable : TokenState::useless;
    switch (decide_waiter({request->waiter(), ending, session_.owner(*request), token})) {
      case WaiterAction::send:
        queue_send(id, send(id));
        break;
      case WaiterAction::send_plain:
        queue_send(id, send_plain(id));
        break;
      case WaiterAction::retry:
        retry(id);
        break;
      case WaiterAction::deliver:
        deliver(id);
        break;
      case WaiterAction::resolve:
        finish(id, ErrorCode::none);
        break;
      case WaiterAction::fail:
        finish(id, error);
        break;
    }
  }
}

}  // namespace bearerkit
