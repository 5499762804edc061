// L1, L3: the end of a session.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAuthClient } from 'bearerkit';

import { readRefresh, startAuthServer, UNAUTHORIZED_BODY } from './support/auth_server.ts';
import { signIn } from './support/client.ts';
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
      signOut: { url: server.url('/revoke'), timeout: 1000 },
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
    // After the first one, that of the sign-in, and that under the lock.
    () => storage.log.filter((what) => what === 'get').length >= 4,
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
