// Deliberate defects in whose session it is (L5), what calls for a refresh (E6, R14, F9, F10, X1), and
// what a refusal by the server means (R6).
import { async_, hybrid, hybridMemory, long } from './mutant_worlds.mjs';

/** @type {import('./mutants.mjs').Mutant[]} */
export const mutantsOfSessions = [
  {
    name: 'another user goes on with the session',
    file: 'machine/record.cpp',
    find: '((one ^ other) & kByClaims) == 0 && one != other;',
    replace: '((one ^ other) & kByClaims) == 2 && one != other;',
    args: hybrid,
  },
  {
    name: "another user's tokens are stored under the old session",
    file: 'machine/machine_refresh.cpp',
    find: 'redeemed.session = new_session_id();',
    replace: 'redeemed.session = session_.record().session;',
    args: hybrid,
  },
  {
    name: 'the user is the one of the first token',
    file: 'machine/token_times.cpp',
    find: 'if (claims.identity != 0) record.identity = claims.identity;',
    replace: 'if (record.identity == 0) record.identity = claims.identity;',
    args: hybridMemory,
  },
  {
    name: 'all users of an issuer are one',
    file: 'formats/jwt.cpp',
    find: '(issuer_ * 31 ^ subject_) | 1',
    replace: 'issuer_ | 1',
    args: hybrid,
  },
  {
    name: 'those who wait are forgotten when another user comes',
    file: 'machine/machine_session.cpp',
    find: 'elsewhere);\n  release_waiters(Ending::over, ErrorCode::signed_out);',
    replace: 'elsewhere);\n  requests_.take_waiters();',
    args: hybrid,
  },
  {
    name: 'those who wait are sent for the user who came',
    file: 'machine/machine_session.cpp',
    find: 'elsewhere);\n  release_waiters(Ending::over, ErrorCode::signed_out);',
    replace: 'elsewhere);\n  redecide_waiters();',
    args: hybrid,
  },
  {
    name: 'the page is not told that another user came',
    file: 'machine/machine_session.cpp',
    find: 'if (announced) announce_end(SignOutReason::replaced);',
    replace: '(void)announced;',
    args: hybrid,
  },
  {
    name: 'the lock is kept when another user came',
    file: 'machine/machine_refresh.cpp',
    find: 'turn_.release(effects_, refresh_.run());\n  trace(TimelineCause::refresh_succeeded);\n  replace_session(record);',
    replace:
      'turn_ = Turn();\n  trace(TimelineCause::refresh_succeeded);\n  replace_session(record);',
    args: hybrid,
  },
  {
    name: 'forget which endpoint refused a fresh token',
    file: 'machine/machine_requests.cpp',
    find: '    hopeless_.add(endpoint);\n    return;',
    replace: '    return;',
  },
  {
    name: 'an endpoint that refuses every token calls for a refresh all the same',
    file: 'machine/answer_table.h',
    find: '{any,      current,       any,      any,           hopeless, A::deliver}',
    replace: '{second, current, any, any, hopeless, A::deliver}',
  },
  {
    name: 'what an endpoint says that refuses every token counts for the token',
    file: 'machine/machine_requests.cpp',
    find: 'if (seen.endpoint == Endpoint::hopeless || session_.rejected()) return;',
    replace: 'if (session_.rejected()) return;',
  },
  {
    name: 'one refusal is enough to give an endpoint up',
    file: 'machine/machine_requests.cpp',
    find: 'if (seen.attempt == Attempt::second) {',
    replace: 'hopeless_.add(endpoint);\n  if (seen.attempt == Attempt::second) {',
  },
  {
    name: 'an endpoint stays given up though it has answered otherwise',
    file: 'machine/machine_requests.cpp',
    find: 'hopeless_.remove(endpoint);',
    replace: '',
  },
  {
    name: 'an endpoint stays given up after a sign-in',
    file: 'machine/machine_session.cpp',
    find: 'hopeless_.clear();',
    replace: '',
  },
  {
    name: 'an endpoint stays given up when the token has expired',
    file: 'machine/machine_requests.cpp',
    find: 'hopeless_.has(endpoint) && session_.freshness(now_) != Freshness::expired;',
    replace: 'hopeless_.has(endpoint);',
  },
  {
    name: "a 401 that is the caller's is kept for a refresh",
    file: 'machine/machine_requests.cpp',
    find: 'return calls_for_refresh(meaning) && (request.flags & no_retry) == 0;',
    replace: 'return calls_for_refresh(meaning);',
  },
  {
    name: 'what cannot wait waits for a refresh',
    file: 'machine/request_table.h',
    find: '{a_session,  any,     any,      any,           any,        urgent,  A::send}',
    replace: '{a_session, any, margin, R::backoff, any, urgent, A::send}',
  },
  {
    name: 'what cannot wait waits for the storage',
    file: 'machine/request_table.h',
    find: '{starting,   any,     any,      any,           any,        patient, A::wait}',
    replace: '{starting, any, any, any, any, any, A::wait}',
    args: long(async_),
  },
  {
    name: 'a late report of a token counts for the one of now',
    file: 'machine/machine.cpp',
    find: 'session_.record().access_token == token) session_',
    replace: 'true) session_',
  },
  {
    name: 'a report of a refused token is not heard',
    file: 'machine/machine.cpp',
    find: 'session_.record().access_token == token) session_.reject_token();',
    replace: 'closed_) session_.reject_token();',
  },
  {
    name: 'what another tab has stored has always run out',
    file: 'machine/stored.cpp',
    find: 'return now >= found.deadline + settings.leeway ? Stored::stale : Stored::newer;',
    replace: 'return now >= 0 || settings.leeway > 0 ? Stored::stale : Stored::newer;',
  },
  {
    name: 'an unclear refusal ends the session',
    file: 'machine/machine_answer.cpp',
    find: 'failure == RefreshFailure::final || out_of_patience;',
    replace: 'failure != RefreshFailure::passing || out_of_patience;',
  },
];
