// Deliberate defects in what one tab does with its refresh, its tokens and its clock.
import { bearer, memory, own, long } from './mutant_worlds.mjs';

/** @type {import('./mutants.mjs').Mutant[]} */
export const mutantsOfRefreshes = [
  {
    name: 'a transient failure ends the session',
    file: 'machine/refresh_table.h',
    find: 'answer_transient,          P::idle,       A::back_off}',
    replace: 'answer_transient, P::idle, A::end_rejected}',
  },
  {
    name: 'wake the waiters before the tokens are stored',
    file: 'machine/machine_refresh.cpp',
    find: 'redeemed.generation = newest_generation() + 1;',
    replace:
      'redeemed.generation = newest_generation() + 1;\n  session_.take_up(redeemed); release_waiters(Ending::refreshed, ErrorCode::none);',
  },
  {
    name: 'no back-off',
    file: 'machine/backoff.cpp',
    find: 'until_ = now + delay;',
    replace: 'until_ = now;',
  },
  {
    name: 'do not try a failed refresh again',
    file: 'machine/backoff.cpp',
    find: 'recovers_ = (std::exchange(was_unclear_, false) || failures_ <= kRecoveries) && may_recover;',
    replace: 'recovers_ = failures_ > kRecoveries && may_recover && false;',
    args: long([...own, '--locks', 'web', '--grace', '60000', '--tabs', '2']),
  },
  {
    name: 'no patience with an unclear refusal',
    file: 'machine/backoff.cpp',
    find: 'return unclear_ >= kUnclearTries && now - unclear_since_ >= kPatience;',
    replace: 'return unclear_ < kUnclearTries || now - unclear_since_ >= kPatience;',
  },
  {
    name: 'take an answer for a refresh that is over',
    file: 'machine/machine_answer.cpp',
    find: 'input.token_response.run != refresh_.run() || refresh_.phase() != Phase::redeeming',
    replace: 'refresh_.phase() != Phase::redeeming',
    args: long(bearer),
  },
  {
    name: 'do not revoke what comes after a sign-out',
    file: 'machine/machine_answer.cpp',
    find: 'return let_go(input);',
    replace: 'return;',
  },
  {
    name: 'do not revoke at sign-out',
    file: 'machine/machine_session.cpp',
    find: 'broadcast(PeerMessage::Kind::signed_out, session);\n    revoke(session_.record());',
    replace: 'broadcast(PeerMessage::Kind::signed_out, session);',
  },
  {
    name: 'revoke with the access token of the session that came after',
    file: 'machine/machine_session.cpp',
    find: 'effect.access_token = record.access_token;',
    replace: 'effect.access_token = session_.record().access_token;',
  },
  {
    name: 'refresh without the access token',
    file: 'machine/machine_refresh.cpp',
    find: 'effect.access_token = record.access_token;',
    replace: '',
  },
  {
    name: 'go on refreshing after a sign-out',
    file: 'machine/refresh.cpp',
    find: 'if (runs()) run_++;\n  phase_ = Phase::idle;\n  deadline_ = kNever;',
    replace: '',
  },
  {
    name: 'a refresh whose time is up goes on where the cookie has changed',
    file: 'machine/machine_refresh.cpp',
    find: 'if (row->action == RefreshAction::cancel_and_back_off) cancel_request();',
    replace: '',
    args: ['--mode', 'hybrid', '--storage', 'per_tab'],
  },
  {
    name: 'keep the old refresh token',
    file: 'machine/machine_answer.cpp',
    find: 'response->refresh_token.empty() ? last.refresh_token : response->refresh_token;',
    replace: 'last.refresh_token;',
  },
  {
    name: 'forget the refresh token where none comes',
    file: 'machine/machine_answer.cpp',
    find: 'response->refresh_token.empty() ? last.refresh_token : response->refresh_token;',
    replace: 'response->refresh_token;',
  },
  {
    name: 'the token stays refused after a refresh',
    file: 'machine/session.cpp',
    find: 'set(record);\n  record_.kept = kept;\n  return std::exchange(standing_',
    replace: 'record_ = record;\n  token_version_++;\n  return std::exchange(standing_',
  },
  {
    name: 'a margin longer than the life',
    file: 'machine/session.cpp',
    find: 'return settings_.refresh_margin < most ? settings_.refresh_margin : most;',
    replace: 'return most * 0 + settings_.refresh_margin;',
  },
  {
    name: "learn the server's clock the wrong way round",
    file: 'machine/machine_answer.cpp',
    find: 'skew_ = date.seconds * 1000 - now_;',
    replace: 'skew_ = now_ - date.seconds * 1000;',
    args: long(memory),
  },
  {
    name: "do not learn the server's clock",
    file: 'machine/machine_answer.cpp',
    find: 'skew_ = date.seconds * 1000 - now_;',
    replace: ';',
    args: long(memory),
  },
  {
    name: "take the server's clock for its own, and not for its tokens",
    file: 'machine/machine_answer.cpp',
    find: 'set_issued(record, response, now_, skew_);',
    replace: 'set_issued(record, response, now_, 0);',
    args: long(memory),
  },
  {
    name: 'a network that is back ends what the server put off',
    file: 'machine/backoff.cpp',
    find: 'if (server_said_when_) return;',
    replace: '',
  },
  {
    name: 'forget that the server named the time',
    file: 'machine/backoff.cpp',
    find: 'server_said_when_ = retry_after.has_value();\n  if (server_said_when_) {',
    replace: 'server_said_when_ = false;\n  if (retry_after.has_value()) {',
  },
  {
    name: 'a network that is back ends no back-off',
    file: 'machine/backoff.cpp',
    find: 'if (server_said_when_) return;\n  failures_ = 0;\n  until_ = 0;\n',
    replace: '',
    args: long(memory),
  },
  {
    name: 'a refresh function needs a refresh token',
    file: 'machine/session.cpp',
    find: 'settings_.mode != Mode::bearer || settings_.refresh_needs_token == 0 ||',
    replace: 'settings_.mode != Mode::bearer ||',
  },
  {
    name: 'any error of a refresh function ends the session',
    file: 'machine/machine_answer.cpp',
    find: 'override_ == Override::terminal ? RefreshEvent::answer_terminal\n                                              : RefreshEvent::answer_transient',
    replace:
      'override_ == Override::terminal ? RefreshEvent::answer_terminal : RefreshEvent::answer_terminal',
  },
  {
    name: 'what a function gives too late for the session that began since',
    file: 'machine/refresh.h',
    find: 'first_run_ = run_ + 1;',
    replace: 'first_run_ = 0;',
  },
];
