// Deliberate defects in what one tab does: its requests, its refresh, its tokens and its clock.
import { memory, own, long } from './mutant_worlds.mjs';

/** @type {import('./mutants.mjs').Mutant[]} */
export const mutantsOfRefreshes = [
  {
    name: 'a transient failure ends the session',
    file: 'machine/session_state.h',
    find: '{Phase::redeeming, FlowEvent::answer_transient, Phase::idle, FlowAction::back_off}',
    replace:
      '{Phase::redeeming, FlowEvent::answer_transient, Phase::idle, FlowAction::end_rejected}',
  },
  {
    name: 'retry twice',
    file: 'machine/session_request.cpp',
    find: 'request.attempt = Attempt::second;',
    replace: 'request.attempt = Attempt::first;',
  },
  {
    name: 'send a one-shot body again',
    file: 'machine/requests.h',
    find: 'return (flags & one_shot_body) != 0 ? Body::one_shot : Body::replayable;',
    replace: 'return (flags & one_shot_body) == 77 ? Body::one_shot : Body::replayable;',
  },
  {
    name: 'a token for foreign origins',
    file: 'machine/session_request.cpp',
    find: 'foreign_origin | caller_authorization | no_cors;',
    replace: 'caller_authorization | no_cors;',
  },
  {
    name: "send an old session's request with the new user's token",
    file: 'machine/session_request.cpp',
    find: '(request.session == record_.session || request.session == 0)',
    replace: '(request.session == record_.session || request.session != 1)',
  },
  {
    name: 'forget a waiter',
    file: 'machine/session_request.cpp',
    find: 'if (request == nullptr) continue;\n    if (request->kind != RequestKind::fetch) {',
    replace:
      'if (request == nullptr || (id & 7) == 3) continue;\n    if (request->kind != RequestKind::fetch) {',
  },
  {
    name: 'wake the waiters before the tokens are stored',
    file: 'machine/session_flow.cpp',
    find: 'redeemed_.generation = newest_generation() + 1;',
    replace:
      'redeemed_.generation = newest_generation() + 1;\n  record_ = redeemed_; token_version_++; rejected_ = false; settle_waiters(now, ErrorCode::none);',
  },
  {
    name: 'no back-off',
    file: 'machine/session_flow.cpp',
    find: 'backoff_until_ = now + delay;',
    replace: 'backoff_until_ = now;',
  },
  {
    name: 'do not try a failed refresh again',
    file: 'machine/session_flow.cpp',
    find: 'recovering_ = failures_ <= kRecoveries && !closed_;',
    replace: 'recovering_ = false;',
    args: [...own, '--grace', '60000', '--tabs', '2'],
  },
  {
    name: 'take an answer for a refresh that is over',
    file: 'machine/session_answer.cpp',
    find: 'if (ticket != ticket_ || phase_ != Phase::redeeming) return let_go(now, ticket, answer);',
    replace: 'if (phase_ != Phase::redeeming) return let_go(now, ticket, answer);',
  },
  {
    name: 'do not revoke what comes after a sign-out',
    file: 'machine/session_answer.cpp',
    find: 'return let_go(now, ticket, answer);',
    replace: 'return;',
  },
  {
    name: 'do not revoke at sign-out',
    file: 'machine/session.cpp',
    find: 'broadcast(PeerMessage::Kind::signed_out, record_.session);\n    revoke(record_);',
    replace: 'broadcast(PeerMessage::Kind::signed_out, record_.session);',
  },
  {
    name: 'go on refreshing after a sign-out',
    file: 'machine/session_flow.cpp',
    find: 'if (phase_ != Phase::idle) ticket_++;\n  phase_ = Phase::idle;\n  phase_deadline_ = kNever;',
    replace: '',
  },
  {
    name: 'keep the old refresh token',
    file: 'machine/session_answer.cpp',
    find: 'response.refresh_token.empty() ? record_.refresh_token : std::move(response.refresh_token);',
    replace: 'record_.refresh_token;',
  },
  {
    name: 'forget the refresh token where none comes',
    file: 'machine/session_answer.cpp',
    find: 'response.refresh_token.empty() ? record_.refresh_token : std::move(response.refresh_token);',
    replace: 'std::move(response.refresh_token);',
  },
  {
    name: 'a 401 does not override the clock',
    file: 'machine/session_request.cpp',
    find: 'rejected_ = true;  // E6',
    replace: '',
  },
  {
    name: 'the token stays refused after a refresh',
    file: 'machine/session_flow.cpp',
    find: 'take_up(std::exchange(redeemed_, Record{}));',
    replace:
      'record_ = std::exchange(redeemed_, Record{});\n  failures_ = 0;\n  backoff_until_ = 0;\n  token_version_++;',
  },
  {
    name: 'a margin longer than the life',
    file: 'machine/session_request.cpp',
    find: 'return config_.refresh_margin < most ? config_.refresh_margin : most;',
    replace: 'return most * 0 + config_.refresh_margin;',
  },
  {
    name: 'settle an aborted call',
    file: 'machine/session_request.cpp',
    find: 'forget(now, request, TimelineCause::request_aborted);',
    replace: 'trace(now, TimelineCause::request_aborted, request);',
  },
  {
    name: "learn the server's clock the wrong way round",
    file: 'machine/session_answer.cpp',
    find: 'skew_ = date.seconds * 1000 - now;',
    replace: 'skew_ = now - date.seconds * 1000;',
    args: long(memory),
  },
  {
    name: "do not learn the server's clock",
    file: 'machine/session_answer.cpp',
    find: 'skew_ = date.seconds * 1000 - now;',
    replace: ';',
    args: long(memory),
  },
  {
    name: "take the server's clock for its own, and not for its tokens",
    file: 'machine/session_answer.cpp',
    find: 'set_times(next, response, now, skew_);',
    replace: 'set_times(next, response, now, 0);',
    args: long(memory),
  },
  {
    name: 'a network that is back ends what the server put off',
    file: 'machine/session_tabs.cpp',
    find: '(flags & network_back) != 0 && !told_when_',
    replace: '(flags & network_back) != 0',
  },
  {
    name: 'forget that the server named the time',
    file: 'machine/session_flow.cpp',
    find: 'told_when_ = retry_after_.has_value();\n  if (told_when_) {',
    replace: 'told_when_ = false;\n  if (retry_after_.has_value()) {',
  },
  {
    name: 'a network that is back ends no back-off',
    file: 'machine/session_tabs.cpp',
    find: 'failures_ = 0;\n    backoff_until_ = 0;\n  }\n',
    replace: '}\n',
    args: long(memory),
  },
  {
    name: 'a refresh function needs a refresh token',
    file: 'machine/session_request.cpp',
    find: 'config_.mode != Mode::bearer || config_.refresh_needs_token == 0 ||',
    replace: 'config_.mode != Mode::bearer ||',
  },
  {
    name: 'any error of a refresh function ends the session',
    file: 'machine/session_answer.cpp',
    find: 'override_ == Override::terminal ? FlowEvent::answer_terminal\n                                                : FlowEvent::answer_transient',
    replace: 'FlowEvent::answer_terminal',
  },
  {
    name: 'what a function gives too late for the session that began since',
    file: 'machine/session.cpp',
    find: 'first_ticket_ = ticket_ + 1;',
    replace: 'first_ticket_ = 0;',
  },
];
