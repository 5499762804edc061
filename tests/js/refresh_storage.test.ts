// R5, R7, R10: the record is written before anybody goes on, and read again before a session ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readRefresh, startAuthServer, UNAUTHORIZED_BODY } from './support/auth_server.ts';
import { signIn, startClient } from './support/client.ts';
import { MapStorage, SlowStorage } from './support/storages.ts';
import { Gate, settled, turns, until } from './support/wait.ts';

/** Answers to `set` are held back until the gate is opened. */
class HeldStorage extends MapStorage {
  gate = new Gate();

  override async set(key: string, value: string): Promise<void> {
    await this.gate.pass();
    super.set(key, value);
  }
}

test('R5 the new set is stored before any waiter goes on', async (t) => {
  const server = await startAuthServer(t);
  const storage = new HeldStorage();
  storage.gate.open();
  const { auth } = await signIn(t, server, { storage });
  storage.gate = new Gate();
  server.expire();
  const calls = [1, 2, 3].map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
  const token = auth.refresh().then(() => auth.getAccessToken());
  await storage.gate.until(1);
  await turns(20);
  assert.equal(server.calls.length, 3, 'nobody was sent again');
  assert.ok(!(storage.record ?? '').includes(server.refreshToken));
  storage.gate.open();
  for (const call of calls) assert.equal((await call).status, 200);
  assert.equal(await token, server.accessToken);
  assert.ok(storage.record?.includes(server.refreshToken));
  assert.equal(server.refreshes.length, 1);
});

test('R5 setTokens resolves when the session is stored; calls need not wait for that', async (t) => {
  const server = await startAuthServer(t);
  const storage = new HeldStorage();
  const { auth } = startClient(t, server, { storage });
  let stored = false;
  const done = auth.setTokens(server.signIn()).then(() => (stored = true));
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.equal(auth.state, 'signed-in');
  assert.equal(stored, false);
  storage.gate.open();
  await done;
  assert.ok(storage.record?.includes(server.refreshToken));
});

test('R5 a new refresh token replaces the old; without one the old is kept', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const sent: (string | undefined)[] = [];
  const expected: string[] = [];
  for (const rotate of [true, false, false, true, true, false]) {
    server.options = { rotate };
    expected.push(server.refreshToken);
    await auth.refresh();
    sent.push(readRefresh(server.refreshes.at(-1) ?? assert.fail()).refreshToken);
  }
  assert.deepEqual(sent, expected);
  assert.ok(new Set(expected).size > 2);
});

test('R5 an empty or null refresh token in the answer is none', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const { refreshToken } = server;
  for (const refresh_token of ['', null]) {
    server.refreshAnswers.push(() => ({ json: { access_token: 'x', refresh_token } }));
    await auth.refresh();
  }
  await auth.refresh();
  assert.equal(readRefresh(server.refreshes.at(-1) ?? assert.fail()).refreshToken, refreshToken);
});

test('R7 another client has refreshed meanwhile: the loser adopts, its callers get 200', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const winner = await signIn(t, server, { storage });
  const loser = startClient(t, server, { storage });
  assert.equal(loser.auth.state, 'signed-in');
  server.expire();
  const gate = new Gate();
  server.refreshAnswers.push(async () => {
    await gate.pass();
    return { status: 400, json: { error: 'invalid_grant' } };
  });
  const calls = [1, 2, 3].map((i) => loser.auth.fetchWithAuth(server.url(`/api/${i}`)));
  await gate.until(1);
  await winner.auth.refresh();
  gate.open();
  for (const call of calls) assert.equal((await call).status, 200);
  assert.equal(server.refreshes.length, 2);
  assert.deepEqual(loser.events.reasons, []);
  assert.deepEqual(loser.events.of('refreshed'), [{ generation: 2, elsewhere: true }]);
  await loser.auth.refresh();
  assert.equal(
    await loser.auth.getAccessToken(),
    server.accessToken,
    'with the token of the winner',
  );
});

test('R7 by the slow storage, too', async (t) => {
  const server = await startAuthServer(t);
  const storage = new SlowStorage(5);
  const winner = await signIn(t, server, { storage });
  const loser = startClient(t, server, { storage });
  assert.equal(await loser.auth.ready(), 'signed-in');
  const gate = new Gate();
  server.refreshAnswers.push(async () => {
    await gate.pass();
    return { status: 401, json: { error: 'invalid_grant' } };
  });
  const lost = loser.auth.refresh();
  await gate.until(1);
  await winner.auth.refresh();
  gate.open();
  await lost;
  assert.equal(await loser.auth.getAccessToken(), server.accessToken);
  assert.deepEqual(loser.events.reasons, []);
});

test('X1 a newer generation in the storage is adopted without a request', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const first = await signIn(t, server, { storage });
  const second = startClient(t, server, { storage });
  await first.auth.refresh();
  const calls = [1, 2, 3].map((i) => second.auth.fetchWithAuth(server.url(`/api/${i}`)));
  for (const call of calls) assert.equal((await call).status, 200);
  assert.equal(server.refreshes.length, 1);
});

test('R7 another user has signed in meanwhile: the old calls get their 401, the state is the new one', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const first = await signIn(t, server, { storage });
  const second = startClient(t, server, { storage });
  const gate = new Gate();
  server.expire();
  server.refreshAnswers.push(async () => {
    await gate.pass();
    return { status: 400, json: { error: 'invalid_grant' } };
  });
  const call = second.auth.fetchWithAuth(server.url('/api/old'));
  await gate.until(1);
  await first.auth.setTokens(server.signIn('oauth', 'grace'));
  gate.open();
  const response = await call;
  assert.equal(response.status, 401);
  assert.equal(await response.text(), UNAUTHORIZED_BODY);
  assert.equal(server.to('/api/old').length, 1, "not sent with the other user's token");
  assert.equal(await second.auth.getAccessToken(), server.accessToken);
  assert.deepEqual(second.events.of('signedin').at(-1), { elsewhere: true, restored: false });
});

test('R7 nobody has refreshed: the session is over', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const { auth, events } = await signIn(t, server, { storage });
  const reads = storage.log.filter((what) => what === 'get').length;
  server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
  await assert.rejects(auth.refresh(), { code: 'refresh_rejected' });
  assert.ok(storage.log.filter((what) => what === 'get').length >= reads + 2, 'read again first');
  assert.deepEqual(events.reasons, ['refresh_rejected']);
  assert.equal(storage.map.size, 0);
});

test('X2 a result is not committed over a newer record', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const first = await signIn(t, server, { storage });
  const second = startClient(t, server, { storage });
  const gate = new Gate();
  server.refreshAnswers.push(async () => {
    await gate.pass();
    return { json: { access_token: 'stale', refresh_token: 'stale' } };
  });
  const late = second.auth.refresh();
  await gate.until(1);
  await first.auth.refresh();
  const record = storage.record;
  gate.open();
  await late;
  assert.equal(storage.record, record);
  assert.equal(await second.auth.getAccessToken(), server.accessToken);
});

for (const method of ['get', 'set', 'remove'] as const) {
  test(`R10 a storage that hangs: ${method} never answers, and nobody is held up`, async (t) => {
    const server = await startAuthServer(t);
    const storage = new MapStorage();
    const never = (): Promise<never> => new Promise(() => {});
    const { auth, events } = startClient(t, server, { storage, storageTimeout: 60 });
    if (method !== 'get') Object.assign(storage, { [method]: never });
    await settled(auth.setTokens(server.signIn()), 'setTokens');
    if (method === 'get') Object.assign(storage, { get: never });
    server.expire();
    const response = await settled(auth.fetchWithAuth(server.url('/api/a')), 'a call');
    assert.equal(response.status, 200);
    if (method === 'get') await until(() => events.count('warning') > 0, 'a warning');
    for (const { code } of events.of('warning')) assert.equal(code, 'storage_slow');
    await settled(auth.refresh(), 'refresh()');
    assert.equal(await auth.getAccessToken(), server.accessToken);
    await settled(auth.signOut(), 'signOut');
    assert.equal(auth.state, 'signed-out');
    assert.equal(server.refreshes.length, 2);
  });
}

test('R10 a storage that hangs at the start: calls go out, signed out, with a warning', async (t) => {
  const server = await startAuthServer(t);
  const storage = Object.assign(new MapStorage(), { get: () => new Promise<null>(() => {}) });
  const { auth, events } = startClient(t, server, { storage, storageTimeout: 60 });
  const response = await settled(auth.fetchWithAuth(server.url('/api/a')), 'a call');
  assert.equal(response.status, 401);
  assert.equal(await settled(auth.ready(), 'ready'), 'signed-out');
  assert.equal(await settled(auth.getAccessToken(), 'getAccessToken'), null);
  assert.deepEqual(events.of('warning'), [{ code: 'storage_slow' }]);
  await settled(auth.setTokens(server.signIn()), 'setTokens');
  assert.equal((await settled(auth.fetchWithAuth(server.url('/api/b')), 'b')).status, 200);
});
