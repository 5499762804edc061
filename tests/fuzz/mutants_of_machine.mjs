// Defects in the machine.

/** @type {import('../../scripts/lib/mutants.mjs').Mutant[]} */
export const mutantsOfMachine = [
  {
    name: 'retry twice',
    file: 'machine/machine_requests.cpp',
    find: 'request.attempt = Attempt::second;',
    replace: 'request.attempt = Attempt::first;',
  },
  {
    name: 'a token for foreign origins',
    file: 'machine/machine_requests.cpp',
    find: 'foreign_origin | caller_authorization | no_cors | aborted;',
    replace: 'caller_authorization | no_cors;',
  },
  {
    name: "send an old session's request with the new user's token",
    file: 'machine/session.cpp',
    find: 'request.session == record_.session || request.session == 0;',
    replace: 'request.session == record_.session || request.session != 1;',
  },
  {
    name: "send an old session's answer again",
    file: 'machine/session.cpp',
    find: 'if (!exists() || request.session != record_.session) return',
    replace: 'if (!exists()) return',
  },
  {
    name: 'forget a waiter',
    file: 'machine/machine_requests.cpp',
    find: 'if (request == nullptr) continue;',
    replace: 'if (request == nullptr || (id & 7) == 3) continue;',
  },
  {
    name: 'go on refreshing after a sign-out',
    file: 'machine/refresh.cpp',
    find: 'if (runs()) run_++;\n  phase_ = Phase::idle;\n  deadline_ = kNever;',
    replace: '',
  },
  {
    name: 'a transient failure ends the session',
    file: 'machine/refresh_table.h',
    find: 'answer_transient,          P::idle,       A::back_off}',
    replace: 'answer_transient,          P::idle,       A::end_rejected}',
  },
  {
    name: 'ask for a timer a millisecond too early',
    file: 'machine/session.h',
    find: 'rejected_ ? 0 : record_.deadline - margin();',
    replace: 'rejected_ ? 0 : record_.deadline - margin() - 1;',
  },
  {
    name: 'a margin longer than the life',
    file: 'machine/session.cpp',
    find: 'return settings_.refresh_margin < most ? settings_.refresh_margin : most;',
    replace: 'return most * 0 + settings_.refresh_margin;',
  },
  {
    name: 'keep the lock after a failure',
    file: 'machine/machine_refresh.cpp',
    find: 'random_, !closed_);\n  turn_.release(effects_, refresh_.run());',
    replace: 'random_, !closed_);',
  },
  {
    name: 'keep the lease',
    file: 'machine/turn.cpp',
    find: 'effects.push(EffectKind::remove_lease).text = std::exchange(lease_, {});',
    replace: 'lease_ = {};',
  },
  {
    name: 'store a refresh token in hybrid mode',
    file: 'machine/machine_refresh.cpp',
    find: 'if (settings_.mode == Mode::bearer) effect.text = record.refresh_token;',
    replace: '(effect.text = Text("secret")) += record.refresh_token;',
  },
  {
    name: 'remember presumed sessions',
    file: 'machine/machine_session.cpp',
    find: 'if (was_stored) ended_.add',
    replace: 'if (was_stored || true) ended_.add',
  },
  {
    name: 'leave a lock that threw unanswered',
    file: 'machine/machine.cpp',
    find: 'return on_lock_unavailable(id);',
    replace: 'return;',
  },
  {
    name: 'a refresh that threw ends the session',
    file: 'machine/machine.cpp',
    find: 'return on_refresh_error(id, Override::none, RefreshCauseKind::threw);',
    replace: 'return on_refresh_error(id, Override::terminal, RefreshCauseKind::threw);',
  },
  {
    name: 'keep a request that could not be sent',
    file: 'machine/machine.cpp',
    find: 'return forget(id, TimelineCause::request_failed);',
    replace: 'return;',
  },
  {
    name: "revoke with another session's access token",
    file: 'machine/machine_session.cpp',
    find: 'effect.access_token = record.access_token;',
    replace: 'effect.access_token = session_.record().access_token;',
  },
  {
    name: 'send again without the token',
    file: 'machine/machine_requests.cpp',
    find: 'effect.retry = {id, flags, token_version()};\n  if ((flags & with_token) != 0)',
    replace: 'effect.retry = {id, flags, token_version()};\n  if ((flags & csrf) != 0)',
  },
  {
    name: 'go by a time that is none',
    file: 'machine/machine.cpp',
    find: 'if (!(now > -kNever && now < kNever)) now = now_;',
    replace: '',
  },
];
