// X3, a first look: two clients in one process that share a storage and hear each other by
// BroadcastChannel. (Node 20 has no navigator.locks; browsers are tested elsewhere.)
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { startAuthServer } from './support/auth_server.ts';
import { signIn, startClient, type TestClient } from './support/client.ts';
import { installGlobal, MapStorage, SlowStorage } from './support/storages.ts';
import { until } from './support/wait.ts';

let names = 0;
/** A name that no other test hears. */
const unique = (): string => `tabs-${process.pid}-${++names}`;

async function twoTabs(
  t: TestContext,
  storage: MapStorage,
): Promise<{
  server: Awaited<ReturnType<typeof startAuthServer>>;
  first: TestClient;
  second: TestClient;
}> {
  const server = await startAuthServer(t);
  const options = { storage, tabs: true, name: unique() };
  const first = startClient(t, server, options);
  const second = startClient(t, server, options);
  await Promise.all([first.auth.ready(), second.auth.ready()]);
  await first.auth.setTokens(server.signIn());
  await second.events.until('signedin');
  return { server, first, second };
}

for (const [kind, make] of [
  ['sync', () => new MapStorage()],
  ['async', () => new SlowStorage()],
] as const) {
  test(`X3 sign-in, refresh and sign-out in one tab reach the other (${kind} storage)`, async (t) => {
    const { server, first, second } = await twoTabs(t, make());
    assert.deepEqual(second.events.of('signedin'), [{ elsewhere: true, restored: false }]);
    assert.equal(await second.auth.getAccessToken(), server.accessToken);
    await first.auth.refresh();
    await second.events.until('refreshed');
    assert.deepEqual(second.events.of('refreshed'), [{ generation: 2, elsewhere: true }]);
    assert.equal((await second.auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    assert.equal(server.refreshes.length, 1);
    await second.auth.signOut();
    await first.events.until('signedout');
    assert.deepEqual(first.events.reasons, ['signed_out_elsewhere']);
    assert.deepEqual(second.events.reasons, ['signed_out']);
    assert.equal(first.auth.state, 'signed-out');
  });
}

test('X3 a removal that comes late, when another user has signed in, is told to that tab', async (t) => {
  let goOn: (() => void) | undefined;
  // As in a tab that was frozen: its removal takes place when it wakes up.
  class HeldStorage extends MapStorage {
    override remove(key: string): unknown {
      if (goOn !== undefined) return super.remove(key);
      return new Promise<void>((resolve) => {
        goOn = () => {
          super.remove(key);
          resolve();
        };
      });
    }
  }
  const storage = new HeldStorage();
  const { server, first, second } = await twoTabs(t, storage);
  void first.auth.signOut();
  await second.events.until('signedout');
  await second.auth.setTokens(server.signIn());
  goOn?.();
  await second.events.until('signedout', 2);
  assert.deepEqual(second.events.reasons, ['signed_out_elsewhere', 'storage_cleared']);
  assert.equal(storage.record, undefined);
});

test('X3 a tab whose refresh is refused signs the other one out', async (t) => {
  const { server, first, second } = await twoTabs(t, new MapStorage());
  server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
  await assert.rejects(first.auth.refresh(), { code: 'refresh_rejected' });
  await second.events.until('signedout');
  assert.equal(second.auth.state, 'signed-out');
  assert.ok(
    ['storage_cleared', 'signed_out_elsewhere', 'refresh_rejected'].includes(
      second.events.reasons[0] ?? '',
    ),
  );
});

test('X3 with memory storage each tab has its own session; sign-out still reaches all', async (t) => {
  const server = await startAuthServer(t);
  const name = unique();
  const first = await signIn(t, server, { tabs: true, name });
  const second = startClient(t, server, { tabs: true, name });
  await second.auth.setTokens(server.tokens('oauth'));
  assert.equal(first.events.count('signedin'), 1, 'its own');
  await first.auth.signOut();
  await second.events.until('signedout');
  assert.deepEqual(second.events.reasons, ['signed_out_elsewhere']);
});

test('S5 clients with different names do not hear each other', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const first = await signIn(t, server, { storage, tabs: true, name: unique() });
  const other = await signIn(t, server, { storage, tabs: true, name: unique() });
  const name = unique();
  const third = await signIn(t, server, { tabs: true, name });
  const fourth = await signIn(t, server, { tabs: true, name });
  await first.auth.signOut();
  await third.auth.signOut();
  // Those of one name have been told, so the others would have been by now.
  await fourth.events.until('signedout');
  assert.equal(other.auth.state, 'signed-in');
});

test('X3 no token is put into a message', async (t) => {
  const messages: unknown[] = [];
  class Spy extends BroadcastChannel {
    override postMessage(message: unknown): void {
      messages.push(message);
      super.postMessage(message);
    }
  }
  installGlobal(t, 'BroadcastChannel', { value: Spy, writable: true });
  const { server, first, second } = await twoTabs(t, new MapStorage());
  const tokens = [server.accessToken, server.refreshToken];
  await first.auth.refresh();
  tokens.push(server.accessToken, server.refreshToken);
  await second.auth.signOut();
  await until(() => first.auth.state === 'signed-out', 'the other tab');
  assert.ok(messages.length >= 3);
  for (const token of tokens) assert.ok(!JSON.stringify(messages).includes(token));
});

test('X3 messages that are none of ours are let go', async (t) => {
  const channels: BroadcastChannel[] = [];
  class Spy extends BroadcastChannel {
    constructor(name: string) {
      super(name);
      channels.push(this);
    }
  }
  installGlobal(t, 'BroadcastChannel', { value: Spy, writable: true });
  const { server, first, second } = await twoTabs(t, new MapStorage());
  const foreign = new BroadcastChannel(channels[0]?.name ?? '');
  t.after(() => foreign.close());
  for (const message of [
    'x',
    '{}',
    null,
    5,
    { kind: 'signed_out' },
    '{"kind":"signed_out"}',
    '['.repeat(1e5),
  ]) {
    foreign.postMessage(message);
  }
  await first.auth.refresh();
  await second.events.until('refreshed');
  assert.equal(second.auth.state, 'signed-in');
  assert.equal((await second.auth.fetchWithAuth(server.url('/api/a'))).status, 200);
});

test('X3 by default clients on a server do not hear each other: they may be of different users', async (t) => {
  let opened = 0;
  class Spy extends BroadcastChannel {
    constructor(name: string) {
      super(name);
      opened++;
    }
  }
  installGlobal(t, 'BroadcastChannel', { value: Spy, writable: true });
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  await auth.signOut();
  assert.equal(opened, 0);
});

test('X4 where navigator.locks is null, as in happy-dom, tabs go without', async (t) => {
  installGlobal(t, 'navigator', { value: { locks: null } });
  const { server, first, second } = await twoTabs(t, new MapStorage());
  await first.auth.refresh();
  await second.events.until('refreshed');
  assert.equal(server.refreshes.length, 1);
});
