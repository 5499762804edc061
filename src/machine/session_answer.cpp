// What the server says to a refresh, and to one that was overtaken.
#include <utility>

#include "machine/session.h"

namespace bearerkit {
namespace {

constexpr bool is_success(std::uint32_t status) { return status >= 200 && status < 300; }

}  // namespace

void Session::handle_token_response(Milliseconds now, std::uint32_t ticket,
                                    const RefreshAnswer& answer) {
  observe(now);
  if (ticket != ticket_ || phase_ != Phase::redeeming) return let_go(now, ticket, answer);
  learn_skew(now, answer);
  retry_after_ = read_retry_after(answer.retry_after, answer.date, now / 1000);
  run_flow(now, read_answer(now, answer));
}

void Session::handle_refresh_error(Milliseconds now, std::uint32_t ticket, Override override_) {
  observe(now);
  if (ticket != ticket_ || phase_ != Phase::redeeming) return;
  retry_after_ = OptionalSeconds{};
  run_flow(now, override_ == Override::terminal ? FlowEvent::answer_terminal
                                                : FlowEvent::answer_transient);
}

// E5: the server's `Date`, where it can be read.
void Session::learn_skew(Milliseconds now, const RefreshAnswer& answer) {
  const OptionalSeconds date = read_http_date(answer.date, now / 1000);
  if (date.has_value()) skew_ = date.seconds * 1000 - now;
}

// R4, R6, R8. A success leaves the new record in redeemed_.
FlowEvent Session::read_answer(Milliseconds now, const RefreshAnswer& answer) {
  const auto failed = [&answer] {
    const bool terminal =
        answer.override_ != Override::none
            ? answer.override_ == Override::terminal
            : classify_refresh_failure(answer.status, answer.body).failure == RefreshFailure::final;
    return terminal ? FlowEvent::answer_terminal : FlowEvent::answer_transient;
  };
  if (!is_success(answer.status)) return failed();
  TokenResponse response;
  const bool cookie = config_.mode == Mode::cookie;
  if (!cookie || !answer.body.empty()) {  // C1: a 204 will do
    Result<TokenResponse> read = read_token_response(answer.body, !cookie);
    if (!read) return failed();
    response = std::move(*read);
  }
  Record next;
  next.session = record_.session;
  next.generation = record_.generation + 1;
  next.dialect = record_.dialect;
  if (!cookie) next.access_token = std::move(response.access_token);
  if (config_.mode == Mode::bearer) {  // R5
    next.refresh_token =
        response.refresh_token.empty() ? record_.refresh_token : std::move(response.refresh_token);
  }
  set_times(next, response, now, skew_);
  redeemed_ = std::move(next);
  return FlowEvent::answer_tokens;
}

// L1, L2: an answer to a refresh that was overtaken. Its tokens are revoked, never stored. With
// cookies there is nothing to name them by, and after a new sign-in the cookie is the new user's.
// R9: what comes too late for the session itself is not revoked, for the next attempt may be given
// the same successor.
void Session::let_go(Milliseconds now, std::uint32_t ticket, const RefreshAnswer& answer) {
  if (!is_success(answer.status)) return;
  trace(now, TimelineCause::result_dropped);
  if (standing_ == Standing::signed_in && ticket >= first_ticket_) return;
  if (config_.mode != Mode::bearer) {
    if (standing_ == Standing::signed_out) revoke(record_);
    return;
  }
  Result<TokenResponse> response = read_token_response(answer.body, true);
  if (!response || response->refresh_token.empty()) return;
  Record dropped;
  dropped.dialect = response->dialect;
  dropped.access_token = std::move(response->access_token);
  dropped.refresh_token = std::move(response->refresh_token);
  revoke(dropped);
}

}  // namespace bearerkit
