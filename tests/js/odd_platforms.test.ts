// X6–X8: pages that nobody has come to, or that were left, and platforms that throw from where they
// should reject. Browsers are tested elsewhere; here the globals are the test's.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { webStorage } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { signIn, startClient } from './support/client.ts';
import { installGlobal, MapStorage } from './support/storages.ts';
import { settled, turns, until } from './support/wait.ts';

let names = 0;
const unique = (): string => `odd-${process.pid}-${++names}`;

const throws = (): never => {
  throw new Error('Permission denied');
};

/** The events of a page, which the test sends. */
function pageEvents(t: TestContext): EventTarget {
  const page = new EventTarget();
  for (const name of ['addEventListener', 'removeEventListener'] as const) {
    installGlobal(t, name, { value: page[name].bind(page), writable: true });
  }
  return page;
}

// ---- X7: the back/forward cache -------------------------------------------------------------

test('X7 a page that was left has no channel; when it is back it reads what it missed, and hears again', async (t) => {
  const page = pageEvents(t);
  const server = await startAuthServer(t);
  const options = { storage: new MapStorage(), tabs: true, name: unique() };
  const left = startClient(t, server, options);
  await left.auth.ready();
  page.dispatchEvent(new Event('pagehide'));
  // Of this process, but of a page of its own: it hears nothing of the other's events.
  installGlobal(t, 'addEventListener', { value: undefined, writable: true });
  const other = startClient(t, server, options);
  await other.auth.setTokens(server.signIn());
  await turns(20);
  assert.equal(left.auth.state, 'signed-out', 'it hears nothing');
  page.dispatchEvent(new Event('pageshow'));
  await left.events.until('signedin');
  await other.auth.signOut();
  await left.events.until('signedout');
  assert.deepEqual(left.events.reasons, ['signed_out_elsewhere']);
});

test('X7 L1 a sign-out while the page goes away still reaches the others', async (t) => {
  const page = pageEvents(t);
  const server = await startAuthServer(t);
  const options = { storage: new MapStorage(), tabs: true, name: unique() };
  const leaving = await signIn(t, server, options);
  installGlobal(t, 'addEventListener', { value: undefined, writable: true });
  const other = startClient(t, server, options);
  page.dispatchEvent(new Event('pagehide'));
  await leaving.auth.signOut();
  await other.events.until('signedout');
  assert.deepEqual(other.events.reasons, ['signed_out_elsewhere']);
});

/** Web Locks that are granted at once. Gives a function that names the marks (X11) that are held. */
function installLocks(t: TestContext): () => string[] {
  const held = new Set<{ name: string }>();
  const request = async (
    name: string,
    _options: LockOptions,
    hold: () => Promise<void>,
  ): Promise<void> => {
    const lock = { name };
    held.add(lock);
    try {
      await hold();
    } finally {
      held.delete(lock);
    }
  };
  const query = (): Promise<LockManagerSnapshot> => Promise.resolve({ held: [...held] });
  installGlobal(t, 'navigator', { value: { locks: { request, query } } });
  return () => [...held].map(({ name }) => name).filter((name) => name.includes('.mark.'));
}

test('X7 X11 a page that was left holds no mark, whatever it learns meanwhile; when it is back it holds its newest', async (t) => {
  const page = pageEvents(t);
  const marks = installLocks(t);
  const server = await startAuthServer(t);
  const options = { storage: new MapStorage(), tabs: true, name: unique() };
  const { auth } = await signIn(t, server, options);
  await until(() => marks().length === 1, 'it holds a mark');
  const [first] = marks();
  page.dispatchEvent(new Event('pageshow'));
  page.dispatchEvent(new Event('pagehide'));
  await turns(20);
  assert.deepEqual(marks(), []);
  page.dispatchEvent(new Event('pageshow'));
  await turns(20);
  assert.deepEqual(marks(), [first], 'the same');
  page.dispatchEvent(new Event('pagehide'));
  await auth.refresh();
  await turns(20);
  assert.deepEqual(marks(), []);
  page.dispatchEvent(new Event('pageshow'));
  await turns(20);
  assert.equal(marks().length, 1);
  assert.notEqual(marks()[0], first);
  await auth.signOut();
  await until(() => marks().length === 0, 'it holds none');
  page.dispatchEvent(new Event('pagehide'));
  page.dispatchEvent(new Event('pageshow'));
  await turns(20);
  assert.deepEqual(marks(), [], 'of a session that is over there is none');
});

test('X11 a mark is held for twice storageTimeout, and as long as there are tokens where tabs hand them on', async (t) => {
  const page = pageEvents(t);
  const marks = installLocks(t);
  const server = await startAuthServer(t);
  const options = { tabs: true, storageTimeout: 20 };
  await signIn(t, server, { ...options, storage: new MapStorage(), name: unique() });
  await until(() => marks().length === 1, 'it holds a mark');
  await until(() => marks().length === 0, 'it holds none');
  page.dispatchEvent(new Event('pagehide'));
  page.dispatchEvent(new Event('pageshow'));
  await turns(20);
  assert.deepEqual(marks(), [], 'nor when the page is back');
  const storage = Object.assign(new MapStorage(), { shared: false, copied: true });
  const { auth } = await signIn(t, server, { ...options, storage, name: unique() });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(marks().length, 1);
  auth.close();
  await until(() => marks().length === 0, 'it holds none');
});

test('X7 nothing listens to unload or beforeunload, which would keep the page out of the cache', async (t) => {
  const types: string[] = [];
  const listen = (type: string): number => types.push(type);
  installGlobal(t, 'addEventListener', { value: listen, writable: true });
  installGlobal(t, 'document', { value: { addEventListener: listen, visibilityState: 'visible' } });
  installGlobal(t, 'navigator', { value: undefined });
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server, {
    storage: new MapStorage(),
    tabs: true,
    name: unique(),
  });
  await auth.refresh();
  assert.ok(types.includes('pagehide') && types.includes('prerenderingchange'));
  assert.deepEqual(
    types.filter((type) => type.includes('unload')),
    [],
  );
});

// ---- X8: it throws where it should reject ----------------------------------------------------

const LOCKS: Record<string, object> = {
  'request throws': { locks: { request: throws } },
  'the getter throws': Object.defineProperty({}, 'locks', { get: throws }),
  'what it gives has no then that may be read': {
    locks: { request: () => Object.defineProperty({}, 'then', { get: throws }) as unknown },
  },
};
for (const [what, navigator] of Object.entries(LOCKS)) {
  test(`X8 X4 Web Locks: ${what}: tabs take turns by the lease`, async (t) => {
    installGlobal(t, 'navigator', { value: navigator });
    const server = await startAuthServer(t);
    const storage = new MapStorage();
    const options = { storage, tabs: true, name: unique() };
    const leases: string[] = [];
    const set = storage.set.bind(storage);
    t.mock.method(storage, 'set', (key: string, value: string) => {
      if (key.endsWith('.lease')) leases.push(key);
      return set(key, value);
    });
    const first = await signIn(t, server, options);
    const second = startClient(t, server, options);
    server.expire();
    const calls = [first, second].flatMap(({ auth }) =>
      [1, 2, 3].map((i) => auth.fetchWithAuth(server.url(`/api/${i}`))),
    );
    const answers = await settled(Promise.all(calls), 'the calls');
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(server.refreshes.length, 1);
    assert.ok(leases.length > 0, 'by the lease');
    assert.deepEqual([...first.events.of('warning'), ...second.events.of('warning')], []);
  });
}

test('X8 no BroadcastChannel may be made: silence', async (t) => {
  installGlobal(t, 'BroadcastChannel', { value: throws, writable: true });
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server, { tabs: true, name: unique() });
  await auth.refresh();
  await auth.signOut();
  assert.deepEqual(events.reasons, ['signed_out']);
  assert.deepEqual(events.of('warning'), []);
});

test('X8 S2 the getter of localStorage throws: in memory, with one warning', async (t) => {
  installGlobal(t, 'localStorage', { get: throws });
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server, { storage: webStorage('local') });
  await auth.refresh();
  assert.equal(auth.state, 'signed-in');
  await until(() => events.count('warning') > 0, 'warned');
  assert.deepEqual(events.of('warning'), [{ code: 'storage_unavailable' }]);
});

test('X8 the getter of document.cookie throws: nothing is presumed', async (t) => {
  installGlobal(t, 'document', { value: Object.defineProperty({}, 'cookie', { get: throws }) });
  const server = await startAuthServer(t);
  const { auth, events } = startClient(t, server, { mode: 'hybrid', presume: 'signed_in' });
  assert.equal(await auth.ready(), 'signed-out');
  await events.until('warning');
  assert.equal(server.refreshes.length, 0);
});
