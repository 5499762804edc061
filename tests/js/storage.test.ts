// S1, S3, S4: where the session is kept, and what becomes of it there.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAuthClient, memoryStorage, webStorage } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { Events, signIn, startClient } from './support/client.ts';
import {
  FakeWebStorage,
  installGlobal,
  MapStorage,
  recordOf,
  SlowStorage,
} from './support/storages.ts';
import { turns } from './support/wait.ts';

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

test('S1 X3 one write for a sign-in, one for a refresh; a call reads and writes nothing', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const { auth } = await signIn(t, server, { storage });
  const count = (what: string): number => storage.log.filter((done) => done === what).length;
  assert.equal(count('set'), 1);
  await auth.refresh();
  await auth.refresh();
  assert.equal(count('set'), 3);
  const before = storage.log.length;
  for (let i = 0; i < 20; i++) {
    const init = i % 2 === 0 ? undefined : { method: 'POST', body: 'x' };
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'), init)).status, 200);
  }
  await auth.getAccessToken();
  assert.equal(storage.log.length, before);
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
    storage.get = (key) => storage.map.get(key) ?? text;
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

test('S4 storage cleared by someone else: signed out, and the server is not asked', async (t) => {
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

test('S4 storage cleared during a refresh: its result is let go, and revoked', async (t) => {
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
