// The session machine, sans I/O: handle_* in, poll_effect until empty, then poll_timeout.
// It decides by the tables of session_state.h; the caller acts. It has no clock (E3): `now` is the
// caller's Date.now(). One machine is one client in one tab.
//
// Contract: after each handle_* call with effects pending, take them all with poll_effect before
// the next handle_* call (asserted); then ask poll_timeout when to call handle_timeout.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/bearer_challenge.h"
#include "formats/error.h"
#include "formats/retry_after.h"
#include "machine/record.h"
#include "machine/requests.h"
#include "machine/session_state.h"
#include "machine/session_types.h"
#include "machine/token_times.h"

namespace bearerkit {

// A refresh answer as it came: a status and a body that may be anything.
struct RefreshAnswer {
  std::uint32_t status = 0;
  std::string_view body;
  std::string_view retry_after;  // field values; empty where absent or unreadable
  std::string_view date;
  Override override_ = Override::none;
};

class Session {
 public:
  explicit Session(const SessionConfig& config);

  // ---- in ----

  // Starts the machine: the record is read (S1), and in hybrid mode one quiet refresh follows (C4).
  void handle_start(Milliseconds now);

  // A call of the app. Gives VerdictFlag bits and the request's id (see there): without `go` and
  // `refused` the request waits, and a later effect names it.
  std::uint32_t handle_request(Milliseconds now, RequestKind kind, std::uint32_t request_flags);

  // The answer to a tracked request. With `go`: deliver it, and the id is void. Without: keep the
  // answer until an effect retry or deliver names the request.
  // `challenge` matters for status 401 only; `final_origin_allowed` is false when a redirect ended
  // outside the allowed origins (B8).
  std::uint32_t handle_response(Milliseconds now, std::uint32_t request, std::uint32_t status,
                                std::string_view challenge, bool final_origin_allowed);

  // The network failed: the error is the caller's (F7), the id is void.
  void handle_transport_error(Milliseconds now, std::uint32_t request);

  // The caller aborted (F4): the id is void, whatever it waited for. Touches nobody else.
  void handle_abort(Milliseconds now, std::uint32_t request);

  // setTokens: a token response in either dialect. A new session, even for the same user (L2).
  // In cookie mode the JSON may hold no token. On an error nothing has changed.
  Error handle_sign_in(Milliseconds now, std::string_view token_response_json);

  void handle_sign_out(Milliseconds now);

  void handle_lock_granted(Milliseconds now, std::uint32_t ticket);

  // There are no locks, or this page is refused one: tabs take turns by a lease (X4).
  void handle_lock_unavailable(Milliseconds now, std::uint32_t ticket);

  void handle_storage_read(Milliseconds now, ReadPurpose purpose, std::uint32_t ticket,
                           ReadOutcome outcome, std::string_view record);

  void handle_storage_written(Milliseconds now, std::uint32_t ticket);

  // S2: the storage failed; the caller keeps the record in memory from now on.
  void handle_storage_unavailable(Milliseconds now);

  void handle_token_response(Milliseconds now, std::uint32_t ticket, const RefreshAnswer& answer);

  // No answer came: the network failed, or the app's own refresh function threw.
  // `override_` terminal: the function says that the session is over.
  void handle_refresh_error(Milliseconds now, std::uint32_t ticket, Override override_);

  // A message of another tab: the data of its effect broadcast.
  void handle_peer_message(Milliseconds now, std::string_view message);

  // The record may have changed (storage event), or the page woke up, or was hidden (E8, X3).
  // flags: WakeFlag.
  void handle_wake(Milliseconds now, std::uint32_t flags);

  void handle_timeout(Milliseconds now);

  // Nothing more will be asked; every waiter is settled (R10). The session itself is kept.
  void handle_close(Milliseconds now);

  // ---- out ----

  // Moves the next effect into `effect`; false, and kind none, when there is none.
  bool poll_effect(Effect& effect);
  // When handle_timeout wants to be called, or kNever.
  Milliseconds poll_timeout() const;

  // ---- to look at ----

  bool signed_in() const { return standing_ == Standing::signed_in && !presumed_; }
  // The storage has been read: signed_in() is an answer.
  bool started() const { return standing_ != Standing::starting; }
  // A refresh is under way: a closed client may be let go once this is false.
  bool busy() const { return phase_ != Phase::idle; }
  // Changes whenever access_token() may have changed.
  std::uint32_t token_version() const { return token_version_; }
  std::string_view access_token() const { return record_.access_token; }
  std::uint32_t generation() const { return record_.generation; }
  // When the current token expires by this clock; kNever when unknown or signed out.
  Milliseconds deadline() const { return record_.deadline; }
  // L4: off by default, so that it costs nothing.
  void set_timeline(bool on) { timeline_ = on; }

 private:
  // The columns of the tables (session_request.cpp).
  Freshness freshness(Milliseconds now) const;
  Refresh refresh_column(Milliseconds now) const;
  bool refresh_possible() const;
  bool in_backoff(Milliseconds now) const;
  Milliseconds margin() const;
  AnswerRow answer_columns(Milliseconds now, const Request& request) const;

  // Requests and those of them that wait (session_request.cpp).
  std::uint32_t decide(Milliseconds now, std::uint32_t id);
  std::uint32_t send(Milliseconds now, std::uint32_t id);
  std::uint32_t send_plain(Milliseconds now, std::uint32_t id);
  std::uint32_t wait(Milliseconds now, std::uint32_t id);
  std::uint32_t settle_call(std::uint32_t id, ErrorCode code);
  void forget(Milliseconds now, std::uint32_t id, TimelineCause cause);
  std::uint32_t send_flags(const Request& request) const;
  std::uint32_t plain_flags(const Request& request) const;
  bool token_usable(Milliseconds now) const;
  bool belongs(const Request& request) const;
  void redecide_waiters(Milliseconds now);
  void settle_waiters(Milliseconds now, ErrorCode code);
  void settle_waiting_call(Milliseconds now, std::uint32_t id, ErrorCode code);
  void settle_answered(Milliseconds now, std::uint32_t id, ErrorCode code);
  void settle_unsent(Milliseconds now, std::uint32_t id, ErrorCode code);

  // The refresh (session_flow.cpp).
  void run_flow(Milliseconds now, FlowEvent event);
  void act(Milliseconds now, FlowAction action);
  std::uint32_t newest_generation() const;
  void redeem(Milliseconds now);
  void store(Milliseconds now);
  void finish_refreshed(Milliseconds now);
  void back_off(Milliseconds now);
  void adopt(Milliseconds now);
  FlowEvent compare(Milliseconds now, ReadOutcome outcome, std::string_view text);
  void cancel_flow();
  void handle_flow_timeout(Milliseconds now);

  // What the server says to it (session_answer.cpp).
  void learn_skew(Milliseconds now, const RefreshAnswer& answer);
  FlowEvent read_answer(Milliseconds now, const RefreshAnswer& answer);
  void let_go(Milliseconds now, std::uint32_t ticket, const RefreshAnswer& answer);

  // Whose turn it is (session_turn.cpp).
  void acquire_lock(Milliseconds now, bool steal);
  void claim_lease(Milliseconds now);
  void await_lease(Milliseconds now);
  FlowEvent look_at_lease(Milliseconds now, ReadOutcome outcome, std::string_view text);
  void release_lock();
  bool ask_again(bool late);
  bool was_frozen(Milliseconds now) const;

  // The session's begin and end (session.cpp).
  void take_up(Record record);
  void leave_session();
  void begin_session(Milliseconds now, Record record, SignInSource source);
  void finish_sign_in();
  void presume_session(Milliseconds now, std::uint64_t session, std::uint32_t generation);
  void end_session(Milliseconds now, SignOutReason reason);
  void handle_first_read(Milliseconds now, ReadOutcome outcome, std::string_view text);

  // Other tabs, and the storage as they leave it (session_tabs.cpp).
  void handle_peek(Milliseconds now, ReadOutcome outcome, std::string_view text);
  void peek_while_waiting(Milliseconds now, ReadOutcome outcome, std::string_view text);
  void peek();
  bool awaits_record() const;
  void read_storage(ReadPurpose purpose);
  void follow_cookie(Milliseconds now);
  void replace_by_cookie(Milliseconds now, std::uint64_t session, std::uint32_t generation);
  void remember_ended(std::uint64_t session);
  bool has_ended(std::uint64_t session) const;

  // Time and effects (session.cpp).
  void observe(Milliseconds now);
  Effect& push(EffectKind kind);
  void revoke(const Record& record);
  void broadcast(PeerMessage::Kind kind, std::uint64_t session);
  void emit(Event event, std::uint32_t flags, Milliseconds at);
  void trace(Milliseconds now, TimelineCause cause, std::uint32_t request = 0);

  const SessionConfig config_;
  Random random_;
  std::vector<Effect> effects_;  // those before next_effect_ have been polled
  std::size_t next_effect_ = 0;
  bool timeline_ = false;
  bool closed_ = false;
  bool visible_ = true;
  Milliseconds last_now_ = 0;  // to see the clock being set back

  // The session.
  Standing standing_ = Standing::starting;
  // Hybrid and cookie mode before the first answer: there may be a session, the cookie knows (C4).
  bool presumed_ = false;
  bool rejected_ = false;  // E6: the server refused the current token
  bool restored_ = false;  // L1: its record was put back where an ended session's stood
  Record record_;
  std::uint32_t last_read_[4] = {};  // by ReadPurpose: the answers to those before are out of date
  std::uint64_t ended_sessions_[16] = {};  // the last ones that ended or were replaced (L1, L2)
  std::size_t next_ended_ = 0;
  std::uint32_t token_version_ = 0;
  Milliseconds skew_ = 0;  // the server's clock minus ours, as far as known (E5)
  Milliseconds start_deadline_ = kNever;

  Milliseconds cleared_deadline_ = kNever;  // S4: the record is gone; when to believe it

  // The record of a sign-in on its way to the storage: until then what is stored is out of date.
  std::uint32_t sign_in_ticket_ = 0;
  Milliseconds sign_in_deadline_ = kNever;

  Requests requests_;
  std::vector<std::uint32_t> waiters_;  // in the order they came; ids may have become void

  // The refresh.
  Phase phase_ = Phase::idle;
  std::uint32_t ticket_ = 0;        // names one run; whatever comes with another one is out of date
  std::uint32_t first_ticket_ = 0;  // of those that name runs of this session
  bool lock_held_ = false;
  std::string lease_;  // X4: the own one, as it was written
  Milliseconds lease_deadline_ = kNever;
  bool asked_again_ = false;       // X2: in this run
  std::uint32_t lost_claims_ = 0;  // X4: the same
  bool settled_ = false;           // X1: since the lock was asked for
  bool cookie_changed_ = false;    // L2: while it was under way, somebody signed in elsewhere
  SignOutReason missing_reason_ = SignOutReason::storage_cleared;
  Milliseconds phase_deadline_ = kNever;
  Record candidate_;  // what the storage holds, when it is newer
  Record redeemed_;   // what the server gave, until it is stored
  OptionalSeconds retry_after_;
  std::uint32_t failures_ = 0;
  Milliseconds backoff_until_ = 0;
  bool recovering_ = false;  // R8: tries again by itself at backoff_until_
  bool told_when_ = false;   // R8: by the server
};

}  // namespace bearerkit
