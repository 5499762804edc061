// L1, L3, L4, X5: the end of a session, and what is told of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAuthClient, type AuthEventType } from 'bearerkit';

import { readRefresh, startAuthServer, UNAUTHORIZED_BODY } from './support/auth_server.ts';
import { Events, signIn } from './support/client.ts';
import type { Answer } from './support/http_server.ts';
import { MapStorage, SlowStorage } from './support/storages.ts';
import { Gate, settled, turns, until } from './support/wait.ts';

test('L1 sign-out clears the storage and ends the session at once', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const { auth, events } = await signIn(t, server, { storage });
  const done = auth.signOut();
  assert.equal(auth.state, 'signed-out');
  assert.equal(auth.claims, null);
  await done;
  assert.equal(storage.map.size, 0);
  assert.deepEqual(events.reasons, ['signed_out']);
  assert.equal(await auth.getAccessToken(), null);
  await auth.signOut();
  assert.deepEqual(events.reasons, ['signed_out'], 'once is enough');
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 401);
  assert.equal(server.calls.at(-1)?.token, undefined);
});

test('L1 the server is told: a revocation (RFC 7009), or JSON', async (t) => {
  const server = await startAuthServer(t);
  const signOut = { url: server.url('/revoke'), clientId: 'demo', headers: { 'X-More': '1' } };
  const oauth = await signIn(t, server, { signOut }, 'oauth');
  const first = server.refreshToken;
  await oauth.auth.signOut();
  const [sent] = server.to('/revoke');
  assert.ok(sent);
  assert.deepEqual(readRefresh(sent).fields, {
    token: first,
    token_type_hint: 'refresh_token',
    client_id: 'demo',
  });
  assert.equal(sent.headers['x-more'], '1');
  assert.equal(sent.headers.authorization, undefined);

  const json = await signIn(
    t,
    server,
    { signOut: { url: server.url('/revoke'), sendAccessToken: true } },
    'json',
  );
  const { accessToken, refreshToken } = server;
  await json.auth.signOut();
  const second = server.to('/revoke')[1] ?? assert.fail();
  assert.deepEqual(readRefresh(second).fields, { refreshToken });
  assert.equal(second.headers.authorization, `Bearer ${accessToken}`);
});

test('L1 the server is told with keepalive, for the page may be going', async (t) => {
  const inits: (RequestInit | undefined)[] = [];
  const auth = createAuthClient({
    signOut: 'https://api.example.com/revoke',
    fetch: (_, init) => {
      inits.push(init);
      return Promise.resolve(new Response(null));
    },
  });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'a', refresh_token: 'r' });
  await auth.signOut();
  assert.equal(inits[0]?.keepalive, true);
});

test('L1 a function of the app is told, too', async (t) => {
  const server = await startAuthServer(t);
  const seen: unknown[] = [];
  const { auth } = await signIn(t, server, {
    signOut: ({ refreshToken, accessToken, signal }) => {
      seen.push([refreshToken, accessToken, signal.aborted]);
      return Promise.reject(new Error('mine'));
    },
  });
  await auth.signOut();
  assert.deepEqual(seen, [[server.refreshToken, server.accessToken, false]]);
});

const FAULTS: Record<string, () => Answer> = {
  '500': () => ({ status: 500 }),
  'a broken connection': () => ({ fault: 'reset' }),
  'no answer': () => ({ fault: 'silence' }),
};
for (const [what, answer] of Object.entries(FAULTS)) {
  test(`L1 telling the server is best effort: ${what}`, async (t) => {
    const server = await startAuthServer(t);
    server.route('/revoke', answer);
    const { auth, events } = await signIn(t, server, {
      signOut: { url: server.url('/revoke'), timeout: 100 },
    });
    await settled(auth.signOut(), 'signOut');
    assert.deepEqual(events.reasons, ['signed_out']);
    assert.equal(server.to('/revoke').length, 1);
  });
}

test('L1 sign-out during a refresh wins: its result is revoked and never stored', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const { auth, events } = await signIn(t, server, { storage, signOut: server.url('/revoke') });
  const old = server.refreshToken;
  server.expire();
  const gate = server.hold('/refresh');
  const calls = [1, 2, 3].map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
  const refresh = auth.refresh();
  await gate.until(1);
  await until(() => server.calls.length === 3, 'three 401s');
  const signOut = auth.signOut();
  for (const call of calls) {
    const response = await settled(call, 'a call that waited');
    assert.equal(response.status, 401);
    assert.equal(await response.text(), UNAUTHORIZED_BODY);
  }
  await assert.rejects(settled(refresh, 'refresh()'), { code: 'signed_out', reason: 'signed_out' });
  await signOut;
  gate.open();
  await until(() => server.to('/revoke').length === 2, 'two revocations');
  const revoked = server.to('/revoke').map((request) => readRefresh(request).fields['token']);
  assert.deepEqual(revoked, [old, server.refreshToken]);
  await turns();
  assert.equal(storage.map.size, 0);
  assert.equal(auth.state, 'signed-out');
  assert.deepEqual(events.reasons, ['signed_out']);
  assert.equal(events.count('refreshed'), 0);
  assert.equal(server.calls.length, 3, 'nothing was sent again');
});

test('L1 sign-out while the new set is being written: nothing stays stored', async (t) => {
  const server = await startAuthServer(t);
  const storage = new SlowStorage(20);
  const { auth, events } = await signIn(t, server, { storage, signOut: server.url('/revoke') });
  const refresh = auth.refresh();
  refresh.catch(() => undefined);
  await until(
    () => storage.log.filter((what) => what === 'get').length >= 3,
    'the comparison before the commit',
  );
  await auth.signOut();
  await assert.rejects(refresh, { code: 'signed_out' });
  assert.equal(storage.map.size, 0);
  const revoked = server.to('/revoke').map((request) => readRefresh(request).fields['token']);
  assert.ok(revoked.includes(server.refreshToken), 'the newest one is revoked');
  assert.deepEqual(events.reasons, ['signed_out']);
});

test('L1 a refresh function’s late result after a sign-out is dropped', async (t) => {
  const server = await startAuthServer(t);
  const gate = new Gate();
  const storage = new MapStorage();
  const { auth } = await signIn(t, server, {
    storage,
    refresh: async () => {
      await gate.pass();
      return { access_token: 'late', refresh_token: 'late' };
    },
  });
  const refresh = auth.refresh();
  await gate.until(1);
  await auth.signOut();
  gate.open();
  await assert.rejects(refresh, { code: 'signed_out' });
  await turns();
  assert.equal(auth.state, 'signed-out');
  assert.equal(storage.map.size, 0);
});

test('L4 the timeline: ids, generations, causes and times, only while somebody listens', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const seen: unknown[] = [];
  const listener = (event: CustomEvent<{ cause: string }>): void => void seen.push(event.detail);
  auth.addEventListener('timeline', listener);
  server.expire();
  await auth.fetchWithAuth(server.url('/api/a?secret=query'), {
    method: 'POST',
    body: 'secret-body',
  });
  await turns(1);
  const causes = seen.map((detail) => (detail as { cause: string }).cause);
  for (const cause of [
    'request_sent',
    'unauthorized',
    'refresh_sent',
    'refresh_succeeded',
    'request_retried',
  ]) {
    assert.ok(causes.includes(cause), cause);
  }
  for (const detail of seen) {
    assert.deepEqual(Object.keys(detail as object).toSorted(), [
      'at',
      'cause',
      'generation',
      'request',
    ]);
  }
  assert.doesNotMatch(JSON.stringify(seen), /secret|access-|refresh-|http/);
  auth.removeEventListener('timeline', listener);
  const before = seen.length;
  await auth.fetchWithAuth(server.url('/api/a'));
  await turns(1);
  assert.equal(seen.length, before);
});

test('L4 every request that is sent is delivered, on the timeline as well', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const seen: { cause: string; request: number }[] = [];
  auth.addEventListener('timeline', ({ detail }) => seen.push(detail));
  await auth.fetchWithAuth(server.url('/api/a'));
  await auth.fetchWithAuth(server.url('/api/b'), { method: 'POST', body: 'x' });
  server.expire();
  await auth.fetchWithAuth(server.url('/api/c'));
  await turns(1);
  const ids = (cause: string): number[] =>
    seen.filter((detail) => detail.cause === cause).map(({ request }) => request);
  assert.equal(ids('request_sent').length, 3);
  assert.deepEqual(ids('request_delivered'), ids('request_sent'));
});

test('X5 a listener that throws harms neither the client nor the other listeners', async (t) => {
  const reported = t.mock.method(console, 'error', () => undefined);
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const types: AuthEventType[] = [
    'signedin',
    'signedout',
    'refreshed',
    'refreshfailed',
    'timeline',
  ];
  for (const type of types) {
    auth.addEventListener(type, () => {
      throw new Error('mine');
    });
    auth.addEventListener(type, { handleEvent: () => assert.fail('mine, too') });
  }
  auth.subscribe(() => {
    throw new Error('a subscriber');
  });
  const events = new Events(auth);
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  await auth.signOut();
  await auth.setTokens(server.signIn());
  await turns(1);
  assert.deepEqual(
    events.all.map(({ type }) => type),
    ['refreshed', 'signedout', 'signedin'],
  );
  assert.ok(reported.mock.callCount() > 0, 'told to the app like any uncaught error');
});

test('X5 a listener that calls back into the client, or never comes to an end, harms nothing', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  const answers: Promise<unknown>[] = [];
  const never = (): unknown => new Promise(() => {});
  auth.addEventListener('refreshed', never);
  auth.addEventListener('refreshed', () => {
    answers.push(auth.fetchWithAuth(server.url('/api/nested')).then(({ status }) => status));
    answers.push(auth.getAccessToken());
    if (events.count('refreshed') === 1) answers.push(auth.refresh());
    else answers.push(auth.signOut());
  });
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  await until(() => events.reasons.length === 1, 'signed out by the listener');
  for (const answer of answers) await settled(answer, 'a nested call');
  await auth.setTokens(server.signIn());
  auth.addEventListener('refreshed', () => auth.close());
  await settled(auth.refresh(), 'refresh()');
  await turns(1);
  assert.equal(auth.state, 'signed-out', 'closed');
});

test('L3 subscribe and getSnapshot: the same object until something changes', async (t) => {
  const server = await startAuthServer(t, { claims: () => ({ sub: 'ada' }) });
  const { auth } = await signIn(t, server);
  const first = auth.getSnapshot();
  assert.equal(first, auth.getSnapshot());
  assert.equal(first.state, 'signed-in');
  assert.equal(first.claims?.sub, 'ada');
  assert.equal(auth.claims, first.claims);
  let calls = 0;
  const stop = auth.subscribe(() => calls++);
  await auth.refresh();
  await turns(1);
  assert.equal(calls, 1);
  assert.notEqual(auth.getSnapshot(), first);
  stop();
  await auth.signOut();
  assert.equal(calls, 1);
  assert.deepEqual(auth.getSnapshot(), { state: 'signed-out', claims: null });
});
