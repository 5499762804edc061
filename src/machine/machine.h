// The machine: all that a client decides, without I/O and without a clock (E3). One machine is one
// client in one tab.
//
//   in    handle(now, input), and the hot pair handle_request and handle_response
//   out   poll_effect until it gives none; then poll_timeout
//
// An effect carries all it needs, so inputs may come before the last one's effects are taken: the
// new effects queue up behind. What each part answers for:
//
//   Session            who is signed in, and with which tokens           session.h
//   EndedSessions      which sessions are over, and why the last one is  ended_sessions.h
//   Requests           the calls under way, and which of them wait       requests.h
//   HopelessEndpoints  which endpoints refuse even a fresh token         hopeless_endpoints.h
//   Refresh            one refresh: its phase, what it holds             refresh.h
//   Turn               whose turn it is: the lock, or the lease          turn.h
//   Backoff            when a failed one may be tried again, and why     backoff.h
//   Storage            what is on its way to and from the storage        storage.h
//   Effects            what is to be done, and the timeline              effects.h
//
// Five tables decide: request_table.h, answer_table.h, waiter_table.h, refresh_table.h and
// stored_table.h. The machine works out the columns and carries out the rows. Not in a table:
//   - what an answer of the server means (R4, R6, R17): it is read, not looked up (read_answer);
//   - what a message of another tab means (X3, X9, X10): each word has one thing to do (hear);
//   - which time has come (on_timeout): the times are independent of each other;
//   - what a sign-in and a sign-out do (L1, L2): they do the same in every state.
// docs/MACHINE.md tells how it all works, and draws the tables.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/bearer_challenge.h"
#include "formats/core_limits.h"
#include "formats/numeric_date.h"
#include "machine/backoff.h"
#include "machine/effects.h"
#include "machine/ended_sessions.h"
#include "machine/hopeless_endpoints.h"
#include "machine/input.h"
#include "machine/instruction.h"
#include "machine/mark.h"
#include "machine/peer_message.h"
#include "machine/refresh.h"
#include "machine/requests.h"
#include "machine/session.h"
#include "machine/settings.h"
#include "machine/storage.h"
#include "machine/stored.h"
#include "machine/stored_table.h"
#include "machine/token_times.h"
#include "machine/turn.h"

namespace bearerkit {

class Machine {
 public:
  explicit Machine(const Settings& settings);
  // For the simulator: a copy goes on from the same state.
  Machine(const Machine&) = default;
  Machine& operator=(const Machine&) = delete;

  // `now` is the caller's Date.now(). Only sign_in answers an error.
  ErrorCode handle(Milliseconds now, const Input& input);
  // A call of the app; flags are RequestFlag bits. Gives an instruction and the request's id (see
  // instruction.h): without `go` and `refused` the request waits, and a later effect names it.
  std::uint32_t handle_request(Milliseconds now, RequestKind kind, std::uint32_t flags);
  // The answer to a tracked request. With `go`: deliver it, and the id is void. Without: keep the
  // answer until an effect retry or deliver names the request. With `tracked`: ask the app whether
  // it is a refusal (R15), and tell it again without app_may_refuse; a refusal as a 401 without a
  // challenge. `challenge` matters for a 401 only; flags are AnswerFlag bits. `endpoint`: see
  // hopeless_endpoints.h; for other answers than a 401 only while knows_endpoints().
  std::uint32_t handle_response(Milliseconds now, RequestId id, std::uint32_t status,
                                std::string_view challenge, std::uint32_t flags,
                                std::uint32_t endpoint = 0);

  // Copies the next effect into `effect`; false, and kind none, when there is none.
  bool poll_effect(Effect& effect) { return effects_.poll(effect); }
  // The same without a copy: it stands there until the next call. nullptr when there is none.
  const Effect* next_effect() { return effects_.next(); }
  // When to give the input timeout, or kNever.
  Milliseconds poll_timeout() const;
  // L4: effects `timeline`, off at first.
  void set_timeline(bool on) { effects_.set_timeline(on); }

  bool signed_in() const { return session_.signed_in(); }
  // C5: it is not known yet whether anybody is signed in.
  bool restoring() const { return session_.restoring(); }
  // L6: why the last session ended here; none: none has.
  SignOutReason sign_out_reason() const { return ended_.reason(); }
  // The storage has been read.
  bool started() const { return session_.standing() != Standing::starting; }
  // R14: answers that are not 401 matter as well.
  bool knows_endpoints() const { return !hopeless_.empty() || !suspected_.empty(); }
  // A closed machine may be let go once this is false.
  bool refreshing() const { return refresh_.runs(); }
  // Changes whenever the access token may have changed.
  std::uint32_t token_version() const { return session_.token_version(); }
  std::string_view access_token() const { return session_.record().access_token.view(); }
  std::string_view kept() const { return session_.record().kept.view(); }  // L9
  std::uint32_t generation() const { return session_.record().generation; }
  // R6, C1: whether an answer to a refresh is a success beyond doubt. The app is asked about all
  // others (`classify`), and what `tokens` makes of them counts for nothing (R22).
  bool is_clear_success(std::uint32_t status, std::string_view body) const;
  // When the access token expires by this clock; kNever when that is unknown.
  Milliseconds deadline() const { return session_.record().deadline; }

 private:
  void begin_input(Milliseconds now);
  void take(const Input& input);
  void trace(TimelineCause cause, RequestId id = 0, std::uint32_t status = 0);

  // The session's begin and end (machine_session.cpp).
  void start(std::uint32_t flags);
  void first_read(ReadOutcome outcome, std::string_view text);
  void presume_at_start(const Record* refusal);
  void remember_refusal();
  ErrorCode sign_in(const Input& input);
  void finish_sign_in();
  void sign_out();
  void on_sign_out_answered(std::uint32_t status);
  std::uint64_t new_session_id();
  void begin_session(const Record& record, SignInSource source);
  void presume_session();
  void follow_record(const Record& stored);
  void replace_by_cookie(const Record& stored);
  void end_session(SignOutReason reason);
  void leave_session();
  void expire_session();
  void replace_session(const Record& record);
  bool is_other_user(const Record& record) const;
  void announce_end(SignOutReason reason, std::uint32_t cause = 0);
  void revoke(const Record& record);

  // Requests (machine_requests.cpp).
  void warn_of_origin(std::uint32_t flags);
  std::uint32_t begin_request(RequestId id);
  bool app_is_asked(const Request& request, std::uint32_t status, std::uint32_t flags) const;
  bool take_unauthorized(const Request& request, ChallengeMeaning meaning,
                         std::string_view challenge);
  std::uint32_t take_refusal(RequestId id, Request& request, std::uint32_t endpoint);
  AnswerFacts facts_of(const Request& request, std::uint32_t endpoint) const;
  void note_refusal(const Request& request, const AnswerFacts& seen, std::uint32_t endpoint);
  std::uint32_t send(RequestId id);
  std::uint32_t send_plain(RequestId id);
  std::uint32_t wait(RequestId id);
  std::uint32_t finish(RequestId id, ErrorCode error);
  void forget(RequestId id, TimelineCause cause, std::uint32_t status = 0);
  void queue_send(RequestId id, std::uint32_t flags);
  void retry(RequestId id);
  void deliver(RequestId id);
  void redecide_waiters();
  void release_waiters(Ending ending, ErrorCode error);
  RefreshState refresh_state() const;

  // The refresh (machine_refresh.cpp), and what the server says (machine_answer.cpp).
  void run_refresh(RefreshEvent event);
  void run_refresh_late(RefreshEvent late, RefreshEvent in_time, bool is_late);
  void carry_out(RefreshAction action);
  void take_turn(RefreshAction action);
  void acquire_lock(bool steal);
  Milliseconds patience();
  void on_lock_granted(RunId run);
  void on_lock_unavailable(RunId run);
  void read(ReadPurpose purpose);
  void go_on_from_found();
  void redeem();
  void note_flight();
  void end_flight();
  void look_at_flight(ReadOutcome outcome, std::string_view note);
  void store();
  void finish_refresh();
  void replace_user(const Record& record);
  void adopt();
  void back_off();
  void cancel_request();
  void cancel_and_back_off();
  Record drop_redeemed();
  void cancel_refresh(const Record& successor);
  std::uint32_t newest_generation() const;
  void on_token_response(const Input& input);
  void on_refresh_error(RunId run, Override override_, RefreshCauseKind cause);
  RefreshEvent read_answer(const Input& input);
  Result<TokenResponse> read_success(std::uint32_t status, std::string_view body) const;
  RefreshEvent read_failure(const Input& input);
  void take_in(Record& record, const TokenResponse& response, const Input& input);
  Text kept_of(std::string_view kept, const Text& before);
  void refuse_session();
  void let_go(const Input& input);
  void revoke_overtaken(const Record& overtaken, const Record& successor);

  // The storage (machine_storage.cpp).
  void on_storage_read(const Input& input);
  void read_for_refresh(ReadOutcome outcome, std::string_view text);
  Found look(ReadOutcome outcome, std::string_view text, std::uint32_t newest) const;
  RefreshEvent refine(RefreshEvent seen) const;
  bool begins_anew() const;
  bool may_doubt() const;
  void look_at_marks(ReadOutcome outcome, std::string_view marks);
  bool is_newer(const Mark& mark) const;
  void look_at_stored(ReadOutcome outcome, std::string_view text);
  void remove_ended(std::uint64_t session);
  void on_storage_written(OperationId write);
  void on_storage_removed();
  void peek();

  // The other tabs (machine_peers.cpp).
  void hear(std::string_view message);
  void hear_of_session(const PeerMessage& peer);
  void follow_cookie();
  void hear_of_refresh();
  void answer_peer(const PeerMessage& peer);
  void take_handed(std::string_view record);
  void broadcast(PeerMessage::Kind kind, std::uint64_t session);
  void tell_peers(const PeerMessage& message);
  bool can_hand_over() const;
  void hand_over();
  void ask_peers();
  void show_life();
  void hold_mark();
  void drop_mark();
  void keep_copy();

  // Times, and what the platform does (machine.cpp).
  void on_timeout();
  void on_wake(std::uint32_t flags);
  void on_effect_failed(const Input& input);
  void on_token_refused(std::string_view token);
  void on_read_failed(OperationId read);
  void close();

  // What is used most comes first, and the long lists last: a place below 128 is said in one byte.
  Milliseconds now_ = 0;   // of the last input
  Milliseconds skew_ = 0;  // E5: the server's clock minus ours, as far as known
  bool closed_ = false;
  bool visible_ = true;
  bool prerendering_ = false;  // X6
  bool demanded_ = false;      // X6: a refresh is to begin when somebody comes to the page
  bool unasked_ = false;       // C6, C7: only the cookie knows, and only refresh() asks
  bool to_remember_ = false;   // C7: `no_` is to be written where no record is
  struct {
    std::uint64_t session = 0;  // that the user has signed out of; 0: it is the server's no
    Milliseconds at = 0;
  } no_;
  Effects effects_;
  const Settings settings_;
  Random random_;
  Session session_;
  Requests requests_;
  Refresh refresh_;
  Turn turn_;
  Backoff backoff_;
  Storage storage_;
  Record handed_;  // X9: what another tab handed over last; of session 0: nothing
  EndedSessions ended_;
  HopelessEndpoints hopeless_;
  HopelessEndpoints suspected_;      // R14: that have refused a stream
  std::uint64_t early_refusal_ = 0;  // E6: a hash of the token that was reported last; 0: none
  std::uint32_t told_origins_[limits::kMaxOrigins] = {};  // B10: the numbers of foreign ones
};

}  // namespace bearerkit
