// X9: tabs of one session whose tokens no shared storage carries, as clients in one process that hear
// each other by BroadcastChannel. (Node 20 has no navigator.locks; browsers are tested elsewhere.)
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { memoryStorage } from 'bearerkit';

import { type AuthServer, readRefresh, startAuthServer } from './support/auth_server.ts';
import { signIn, startClient, type TestClient } from './support/client.ts';
import { CopiedStorage, installGlobal } from './support/storages.ts';
import { turns, until } from './support/wait.ts';

let names = 0;
/** A name that no other test hears. */
const unique = (): string => `hand-over-${process.pid}-${++names}`;

/** What the tabs say, for as long as the test runs. */
function spyOnMessages(t: TestContext): { messages: string[]; say: (message: string) => void } {
  const messages: string[] = [];
  const channels: BroadcastChannel[] = [];
  class Spy extends BroadcastChannel {
    constructor(name: string) {
      super(name);
      channels.push(this);
    }
    override postMessage(message: unknown): void {
      messages.push(String(message));
      super.postMessage(message);
    }
  }
  installGlobal(t, 'BroadcastChannel', { value: Spy, writable: true });
  const say = (message: string): void => {
    const channel = new BroadcastChannel(channels[0]?.name ?? '');
    channel.postMessage(message);
    channel.close();
  };
  return { messages, say };
}

interface Tabs {
  server: AuthServer;
  name: string;
  storage: CopiedStorage;
  first: TestClient;
}

async function oneTab(t: TestContext): Promise<Tabs> {
  const server = await startAuthServer(t);
  const [name, storage] = [unique(), new CopiedStorage()];
  const first = await signIn(t, server, { storage, tabs: true, name });
  return { server, name, storage, first };
}

/** Another tab, with a copy of what the first one stored. */
async function duplicate(t: TestContext, { server, name, storage }: Tabs): Promise<TestClient> {
  const tab = startClient(t, server, { storage: storage.copy(), tabs: true, name });
  assert.equal(await tab.auth.ready(), 'signed-in');
  return tab;
}

/** The refresh tokens that the server was sent. */
const redeemed = (server: AuthServer): unknown[] =>
  server.refreshes.map((request) => readRefresh(request).refreshToken);

test('X9 a duplicated tab takes up what the other one was given, also for its own reload', async (t) => {
  const tabs = await oneTab(t);
  const { server, first } = tabs;
  const storage = tabs.storage.copy();
  const second = startClient(t, server, { storage, tabs: true, name: tabs.name });
  await second.auth.ready();
  for (let i = 0; i < 4; i++) {
    server.expire();
    for (const tab of i % 2 ? [second, first] : [first, second]) {
      assert.equal((await tab.auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    }
    assert.equal(server.refreshes.length, i + 1, 'one refresh for each expiry');
    assert.equal(await first.auth.getAccessToken(), await second.auth.getAccessToken());
  }
  assert.equal(new Set(redeemed(server)).size, 4, 'no token is redeemed twice');
  assert.equal(storage.record?.includes(server.refreshToken), true);
  assert.deepEqual([...first.events.reasons, ...second.events.reasons], []);
});

test('X9 a tab that begins with an old copy asks the others before it redeems', async (t) => {
  const tabs = await oneTab(t);
  const { server, first } = tabs;
  const old = { ...tabs, storage: tabs.storage.copy() };
  server.expire();
  await first.auth.refresh();
  const second = await duplicate(t, old);
  assert.equal((await second.auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.equal(await second.auth.getAccessToken(), server.accessToken);
  assert.equal(server.refreshes.length, 1);
  assert.deepEqual(second.events.of('refreshed'), [{ generation: 2, elsewhere: true }]);
});

test('X9 R24 two copies that redeem at once: the loser adopts, and sends its token once only', async (t) => {
  const tabs = await oneTab(t);
  const { server, first } = tabs;
  const second = await duplicate(t, tabs);
  server.expire();
  const gate = server.hold('/refresh');
  const calls = [first, second].map(({ auth }) => auth.fetchWithAuth(server.url('/api/a')));
  await gate.until(2);
  gate.open();
  for (const call of calls) assert.equal((await call).status, 200);
  assert.equal(server.refreshes.length, 2);
  assert.equal(await first.auth.getAccessToken(), await second.auth.getAccessToken());
  assert.deepEqual([...first.events.reasons, ...second.events.reasons], []);
});

test('X9 the tabs of another session take nothing up', async (t) => {
  const tabs = await oneTab(t);
  const { server, name, first } = tabs;
  const other = startClient(t, server, { storage: new CopiedStorage(), tabs: true, name });
  await other.auth.setTokens({ access_token: 'other', refresh_token: 'other-refresh' });
  const third = await duplicate(t, tabs);
  await first.auth.refresh();
  await third.events.until('refreshed');
  assert.equal(await other.auth.getAccessToken(), 'other');
  assert.equal(other.events.count('refreshed'), 0);
});

test('X9 L1 what was handed on is no session any more when it has ended here', async (t) => {
  const spy = spyOnMessages(t);
  const tabs = await oneTab(t);
  const { server, first } = tabs;
  const second = await duplicate(t, tabs);
  await first.auth.refresh();
  await second.events.until('refreshed');
  const handed = spy.messages.find((message) => message.includes(server.refreshToken));
  assert.ok(handed);
  await second.auth.signOut();
  await first.events.until('signedout');
  spy.say(handed);
  await turns(20);
  assert.deepEqual([first.auth.state, second.auth.state], ['signed-out', 'signed-out']);
});

test('X9 with memoryStorage() each tab has a session of its own: nothing is handed on', async (t) => {
  const spy = spyOnMessages(t);
  const server = await startAuthServer(t);
  const options = { tabs: true, name: unique() };
  const [first, second] = [memoryStorage(), memoryStorage()].map((storage) =>
    startClient(t, server, { ...options, storage }),
  ) as [TestClient, TestClient];
  await first.auth.setTokens(server.signIn());
  await second.auth.setTokens({ access_token: 'other' });
  await first.auth.refresh();
  await second.auth.signOut();
  await until(() => first.auth.state === 'signed-out', 'the sign-out, which reaches all');
  assert.ok(spy.messages.length > 0);
  for (const message of spy.messages) assert.doesNotMatch(message, /access-|refresh-|other/);
});
