// X4: tabs without Web Locks, as on a page of plain http, take turns by a lease in their storage.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import type { AuthClientOptions, TokenStorage } from 'bearerkit';

import { type AuthServer, startAuthServer } from './support/auth_server.ts';
import { startClient, type TestClient } from './support/client.ts';
import { installGlobal, LaggingStorage, MapStorage, SlowStorage } from './support/storages.ts';
import { settled, until } from './support/wait.ts';

let names = 0;

/** Tabs of one session, which the first one has begun. */
async function openTabs(
  t: TestContext,
  storages: TokenStorage[],
  options: AuthClientOptions = {},
): Promise<{ server: AuthServer; tabs: TestClient[] }> {
  // Newer Nodes have navigator.locks.
  installGlobal(t, 'navigator', { value: undefined });
  const server = await startAuthServer(t);
  const name = `lease-${process.pid}-${++names}`;
  const open = (storage: TokenStorage): TestClient =>
    startClient(t, server, { storage, tabs: true, name, ...options });
  const [first, ...others] = storages;
  assert.ok(first);
  const tabs = [open(first)];
  await tabs[0]?.auth.setTokens(server.signIn());
  for (const storage of others) {
    await until(async () => (await storage.get(`${name}.v1`)) !== null, 'the record');
    tabs.push(open(storage));
  }
  for (const { auth } of tabs) assert.equal(await auth.ready(), 'signed-in');
  return { server, tabs };
}

async function callAll(server: AuthServer, tabs: TestClient[], times: number): Promise<number[]> {
  const calls = tabs.flatMap(({ auth }) =>
    Array.from({ length: times }, (_, i) => auth.fetchWithAuth(server.url(`/api/${i}`))),
  );
  const answers = await settled(Promise.all(calls), 'the calls');
  return answers.map(({ status }) => status);
}

// Half of the 50 ms that tabs wait for each other.
const MOST_LAG = 25;
const shared = { map: new MapStorage(), slow: new SlowStorage() };
for (const [kind, storages] of [
  ['a synchronous storage', () => Array<TokenStorage>(4).fill(shared.map)],
  ['an asynchronous storage', () => Array<TokenStorage>(4).fill(shared.slow)],
  ['a storage that shows what others wrote 7 ms later', () => LaggingStorage.of(4, 7)],
] as const) {
  test(`X4 without Web Locks: 4 tabs x 25 calls x 3 expiries, one refresh each: ${kind}`, async (t) => {
    const { server, tabs } = await openTabs(t, storages());
    for (let expiry = 1; expiry <= 3; expiry++) {
      const before = server.refreshes.length;
      server.expire();
      LaggingStorage.longest = 0;
      const statuses = await callAll(server, tabs, 25);
      assert.deepEqual([...new Set(statuses)], [200]);
      // X4: a lease is no lock where a write takes too long to be seen. Then the session is kept, no more.
      if (LaggingStorage.longest > MOST_LAG) continue;
      assert.equal(server.refreshes.length, before + 1, `after expiry ${expiry}`);
    }
    for (const { auth, events } of tabs) {
      assert.equal(auth.state, 'signed-in');
      assert.equal(events.count('warning'), 0);
    }
  });
}

test('X4 a lease is given back, also when the refresh fails', async (t) => {
  const storage = new MapStorage();
  const { server, tabs } = await openTabs(t, [storage, storage]);
  server.refreshAnswers.push(() => ({ status: 503 }));
  await assert.rejects(tabs[0]?.auth.refresh() ?? Promise.resolve(), { code: 'refresh_failed' });
  assert.equal(storage.map.size, 1, 'the record alone');
  await tabs[1]?.auth.refresh();
  assert.equal(storage.map.size, 1);
});

test('X4 a claim that ran out does not take the next one along, however slowly it goes', async (t) => {
  let looks = 0;
  class SlowStorageOfLeases extends MapStorage {
    override async get(key: string): Promise<string | null> {
      const found = super.get(key);
      // As in a tab that is frozen between its claim and the look at it.
      if (key.endsWith('.lease') && ++looks === 2) await sleep(500);
      return found;
    }
    override async remove(key: string): Promise<void> {
      await sleep(100);
      super.remove(key);
    }
  }
  const storage = new SlowStorageOfLeases();
  const { server, tabs } = await openTabs(t, [storage, storage], { lockTimeout: 400 });
  const gate = server.hold('/refresh');
  const refreshed = tabs[0]?.auth.refresh();
  await gate.until(1);
  await sleep(200);
  assert.ok([...storage.map.keys()].some((key) => key.endsWith('.lease')));
  gate.open();
  await refreshed;
});

test('X4 the lease of a tab that is gone holds the others up for no longer than lockTimeout', async (t) => {
  const storage = new MapStorage();
  const { server, tabs } = await openTabs(t, [storage, storage], { lockTimeout: 400 });
  const [dying, living] = tabs;
  // It has the lease and waits for its answer when it goes: nothing more is heard of it.
  const gate = server.hold('/refresh');
  const lost = dying?.auth.refresh().catch(() => {});
  await gate.until(1);
  storage.remove = () => undefined;
  dying?.auth.close();
  const lease = [...storage.map.keys()].find((key) => key.endsWith('.lease'));
  assert.ok(lease, 'its lease is still there');
  gate.open();
  await lost;
  await living?.events.until('refreshed');
  server.expire();
  const response = await settled(
    living?.auth.fetchWithAuth(server.url('/api/me')) ?? Promise.reject(new Error()),
    'the call',
  );
  assert.equal(response.status, 200);
});

test('X4 S2 a storage that throws for the lease keeps the session: compare and adopt stand alone', async (t) => {
  class NoLease extends MapStorage {
    override get(key: string): string | null {
      if (key.endsWith('.lease')) throw new Error('refused');
      return this.map.get(key) ?? null;
    }
  }
  const storage = new NoLease();
  const { server, tabs } = await openTabs(t, [storage, storage]);
  for (const tab of tabs) {
    server.expire();
    assert.deepEqual(await callAll(server, [tab], 5), [200, 200, 200, 200, 200]);
  }
  assert.equal(server.refreshes.length, 2);
  assert.deepEqual(
    tabs.map(({ events }) => events.count('warning')),
    [0, 0],
  );
});
