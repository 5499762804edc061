// L2: signing in again, the same or another user, while the old session is busy.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readRefresh, startAuthServer, UNAUTHORIZED_BODY } from './support/auth_server.ts';
import { Clock, signIn } from './support/client.ts';
import { MapStorage } from './support/storages.ts';
import { Gate, settled, turns, until } from './support/wait.ts';

test('L2 another user signs in during a refresh: the old result is dropped and revoked', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const { auth, events } = await signIn(t, server, { storage, signOut: server.url('/revoke') });
  const gate = new Gate();
  server.refreshAnswers.push(async () => {
    await gate.pass();
    return { json: { access_token: 'old-session', refresh_token: 'old-session-refresh' } };
  });
  const refresh = auth.refresh();
  await gate.until(1);
  await auth.setTokens(server.signIn('oauth', 'grace'));
  const record = storage.record;
  await settled(
    refresh.catch(() => undefined),
    'refresh()',
  );
  gate.open();
  await until(() => server.to('/revoke').length === 1, 'the revocation');
  assert.equal(
    readRefresh(server.to('/revoke')[0] ?? assert.fail()).fields['token'],
    'old-session-refresh',
  );
  await turns();
  assert.equal(storage.record, record);
  assert.equal(await auth.getAccessToken(), server.accessToken);
  assert.equal(events.count('refreshed'), 0);
});

test("L2 requests of the old session that wait with their 401 are not sent with the new user's token", async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.expire();
  const gate = server.hold('/refresh');
  const calls = [1, 2, 3].map((i) =>
    auth.fetchWithAuth(server.url(`/api/old${i}`), { method: 'POST', body: 'old' }),
  );
  await gate.until(1);
  await until(() => server.calls.length === 3, 'three 401s');
  await auth.setTokens(server.signIn('oauth', 'grace'));
  for (const call of calls) {
    const response = await settled(call, 'an old call');
    assert.equal(response.status, 401);
    assert.equal(await response.text(), UNAUTHORIZED_BODY);
  }
  gate.open();
  assert.equal((await auth.fetchWithAuth(server.url('/api/new'))).status, 200);
  assert.deepEqual(
    server.calls.filter(({ token }) => token === server.accessToken).map(({ path }) => path),
    ['/api/new'],
  );
});

test("L2 a late 401 of the old session is delivered, not retried with the new user's token", async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  server.expire();
  const gate = server.hold('/api/late');
  const late = auth.fetchWithAuth(server.url('/api/late'));
  await gate.until(1);
  await auth.setTokens(server.signIn('oauth', 'grace'));
  gate.open();
  assert.equal((await late).status, 401);
  assert.equal(server.to('/api/late').length, 1);
  assert.equal(server.refreshes.length, 0);
  assert.equal(auth.state, 'signed-in');
  assert.deepEqual(events.reasons, []);
});

test("L2 requests of the old session that were not sent yet do not get the new user's token", async (t) => {
  const server = await startAuthServer(t, { expiresIn: 100 });
  const clock = new Clock();
  const { auth } = await signIn(t, server, { clock });
  clock.advance(101);
  const gate = server.hold('/refresh');
  const calls = [1, 2].map((i) =>
    auth.fetchWithAuth(server.url(`/api/old${i}`), { method: 'POST', body: 'old' }),
  );
  await gate.until(1);
  await auth.setTokens(server.signIn('oauth', 'grace'));
  for (const call of calls) assert.equal((await settled(call, 'an old call')).status, 401);
  assert.deepEqual(
    server.calls.map(({ token }) => token),
    [undefined, undefined],
  );
  gate.open();
});

test('L2 the same user signs in again: the same holds', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.expire();
  const gate = server.hold('/api/late');
  const late = auth.fetchWithAuth(server.url('/api/late'));
  await gate.until(1);
  await auth.setTokens(server.signIn());
  gate.open();
  assert.equal((await late).status, 401);
});

test('L2 after sign-out and sign-in a late 401 of the first session ends nothing', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  server.expire();
  const gate = server.hold('/api/late');
  const late = auth.fetchWithAuth(server.url('/api/late'));
  await gate.until(1);
  await auth.signOut();
  await auth.setTokens(server.tokens('oauth', false));
  gate.open();
  assert.equal((await late).status, 401);
  assert.equal(auth.state, 'signed-in');
  assert.deepEqual(events.reasons, ['signed_out']);
});

test('L2 a terminal answer for the old session does not end the new one', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  const gate = new Gate();
  server.refreshAnswers.push(async () => {
    await gate.pass();
    return { status: 400, json: { error: 'invalid_grant' } };
  });
  const refresh = auth.refresh().catch(() => undefined);
  await gate.until(1);
  await auth.setTokens(server.signIn('oauth', 'grace'));
  gate.open();
  await settled(refresh, 'refresh()');
  await turns(10);
  assert.equal(auth.state, 'signed-in');
  assert.deepEqual(events.reasons, []);
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
});

test('L2 fifty sign-ins and sign-outs in a row, with calls in between: nobody hangs, nothing leaks over', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const { auth } = await signIn(t, server, { storage });
  const calls: Promise<void>[] = [];
  const owner = new Map<string, string>();
  for (let i = 0; i < 50; i++) {
    const user = `user${i}`;
    void auth.setTokens(server.signIn('oauth', user));
    owner.set(`/api/${user}`, user);
    calls.push(auth.fetchWithAuth(server.url(`/api/${user}`)).then(() => undefined));
    if (i % 3 === 0) void auth.refresh().catch(() => undefined);
    if (i % 5 === 0) void auth.signOut();
    if (i % 7 === 0) await turns(1);
  }
  await settled(Promise.all(calls), 'all calls');
  for (const { path, token } of server.calls) {
    if (token !== undefined) assert.match(token, new RegExp(`^access-${owner.get(path) ?? ''}-`));
  }
});
