// S2: storages that are not there, or full, or fail sooner or later: on in memory, with one warning.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { createAuthClient, webStorage } from 'bearerkit';

import { readRefresh, startAuthServer } from './support/auth_server.ts';
import { Events, signIn, startClient } from './support/client.ts';
import { FakeWebStorage, FaultyStorage, installGlobal } from './support/storages.ts';
import { settled, turns } from './support/wait.ts';

const failing = (what: string): never => {
  throw new DOMException(what, 'SecurityError');
};

const BROKEN: Record<string, () => PropertyDescriptor> = {
  'a getter that throws': () => ({ get: () => failing('denied') }),
  'a missing API': () => ({ value: undefined }),
  'an API that is null': () => ({ value: null }),
  'methods that throw': () => ({
    value: Object.assign(new FakeWebStorage(), { denied: new Error('denied') }),
  }),
  // Known by its name: the class of the error has changed over the years.
  'a full quota, as in old private modes that have none': () => ({
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
    assert.equal(events.count('warning'), 1);
  });
}

test('S2 quota full at a refresh: the old record, whose token is spent, does not stay', async (t) => {
  const server = await startAuthServer(t);
  const fake = new FakeWebStorage();
  installGlobal(t, 'localStorage', { value: fake });
  const { auth, events } = await signIn(t, server, { storage: webStorage('local') });
  fake.full = new DOMException('full', 'QuotaExceededError');
  for (let i = 0; i < 2; i++) {
    const { refreshToken } = server;
    await auth.refresh();
    assert.equal(readRefresh(server.refreshes[i] ?? assert.fail()).refreshToken, refreshToken);
  }
  assert.equal(auth.state, 'signed-in');
  assert.equal(fake.map.size, 0);
  assert.deepEqual(events.of('warning'), [{ code: 'storage_unavailable' }]);
});

for (const form of ['throws', 'rejects'] as const) {
  for (const broken of [
    ['get'],
    ['set'],
    ['remove'],
    ['get', 'set'],
    ['get', 'set', 'remove'],
  ] as const) {
    const what = `${broken.join(', ')}: ${form}`;

    test(`S2 a storage that fails from the start (${what}): signed in all the same, one warning`, async (t) => {
      const server = await startAuthServer(t);
      const storage = new FaultyStorage(form);
      storage.broken = broken;
      const { auth, events } = startClient(t, server, { storage });
      await settled(auth.setTokens(server.signIn()), 'setTokens');
      for (let i = 0; i < 2; i++) {
        const { refreshToken } = server;
        await settled(auth.refresh(), 'refresh');
        assert.equal(readRefresh(server.refreshes[i] ?? assert.fail()).refreshToken, refreshToken);
      }
      assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
      await settled(auth.signOut(), 'signOut');
      await turns(2);
      assert.deepEqual(events.of('warning'), [{ code: 'storage_unavailable' }]);
      assert.deepEqual(events.reasons, ['signed_out']);
    });

    test(`S2 a storage that starts to fail midway (${what}): the new refresh token is never lost, one warning`, async (t) => {
      const server = await startAuthServer(t);
      const storage = new FaultyStorage(form);
      const { auth, events } = await signIn(t, server, { storage });
      await auth.refresh();
      storage.broken = broken;
      const removable = !(broken as readonly string[]).includes('remove');
      for (let i = 1; i <= 3; i++) {
        const { refreshToken } = server;
        await settled(auth.refresh(), 'refresh');
        assert.equal(readRefresh(server.refreshes[i] ?? assert.fail()).refreshToken, refreshToken);
        const { record } = storage;
        const spent = record !== undefined && !record.includes(server.refreshToken);
        assert.ok(!spent || !removable, 'no token that is spent stays behind');
      }
      server.expire();
      assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
      assert.equal(auth.state, 'signed-in');
      await settled(auth.signOut(), 'signOut');
      await turns(2);
      assert.deepEqual(events.of('warning'), [{ code: 'storage_unavailable' }]);
      assert.deepEqual(events.reasons, ['signed_out']);
      if (removable) assert.equal(storage.map.size, 0, 'L1 nothing is left to be signed in with');
    });
  }
}

test('S2 a storage that fails at the start, and works again: a sign-out leaves nothing behind', async (t) => {
  const server = await startAuthServer(t);
  const storage = new FaultyStorage('throws');
  (await signIn(t, server, { storage })).auth.close();
  storage.broken = ['get'];
  const { auth, events } = startClient(t, server, { storage });
  assert.equal(auth.state, 'signed-out');
  assert.equal(storage.map.size, 1, 'it may be readable again after a reload');
  storage.broken = [];
  await auth.setTokens(server.signIn('oauth', 'grace'));
  assert.ok(!(storage.record ?? '').includes('ada'), 'not with another user in between');
  await auth.signOut();
  assert.equal(storage.map.size, 0);
  assert.equal(events.count('warning'), 1);
});

test('S2 nothing throws at the import, nor when a client is made, where every storage throws', async () => {
  const code = `
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'document', 'navigator', 'BroadcastChannel']) {
      Object.defineProperty(globalThis, name, { get() { throw new Error(name); }, configurable: true });
    }
    await import('bearerkit');
    delete globalThis.document;
    delete globalThis.navigator;
    delete globalThis.BroadcastChannel;
    const { createAuthClient, webStorage } = await import('bearerkit');
    const warnings = [];
    for (const area of ['local', 'session']) {
      const auth = createAuthClient({ storage: webStorage(area) });
      auth.addEventListener('warning', ({ detail }) => warnings.push(detail.code));
      await auth.setTokens({ access_token: 'a' });
      warnings.push(auth.state);
    }
    console.log(warnings.join(' '));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', code],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)), timeout: 300_000 },
  );
  assert.equal(stdout.trim(), 'storage_unavailable signed-in storage_unavailable signed-in');
});

test('S2 without any storage API a client works, and another area is refused', async () => {
  const auth = createAuthClient({ storage: webStorage('session') });
  const events = new Events(auth);
  assert.equal(auth.state, 'signed-out');
  await turns(1);
  assert.deepEqual(events.of('warning'), [{ code: 'storage_unavailable' }]);
  auth.close();
  assert.throws(() => webStorage('other' as 'local'), {
    name: 'AuthError',
    code: 'invalid_config',
  });
});
