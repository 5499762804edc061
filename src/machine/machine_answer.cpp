// What the server says to a refresh, and to one that was overtaken.
#include <utility>

#include "formats/core_limits.h"
#include "formats/retry_after.h"
#include "machine/machine.h"

namespace bearerkit {
namespace {

constexpr bool is_success(std::uint32_t status) { return status >= 200 && status < 300; }

}  // namespace

void Machine::on_token_response(const Input& input) {
  if (input.token_response.run != refresh_.run() || refresh_.phase() != Phase::redeeming) {
    return let_go(input);
  }
  end_flight();
  const double seconds = now_ / 1000;
  const OptionalSeconds date = read_http_date(input.date, seconds);
  if (date.has_value()) skew_ = date.seconds * 1000 - now_;  // E5
  refresh_.set_retry_after(read_retry_after(input.retry_after, input.date, seconds));
  run_refresh(read_answer(input));
}

void Machine::on_refresh_error(RunId run, Override override_, RefreshCauseKind cause) {
  if (run != refresh_.run() || refresh_.phase() != Phase::redeeming) return;
  // R25: of a page that goes away Chromium says that the network failed. What was sent arrives.
  if (cause != RefreshCauseKind::network) end_flight();
  refresh_.set_retry_after({});
  backoff_.set_cause({cause});
  run_refresh(override_ == Override::terminal ? RefreshEvent::answer_terminal
                                              : RefreshEvent::answer_transient);
}

bool Machine::is_clear_success(std::uint32_t status, std::string_view body) const {
  const Result<TokenResponse> response = read_success(status, body);
  return response.ok() && !response->has_unknown_error;
}

Result<TokenResponse> Machine::read_success(std::uint32_t status, std::string_view body) const {
  const bool cookie = settings_.mode == Mode::cookie;
  if (!is_success(status)) return Error{ErrorCode::invalid_token_response};
  if (cookie && body.empty()) return TokenResponse{};  // C1: a 204 will do
  return read_token_response(body, !cookie);
}

// R4, R6, R8. A success leaves the new record with the refresh.
RefreshEvent Machine::read_answer(const Input& input) {
  const bool cookie = settings_.mode == Mode::cookie;
  // C1: where there are no tokens to be found, the app's word counts first.
  const bool denied = cookie && input.token_response.override_ != Override::none;
  if (denied) return read_failure(input);
  Result<TokenResponse> response = read_success(input.token_response.status, input.text);
  if (!response) return read_failure(input);
  const Record& last = session_.record();
  Record next;
  next.session = last.session;
  next.generation = last.generation + 1;
  next.dialect = last.dialect;
  if (!cookie) next.access_token = response->access_token;
  if (settings_.mode == Mode::bearer) {  // R5
    next.refresh_token =
        response->refresh_token.empty() ? last.refresh_token : response->refresh_token;
  }
  next.identity = last.identity;
  take_in(next, *response, input);
  next.kept = kept_of(is_other_user(next) ? input.kept_anew : input.kept, last.kept);
  refresh_.set_redeemed(next);
  return RefreshEvent::answer_tokens;
}

// What a success and a sign-in have in common (E4, L5, R4).
void Machine::take_in(Record& record, const TokenResponse& response, const Input& input) {
  const std::uint64_t before = record.identity;
  set_issued(record, response, now_, skew_);
  if (!input.identity.empty()) record.identity = identity_of_app(input.identity, before);
  if (response.flaws != 0) effects_.warn(Warning::token_response_flaw, response.flaws);
}

// L9: what is too much is not kept, and what was kept before stays.
Text Machine::kept_of(std::string_view kept, const Text& before) {
  if (kept.size() <= limits::kMaxKeptBytes) return Text(kept);
  effects_.warn(Warning::token_response_flaw, static_cast<std::uint32_t>(TokenFlaw::kept));
  return before;
}

// R6, R8, R17.
RefreshEvent Machine::read_failure(const Input& input) {
  const auto [run, status, override_, threw] = input.token_response;
  auto [failure, cause] = classify_refresh_failure(status, input.text);
  // R22: it did not know what to make of it, and nor does the core.
  if (threw != 0 && cause.error == OAuthError::none) cause.kind = RefreshCauseKind::threw;
  backoff_.set_cause(cause);
  if (override_ == Override::transient) failure = RefreshFailure::passing;
  if (override_ == Override::terminal) failure = RefreshFailure::final;
  const bool out_of_patience =
      failure == RefreshFailure::unclear && backoff_.loses_patience(now_, session_.signed_in());
  if (out_of_patience) refresh_.set_doubted();  // R24: it has been tried often enough
  const bool over = failure == RefreshFailure::final || out_of_patience;
  return over ? RefreshEvent::answer_terminal : RefreshEvent::answer_transient;
}

// R18: the server gives no more tokens. One that is still good is used to its end; not so where the
// app says that it is no good, by refresh().
void Machine::refuse_session() {
  trace(TimelineCause::refresh_terminal);
  const bool usable = session_.signed_in() && deadline() != kNever && session_.token_usable(now_);
  if (!usable || requests_.refresh_awaited()) return end_session(SignOutReason::refresh_rejected);
  session_.refuse();
  turn_.release(effects_, refresh_.run());
  Effect& effect = effects_.push(EffectKind::refreshfailed);
  effect.refreshfailed.cause = backoff_.cause().packed();
  effect.refreshfailed.retry_at = kNever;
  release_waiters(Ending::failed, ErrorCode::refresh_failed);
}

// L1, L2: an answer to a refresh that was overtaken. Its tokens are revoked, never stored. With
// cookies there is nothing to name them by, and after a new sign-in the cookie is the new user's.
// R9: what comes too late for the session itself is not revoked, for the next attempt may be given
// the same successor.
void Machine::let_go(const Input& input) {
  if (!is_success(input.token_response.status)) return;
  trace(TimelineCause::result_dropped);
  if (session_.exists() && refresh_.is_of_session(input.token_response.run)) return;
  if (settings_.mode != Mode::bearer) {
    if (session_.standing() == Standing::signed_out) revoke(session_.record());
    return;
  }
  Result<TokenResponse> response = read_token_response(input.text, true);
  if (!response || response->refresh_token.empty()) return;
  Record dropped;
  dropped.dialect = response->dialect;
  dropped.access_token = response->access_token;
  dropped.refresh_token = response->refresh_token;
  revoke_overtaken(dropped, session_.record());
}

// L2: unless it is what the sign-in brought: the app's refresh function may sign in by itself.
void Machine::revoke_overtaken(const Record& overtaken, const Record& successor) {
  const bool same = overtaken.refresh_token.empty()
                        ? overtaken.access_token == successor.access_token
                        : overtaken.refresh_token == successor.refresh_token;
  if (!same) revoke(overtaken);
}

}  // namespace bearerkit
