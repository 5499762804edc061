// S1–S5: where the session is kept, and what a bad place does to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAuthClient, memoryStorage, webStorage, type TokenStorage } from 'bearerkit';

import { readRefresh, startAuthServer } from './support/auth_server.ts';
import { Events, signIn, startClient } from './support/client.ts';
import {
  FakeWebStorage,
  installGlobal,
  MapStorage,
  recordOf,
  SlowStorage,
} from './support/storages.ts';
import { settled, turns } from './support/wait.ts';

test('S1 memory is the default: nothing global, and gone with the client', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  assert.equal(auth.state, 'signed-in');
  const other = startClient(t, server);
  assert.equal(other.auth.state, 'signed-out');
  const storage = memoryStorage();
  const first = await signIn(t, server, { storage });
  first.auth.close();
  assert.equal(startClient(t, server, { storage }).auth.state, 'signed-in');
});

for (const [area, name] of [
  ['local', 'localStorage'],
  ['session', 'sessionStorage'],
] as const) {
  test(`S1 ${name}: one record under one key, and the session is found again`, async (t) => {
    const server = await startAuthServer(t);
    const fake = new FakeWebStorage();
    installGlobal(t, name, { value: fake });
    const { auth } = await signIn(t, server, { storage: webStorage(area) });
    assert.equal(fake.map.size, 1);
    await auth.refresh();
    assert.equal(fake.map.size, 1);
    auth.close();
    const next = startClient(t, server, { storage: webStorage(area) });
    assert.equal(next.auth.state, 'signed-in', 'at once');
    await turns(1);
    assert.deepEqual(next.events.of('signedin'), [{ elsewhere: false, restored: true }]);
    assert.equal((await next.auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    await next.auth.signOut();
    assert.equal(fake.map.size, 0);
  });
}

test('S1 any object with get, set and remove, sync or async', async (t) => {
  const server = await startAuthServer(t);
  for (const storage of [new MapStorage(), new SlowStorage()]) {
    const { auth } = await signIn(t, server, { storage });
    assert.equal(storage.map.size, 1);
    auth.close();
    const next = startClient(t, server, { storage });
    assert.equal(await next.auth.ready(), 'signed-in');
    await next.auth.refresh();
    assert.equal(await next.auth.getAccessToken(), server.accessToken);
    await next.auth.signOut();
    assert.equal(storage.map.size, 0);
  }
});

test('S1 the record is one JSON object with a version', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 900 });
  const record = JSON.parse(await recordOf(t, server)) as Record<string, unknown>;
  assert.equal(typeof record['version'], 'number');
  assert.ok(Object.values(record).includes(server.refreshToken));
});

const failing = (what: string): never => {
  throw new DOMException(what, 'SecurityError');
};

const BROKEN: Record<string, () => PropertyDescriptor> = {
  'a getter that throws': () => ({ get: () => failing('denied') }),
  'a missing API': () => ({ value: undefined }),
  null: () => ({ value: null }),
  'methods that throw': () => ({
    value: Object.assign(new FakeWebStorage(), { denied: new Error('denied') }),
  }),
  'a full quota': () => ({
    value: Object.assign(new FakeWebStorage(), {
      full: new DOMException('full', 'QuotaExceededError'),
    }),
  }),
};

for (const [what, descriptor] of Object.entries(BROKEN)) {
  test(`S2 ${what}: on in memory with one warning, and the new refresh token is not lost`, async (t) => {
    const server = await startAuthServer(t);
    installGlobal(t, 'localStorage', descriptor());
    const { auth, events } = startClient(t, server, { storage: webStorage('local') });
    assert.equal(auth.state, 'signed-out');
    await settled(auth.setTokens(server.signIn()), 'setTokens');
    for (let i = 0; i < 3; i++) {
      const { refreshToken } = server;
      await auth.refresh();
      assert.equal(readRefresh(server.refreshes[i] ?? assert.fail()).refreshToken, refreshToken);
    }
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    assert.deepEqual(events.of('warning'), [{ code: 'storage_unavailable' }]);
    await auth.signOut();
    assert.deepEqual(events.reasons, ['signed_out']);
  });
}

test('S2 the quota is full at a refresh: the old record, whose token is spent, does not stay', async (t) => {
  const server = await startAuthServer(t);
  const fake = new FakeWebStorage();
  installGlobal(t, 'localStorage', { value: fake });
  const { auth, events } = await signIn(t, server, { storage: webStorage('local') });
  fake.full = new DOMException('full', 'QuotaExceededError');
  await auth.refresh();
  await auth.refresh();
  assert.equal(auth.state, 'signed-in');
  assert.equal(fake.map.size, 0);
  assert.deepEqual(events.of('warning'), [{ code: 'storage_unavailable' }]);
});

test('S2 a custom storage that throws or rejects', async (t) => {
  const server = await startAuthServer(t);
  const failures: TokenStorage[] = [
    { get: () => failing('get'), set: () => failing('set'), remove: () => failing('remove') },
    {
      get: () => Promise.reject(new Error('get')),
      set: () => Promise.reject(new Error('set')),
      remove: () => Promise.reject(new Error('remove')),
    },
    Object.assign(new MapStorage(), { set: () => Promise.reject(new Error('set')) }),
    Object.assign(new MapStorage(), { remove: () => failing('remove') }),
  ];
  for (const storage of failures) {
    const { auth, events } = startClient(t, server, { storage });
    await settled(auth.setTokens(server.signIn()), 'setTokens');
    await settled(auth.refresh(), 'refresh');
    await settled(auth.refresh(), 'refresh');
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    await settled(auth.signOut(), 'signOut');
    assert.ok(events.count('warning') <= 1);
    assert.deepEqual(events.reasons.at(-1), 'signed_out');
  }
});

test('S2 nothing throws at import, nor without any storage API', () => {
  const auth = createAuthClient({ storage: webStorage('session') });
  assert.equal(auth.state, 'signed-out');
  auth.close();
  assert.throws(() => webStorage('other' as 'local'), {
    name: 'AuthError',
    code: 'invalid_config',
  });
});

test('S3 a broken or foreign record is ignored: signed out, reason storage_corrupt', async (t) => {
  const server = await startAuthServer(t);
  const good = await recordOf(t, server);
  const record = JSON.parse(good) as Record<string, unknown>;
  const broken = [
    'x',
    '{',
    '{}',
    '[]',
    'null',
    '5',
    '"text"',
    '\0',
    '🦊',
    good.slice(0, -1),
    `${good}x`,
    good + good,
    JSON.stringify({ ...record, version: 999 }),
    JSON.stringify({ ...record, session: 'zzz' }),
    JSON.stringify({ ...record, generation: -1 }),
    JSON.stringify({ ...record, access_token: 'a b' }),
    JSON.stringify({ ...record, access_token: 5 }),
    JSON.stringify({ ...record, received: '5' }),
    JSON.stringify({ accessToken: 'from another library', refreshToken: 'r' }),
    '['.repeat(100_000),
    'x'.repeat(5_000_000),
  ];
  for (const text of broken) {
    const about = text.slice(0, 200);
    const storage = new MapStorage();
    storage.get = () => text;
    const auth = createAuthClient({ storage, origins: [server.origin] });
    t.after(() => auth.close());
    const events = new Events(auth);
    assert.equal(await auth.ready(), 'signed-out', about);
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 401, about);
    await turns(1);
    assert.deepEqual(events.reasons, ['storage_corrupt'], about);
    assert.equal(server.calls.at(-1)?.token, undefined);
    await auth.setTokens({ access_token: 'good' });
    assert.equal(auth.state, 'signed-in', 'and a sign-in replaces it');
  }
});

for (const text of ['x', '{}', 5 as unknown as string]) {
  test(`S3 a record that somebody spoils later on (${text}): signed out, the server is not asked`, async (t) => {
    const server = await startAuthServer(t);
    const storage = new MapStorage();
    const { auth, events } = await signIn(t, server, { storage });
    server.expire();
    storage.get = () => text;
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 401);
    assert.equal(server.refreshes.length, 0);
    assert.equal(auth.state, 'signed-out');
    await turns(1);
    assert.deepEqual(events.reasons, ['storage_corrupt']);
  });
}

test('S4 a record removed by someone else means signed out, and the server is not asked', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const { auth, events } = await signIn(t, server, { storage });
  server.expire();
  storage.map.clear();
  const response = await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(response.status, 401);
  assert.equal(server.refreshes.length, 0);
  assert.equal(auth.state, 'signed-out');
  assert.deepEqual(events.reasons, ['storage_cleared']);
  assert.equal(storage.map.size, 0, 'and it is not written again');
});

test('S4 removed while the refresh is under way: the result is let go, and revoked', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const { auth, events } = await signIn(t, server, { storage, signOut: server.url('/revoke') });
  const gate = server.hold('/refresh');
  const refresh = auth.refresh();
  await gate.until(1);
  storage.map.clear();
  gate.open();
  await assert.rejects(refresh, { code: 'signed_out', reason: 'storage_cleared' });
  assert.deepEqual(events.reasons, ['storage_cleared']);
  assert.equal(storage.map.size, 0);
});

test('S5 two clients with different names do not touch each other', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const first = startClient(t, server, { storage, name: 'one' });
  const second = startClient(t, server, { storage, name: 'two' });
  await first.auth.setTokens({ access_token: 'a', refresh_token: 'ra' });
  await second.auth.setTokens({ access_token: 'b', refresh_token: 'rb' });
  assert.equal(storage.map.size, 2);
  assert.equal(await startClient(t, server, { storage, name: 'one' }).auth.getAccessToken(), 'a');
  await first.auth.signOut();
  assert.equal(storage.map.size, 1);
  assert.equal(second.auth.state, 'signed-in');
  assert.equal(await second.auth.getAccessToken(), 'b');
  assert.ok([...storage.map.keys()].every((key) => key.includes('two')));
});

test('S5 the key carries the version of the record', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  await signIn(t, server, { storage, name: 'mine' });
  const { version } = JSON.parse(storage.record ?? '{}') as { version: number };
  assert.match(storage.key, new RegExp(`mine.*${version}|${version}.*mine`));
});
