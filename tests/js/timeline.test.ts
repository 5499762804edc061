// L4: what happens to requests, told to those who listen.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { AuthClient, AuthEventDetails } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { signIn } from './support/client.ts';
import { turns } from './support/wait.ts';

type Moment = AuthEventDetails['timeline'];

/** What a client's timeline tells from now on. */
function listen(auth: AuthClient): Moment[] {
  const moments: Moment[] = [];
  auth.addEventListener('timeline', ({ detail }) => moments.push(detail));
  return moments;
}

const causesOf = (moments: Moment[], request: number): string[] =>
  moments.filter((moment) => moment.request === request).map(({ cause }) => cause);

test('L4 ids, generations, causes and times: no token, no URL, no query string, no body', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const moments = listen(auth);
  const begin = Date.now();
  server.expire();
  await auth.fetchWithAuth(server.url('/api/secret-path?secret=query'), {
    method: 'POST',
    headers: { 'X-Secret': 'secret-header' },
    body: 'secret-body',
  });
  await turns(1);
  const id = moments[0]?.request ?? 0;
  assert.deepEqual(causesOf(moments, id), [
    'request_sent',
    'unauthorized',
    'request_retried',
    'request_delivered',
  ]);
  assert.deepEqual(causesOf(moments, 0), [
    'lock_wanted',
    'lock_held',
    'refresh_sent',
    'refresh_succeeded',
  ]);
  for (const moment of moments) {
    assert.deepEqual(Object.keys(moment).toSorted(), [
      'at',
      'cause',
      'generation',
      'method',
      'request',
      'status',
    ]);
    const later = ['refresh_succeeded', 'request_retried', 'request_delivered'];
    assert.equal(moment.generation, later.includes(moment.cause) ? 2 : 1, moment.cause);
    assert.ok(moment.at >= begin && moment.at <= Date.now());
    assert.equal(moment.method, moment.request === 0 ? '' : 'POST', moment.cause);
    const statuses: Partial<Record<Moment['cause'], number>> = {
      unauthorized: 401,
      request_delivered: 200,
    };
    assert.equal(moment.status, statuses[moment.cause] ?? 0, moment.cause);
  }
  assert.doesNotMatch(JSON.stringify(moments), /secret|access-|refresh-|http/);
});

test('L4 every request that begins ends exactly once, and so does every call', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const moments = listen(auth);
  server.route('/api/broken', () => ({ fault: 'reset' }));
  server.route('/api/never', () => ({ status: 401 }));
  const controller = new AbortController();
  const slow = server.hold('/api/slow');
  const aborted = auth.fetchWithAuth(server.url('/api/slow'), { signal: controller.signal });
  await slow.until(1);
  controller.abort();
  await Promise.allSettled([
    aborted,
    auth.fetchWithAuth(server.url('/api/a')),
    auth.fetchWithAuth(server.url('/api/b'), { method: 'POST', body: 'x' }),
    auth.fetchWithAuth(server.url('/api/broken'), { method: 'POST', body: 'x' }),
    auth.fetchWithAuth(server.url('/api/never')),
    auth.getAccessToken(),
    auth.refresh(),
  ]);
  server.expire();
  server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
  await auth.fetchWithAuth(server.url('/api/c'));
  await auth.fetchWithAuth(server.url('/api/plain'));
  await turns(1);
  const ids = [...new Set(moments.map(({ request }) => request))].filter((id) => id !== 0);
  const ends = ids.map((id) => causesOf(moments, id).at(-1) ?? '');
  assert.deepEqual(ends.toSorted(), [
    'request_aborted',
    'request_delivered',
    'request_delivered',
    'request_delivered',
    'request_delivered',
    'request_failed',
    'request_plain',
    'request_settled',
    'request_settled',
  ]);
  for (const id of ids) {
    const ended = causesOf(moments, id).filter((cause) => ends.includes(cause));
    assert.equal(ended.length, 1, causesOf(moments, id).join());
  }
});

test('L4 the methods by name, any other without one, and calls that are no requests', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const moments = listen(auth);
  const url = server.url('/api/a');
  await auth.fetchWithAuth(url);
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'put', 'PATCH', 'DELETE', 'PURGE']) {
    await auth.fetchWithAuth(url, { method });
  }
  await auth.fetchWithAuth(new Request(url, { method: 'PUT', body: 'x' }));
  await auth.getAccessToken();
  await turns(1);
  const ends = moments.filter(({ cause }) => /delivered|settled/.test(cause));
  assert.deepEqual(
    ends.map(({ method }) => method),
    ['GET', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', '', 'PUT', ''],
  );
});

test('L4 the time of an answer, for which nobody else asks the clock', async (t) => {
  const server = await startAuthServer(t);
  let asked = 0;
  let time = Date.now();
  const clock = {
    now: () => {
      asked++;
      return time;
    },
  };
  const { auth } = await signIn(t, server, { clock });
  const url = server.url('/api/a');
  asked = 0;
  await auth.fetchWithAuth(url);
  assert.equal(asked, 1, 'at the call');
  const moments = listen(auth);
  const answered = auth.fetchWithAuth(url);
  time += 1000;
  await answered;
  await turns(1);
  assert.deepEqual(
    moments.map(({ cause, at }) => [cause, at]),
    [
      ['request_sent', time - 1000],
      ['request_delivered', time],
    ],
  );
});
