// What the server says to a refresh, and to one that was overtaken.
#include <utility>

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
  if (refresh_.was_frozen(now_)) refresh_.set_slept();
  const double seconds = now_ / 1000;
  const OptionalSeconds date = read_http_date(input.date, seconds);
  if (date.has_value()) skew_ = date.seconds * 1000 - now_;  // E5
  refresh_.set_retry_after(read_retry_after(input.retry_after, input.date, seconds));
  run_refresh(read_answer(input));
}

void Machine::on_refresh_error(RunId run, Override override_) {
  if (run != refresh_.run() || refresh_.phase() != Phase::redeeming) return;
  if (refresh_.was_frozen(now_)) refresh_.set_slept();
  refresh_.set_retry_after({});
  run_refresh(override_ == Override::terminal ? RefreshEvent::answer_terminal
                                              : RefreshEvent::answer_transient);
}

// R4, R6, R8. A success leaves the new record with the refresh.
RefreshEvent Machine::read_answer(const Input& input) {
  if (!is_success(input.token_response.status)) return read_failure(input);
  TokenResponse response;
  const bool cookie = settings_.mode == Mode::cookie;
  if (!cookie || !input.text.empty()) {  // C1: a 204 will do
    Result<TokenResponse> read = read_token_response(input.text, !cookie);
    if (!read) return read_failure(input);
    response = std::move(*read);
  }
  const Record& last = session_.record();
  Record next;
  next.session = last.session;
  next.generation = last.generation + 1;
  next.dialect = last.dialect;
  if (!cookie) next.access_token = Token(response.access_token);
  if (settings_.mode == Mode::bearer) {  // R5
    next.refresh_token =
        response.refresh_token.empty() ? last.refresh_token : Token(response.refresh_token);
  }
  next.identity = last.identity;
  set_issued(next, response, now_, skew_);
  refresh_.set_redeemed(std::move(next));
  return RefreshEvent::answer_tokens;
}

RefreshEvent Machine::read_failure(const Input& input) const {
  const auto [run, status, override_] = input.token_response;
  const bool terminal =
      override_ != Override::none
          ? override_ == Override::terminal
          : classify_refresh_failure(status, input.text).failure == RefreshFailure::final;
  return terminal ? RefreshEvent::answer_terminal : RefreshEvent::answer_transient;
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
  dropped.access_token = Token(response->access_token);
  dropped.refresh_token = Token(response->refresh_token);
  revoke(dropped);
}

}  // namespace bearerkit
