// Deliberate defects of the core, one each: `find` stands in `file` exactly once and becomes
// `replace`. scripts/sim_mutants.mjs shows that the simulator catches every one of them.
// `args`: the world in which it shows, if not one with bearer tokens in localStorage.

const bearer = ['--mode', 'bearer', '--storage', 'shared', '--locks', 'web', '--lag', '0'];
const lagging = ['--mode', 'bearer', '--storage', 'shared', '--locks', 'web', '--lag', '10'];
const lease = ['--mode', 'bearer', '--storage', 'shared', '--locks', 'none'];
const hybrid = ['--mode', 'hybrid', '--storage', 'shared', '--locks', 'web'];
const async_ = ['--mode', 'bearer', '--storage', 'shared_async'];
const cookie = ['--mode', 'cookie', '--storage', 'shared'];
const own = ['--mode', 'bearer', '--storage', 'per_tab'];

/** @typedef {{ name: string, file: string, find: string, replace: string, args?: string[] }} Mutant */

/** @type {Mutant[]} */
export const mutants = [
  {
    name: 'skip the re-read under the lock',
    file: 'session_state.h',
    find: '{Phase::locking, FlowEvent::lock_granted, Phase::reading, FlowAction::read_record}',
    replace: '{Phase::locking, FlowEvent::lock_granted, Phase::redeeming, FlowAction::redeem}',
  },
  {
    name: 'drop the commit check',
    file: 'session_state.h',
    find: '{Phase::redeeming, FlowEvent::answer_tokens, Phase::committing, FlowAction::read_record}',
    replace: '{Phase::redeeming, FlowEvent::answer_tokens, Phase::storing, FlowAction::store}',
  },
  {
    name: 'commit over a newer record',
    file: 'session_state.h',
    find: '{Phase::committing, FlowEvent::record_newer, Phase::idle, FlowAction::drop_and_adopt}',
    replace: '{Phase::committing, FlowEvent::record_newer, Phase::storing, FlowAction::store}',
  },
  {
    name: 'commit although the record is gone',
    file: 'session_state.h',
    find: '{Phase::committing, FlowEvent::record_missing, Phase::idle, FlowAction::drop_and_end}',
    replace: '{Phase::committing, FlowEvent::record_missing, Phase::storing, FlowAction::store}',
  },
  {
    name: 'do not read again before a terminal answer counts',
    file: 'session_state.h',
    find: '{Phase::redeeming, FlowEvent::answer_terminal, Phase::verifying, FlowAction::read_record}',
    replace:
      '{Phase::redeeming, FlowEvent::answer_terminal, Phase::idle, FlowAction::end_rejected}',
  },
  {
    name: 'the loser ends the session',
    file: 'session_state.h',
    find: '{Phase::verifying, FlowEvent::record_newer, Phase::idle, FlowAction::adopt}',
    replace: '{Phase::verifying, FlowEvent::record_newer, Phase::idle, FlowAction::end_rejected}',
  },
  {
    name: 'a transient failure ends the session',
    file: 'session_state.h',
    find: '{Phase::redeeming, FlowEvent::answer_transient, Phase::idle, FlowAction::back_off}',
    replace:
      '{Phase::redeeming, FlowEvent::answer_transient, Phase::idle, FlowAction::end_rejected}',
  },
  {
    name: 'no lock at all',
    file: 'session_state.h',
    find: '{Phase::idle, FlowEvent::demand, Phase::locking, FlowAction::acquire_lock}',
    replace: '{Phase::idle, FlowEvent::demand, Phase::reading, FlowAction::read_record}',
  },
  {
    name: 'the wait for the lock does not end',
    file: 'session_state.h',
    find: '{Phase::locking, FlowEvent::lock_timeout, Phase::stealing, FlowAction::steal_lock}',
    replace: '{Phase::locking, FlowEvent::lock_timeout, Phase::locking, FlowAction::read_record}',
  },
  {
    name: 'retry twice',
    file: 'session_request.cpp',
    find: 'request.attempt = Attempt::second;',
    replace: 'request.attempt = Attempt::first;',
  },
  {
    name: 'send a one-shot body again',
    file: 'requests.h',
    find: 'return (flags & one_shot_body) != 0 ? Body::one_shot : Body::replayable;',
    replace: 'return (flags & one_shot_body) == 77 ? Body::one_shot : Body::replayable;',
  },
  {
    name: 'a token for foreign origins',
    file: 'session_request.cpp',
    find: 'foreign_origin | caller_authorization | no_cors;',
    replace: 'caller_authorization | no_cors;',
  },
  {
    name: "send an old session's request with the new user's token",
    file: 'session_request.cpp',
    find: '(request.session == record_.session || request.session == 0)',
    replace: '(request.session == record_.session || request.session != 1)',
  },
  {
    name: 'forget a waiter',
    file: 'session_request.cpp',
    find: 'if (request == nullptr) continue;\n    if (request->kind != RequestKind::fetch) {',
    replace:
      'if (request == nullptr || (id & 7) == 3) continue;\n    if (request->kind != RequestKind::fetch) {',
  },
  {
    name: 'wake the waiters before the tokens are stored',
    file: 'session_flow.cpp',
    find: 'redeemed_.generation = newest_generation() + 1;',
    replace:
      'redeemed_.generation = newest_generation() + 1;\n  record_ = redeemed_; token_version_++; rejected_ = false; settle_waiters(now, ErrorCode::none);',
  },
  {
    name: 'keep the lock after a refresh',
    file: 'session_flow.cpp',
    find: 'token_version_++;\n  release_lock();',
    replace: 'token_version_++;\n  lock_held_ = false;',
  },
  {
    name: 'keep the lock after a failure',
    file: 'session_flow.cpp',
    find: 'recovering_ = failures_ <= kRecoveries && !closed_;\n  release_lock();',
    replace: 'recovering_ = failures_ <= kRecoveries && !closed_;\n  lock_held_ = false;',
  },
  {
    name: 'no back-off',
    file: 'session_flow.cpp',
    find: 'backoff_until_ = now + delay;',
    replace: 'backoff_until_ = now;',
  },
  {
    name: 'do not try a failed refresh again',
    file: 'session_flow.cpp',
    find: 'recovering_ = failures_ <= kRecoveries && !closed_;',
    replace: 'recovering_ = false;',
    args: [...own, '--grace', '60000', '--tabs', '2'],
  },
  {
    name: 'take an answer for a refresh that is over',
    file: 'session_flow.cpp',
    find: 'if (ticket != ticket_ || phase_ != Phase::redeeming) return let_go(now, ticket, answer);',
    replace: 'if (phase_ != Phase::redeeming) return let_go(now, ticket, answer);',
  },
  {
    name: 'do not revoke what comes after a sign-out',
    file: 'session_flow.cpp',
    find: 'return let_go(now, ticket, answer);',
    replace: 'return;',
  },
  {
    name: 'do not revoke at sign-out',
    file: 'session.cpp',
    find: 'broadcast(PeerMessage::Kind::signed_out, record_.session);\n    revoke(record_);',
    replace: 'broadcast(PeerMessage::Kind::signed_out, record_.session);',
  },
  {
    name: 'leave the record at sign-out',
    file: 'session.cpp',
    find: 'push(EffectKind::remove_storage);\n    broadcast(PeerMessage::Kind::signed_out',
    replace: 'broadcast(PeerMessage::Kind::signed_out',
  },
  {
    name: 'go on refreshing after a sign-out',
    file: 'session_flow.cpp',
    find: 'if (phase_ != Phase::idle) ticket_++;\n  phase_ = Phase::idle;\n  phase_deadline_ = kNever;',
    replace: '',
  },
  {
    name: 'adopt an older record',
    file: 'session_flow.cpp',
    find: 'if (!other && stored->generation <= newest_generation()) return',
    replace: 'if (!other && stored->generation == newest_generation()) return',
    args: async_,
  },
  {
    name: 'adopt a record that is no newer',
    file: 'session_tabs.cpp',
    find: 'stored->generation > record_.generation && config_.mode',
    replace: 'stored->generation >= record_.generation && config_.mode',
  },
  {
    name: 'keep the old refresh token',
    file: 'session_flow.cpp',
    find: 'response.refresh_token.empty() ? record_.refresh_token : std::move(response.refresh_token);',
    replace: 'record_.refresh_token;',
  },
  {
    name: 'forget the refresh token where none comes',
    file: 'session_flow.cpp',
    find: 'response.refresh_token.empty() ? record_.refresh_token : std::move(response.refresh_token);',
    replace: 'std::move(response.refresh_token);',
  },
  {
    name: 'a 401 does not override the clock',
    file: 'session_request.cpp',
    find: 'rejected_ = true;  // E6',
    replace: '',
  },
  {
    name: 'the token stays refused after a refresh',
    file: 'session_flow.cpp',
    find: 'record_ = std::exchange(redeemed_, Record{});\n  rejected_ = false;',
    replace: 'record_ = std::exchange(redeemed_, Record{});',
  },
  {
    name: 'a margin longer than the life',
    file: 'session_request.cpp',
    find: 'return config_.refresh_margin < most ? config_.refresh_margin : most;',
    replace: 'return most * 0 + config_.refresh_margin;',
  },
  {
    name: 'do not tell the other tabs of a sign-out',
    file: 'session.cpp',
    find: 'broadcast(PeerMessage::Kind::signed_out, record_.session);',
    replace: '',
    args: own.with(3, 'memory'),
  },
  {
    name: 'a cookie-mode record that never gets newer',
    file: 'session_flow.cpp',
    find: 'redeemed_.generation = newest_generation() + 1;',
    replace: 'redeemed_.generation = newest_generation();',
    args: cookie,
  },
  {
    name: 'settle an aborted call',
    file: 'session_request.cpp',
    find: 'forget(now, request, TimelineCause::request_aborted);',
    replace: 'trace(now, TimelineCause::request_aborted, request);',
  },
  {
    name: 'read once before a token is redeemed',
    file: 'session_tabs.cpp',
    find: '!settled_ && config_.settle_time > 0 && config_.mode != Mode::hybrid;',
    replace: 'false;',
    args: lagging,
  },
  {
    name: 'read once under a lock that was asked for again',
    file: 'session_flow.cpp',
    find: 'recovering_ = settled_ = false;',
    replace: 'recovering_ = false;',
    args: lagging,
  },
  {
    name: 'leave it at that when a sign-in is written over',
    file: 'session_tabs.cpp',
    find: 'if (idle && !std::exchange(restored_, true)) run_flow(now, FlowEvent::demand);',
    replace: '(void)idle;',
    args: lagging,
  },
  {
    name: 'take the lock at once after a freeze',
    file: 'session_flow.cpp',
    find: 'ask_again(was_frozen(now)) ? FlowEvent::lock_late\n                                                      : FlowEvent::lock_timeout',
    replace: 'FlowEvent::lock_timeout',
  },
  {
    name: 'an old look at the storage counts',
    file: 'session_tabs.cpp',
    find: 'if (ticket == last_peek_) handle_peek(now, outcome, record);',
    replace: 'handle_peek(now, outcome, record);',
    args: async_,
  },
  {
    name: 'do not read the lease back',
    file: 'session_state.h',
    find: '{Phase::claiming, FlowEvent::pause_over, Phase::confirming, FlowAction::read_lease}',
    replace: '{Phase::claiming, FlowEvent::pause_over, Phase::reading, FlowAction::read_record}',
    args: lease,
  },
  {
    name: 'do not look who has the lease',
    file: 'session_state.h',
    find: '{Phase::asking, FlowEvent::lease_taken, Phase::queueing, FlowAction::await_lease}',
    replace: '{Phase::asking, FlowEvent::lease_taken, Phase::claiming, FlowAction::claim_lease}',
    args: lease,
  },
  {
    name: 'go on without the lease that another tab has',
    file: 'session_state.h',
    find: '{Phase::confirming, FlowEvent::lease_taken, Phase::queueing, FlowAction::await_lease}',
    replace: '{Phase::confirming, FlowEvent::lease_taken, Phase::reading, FlowAction::read_record}',
    args: lease,
  },
  {
    name: 'do not claim again what another tab claimed later',
    file: 'session_turn.cpp',
    find: 'return ask_again(true) ? FlowEvent::lock_late : FlowEvent::lease_failed;',
    replace: 'return FlowEvent::lease_failed;',
    args: lease,
  },
  {
    name: 'every lease has run out',
    file: 'record.cpp',
    find: 'return now < until && until <= now + length;',
    replace: 'return now < until && now < length;',
    args: lease,
  },
  {
    name: "learn the server's clock the wrong way round",
    file: 'session_flow.cpp',
    find: 'skew_ = date.seconds * 1000 - now;',
    replace: 'skew_ = now - date.seconds * 1000;',
  },
  {
    name: "do not learn the server's clock",
    file: 'session_flow.cpp',
    find: 'skew_ = date.seconds * 1000 - now;',
    replace: '',
  },
  {
    name: "another tab's turn makes the own token new",
    file: 'session_tabs.cpp',
    find: 'stored->generation > record_.generation && config_.mode != Mode::hybrid;',
    replace: 'stored->generation > record_.generation;',
    args: hybrid,
  },
  {
    name: 'take tokens for the session that replaced theirs',
    file: 'session_flow.cpp',
    find: 'if (presumed_ && phase_ == Phase::reading) {',
    replace: 'if (presumed_) {',
    args: hybrid,
  },
  {
    name: 'any sign-out ends a presumed session',
    file: 'session_tabs.cpp',
    find: 'peer->session == record_.session || record_.generation == 0;',
    replace: 'peer->session == record_.session || presumed_;',
    args: hybrid,
  },
  {
    name: 'a presumed session outlives its record',
    file: 'session_flow.cpp',
    find: 'const bool none = presumed_ && record_.generation == 0;',
    replace: 'const bool none = presumed_;',
    args: hybrid,
  },
];

/** @param {Mutant} mutant */
export const worldOf = (mutant) => mutant.args ?? bearer;
