// Deliberate defects in what becomes of the calls: when they come in, when they are answered, and
// when their wait ends.
import { own, long } from './mutant_worlds.mjs';

/** @type {import('./mutants.mjs').Mutant[]} */
export const mutantsOfRequests = [
  {
    name: 'retry twice',
    file: 'machine/machine_requests.cpp',
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
    name: "send what waited with another session's token",
    file: 'machine/waiter_table.h',
    find: '{unsent,       any,          this_session, any,    A::send}',
    replace: '{unsent,       any,          any, any,    A::send}',
  },
  {
    name: "retry with another session's token",
    file: 'machine/waiter_table.h',
    find: '{answered,     E::refreshed, this_session, any,    A::retry}',
    replace: '{answered,     E::refreshed, any, any,    A::retry}',
  },
  {
    name: 'retry although the refresh failed',
    file: 'machine/waiter_table.h',
    find: '{answered,     E::refreshed, this_session, any,    A::retry}',
    replace: '{answered,     {E::refreshed, E::failed}, this_session, any,    A::retry}',
  },
  {
    name: 'end a call without the answer that was kept',
    file: 'machine/waiter_table.h',
    find: '{answered,     any,          any,          any,    A::deliver}',
    replace: '{answered,     any,          any,          any,    A::fail}',
  },
  {
    name: 'a late 401 to an old session is retried',
    file: 'machine/answer_table.h',
    find: '{any,      other_session, any,      any,           any,      A::deliver}',
    replace: '{any,      other_session, any,      any,           any,      A::retry}',
  },
  {
    name: 'take the token of the moment out of what waits to be sent',
    file: 'machine/machine_requests.cpp',
    find: 'effect.send = {id, flags, token_version()};\n  if ((flags & with_token) != 0)',
    replace: 'effect.send = {id, flags, token_version()};\n  if ((flags & with_token) == 0)',
  },
  {
    name: 'forget a waiter',
    file: 'machine/machine_requests.cpp',
    find: 'if (request == nullptr) continue;',
    replace: 'if (request == nullptr || (id & 7) == 3) continue;',
  },
  {
    name: 'a 401 does not override the clock',
    file: 'machine/machine_requests.cpp',
    find: 'session_.reject_token();',
    replace: '',
  },
  {
    name: 'a 401 does not override the clock during a back-off',
    file: 'machine/machine_requests.cpp',
    find: 'if (seen.endpoint == Endpoint::hopeless || session_.rejected()) return;',
    replace:
      'if (seen.endpoint == Endpoint::hopeless || seen.refresh == RefreshState::backoff) return;',
    args: long([...own, '--locks', 'web']),
  },
  {
    name: 'end an aborted call twice',
    file: 'machine/machine.cpp',
    find: 'forget(input.abort.request, TimelineCause::request_aborted);',
    replace: 'trace(TimelineCause::request_aborted, input.abort.request);',
  },
];
