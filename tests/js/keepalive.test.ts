// F10: requests that outlive the page.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { type AuthServer, startAuthServer } from './support/auth_server.ts';
import { Clock, signIn, startClient, type TestClient } from './support/client.ts';
import { installGlobal } from './support/storages.ts';

interface Page {
  show(state: 'visible' | 'hidden'): void;
  /** An event of the window. */
  tell(type: string): void;
}

/** As much of a page as there must be. */
function installPage(t: TestContext): Page {
  const document = Object.assign(new EventTarget(), {
    baseURI: 'http://page.test/',
    visibilityState: 'visible',
  });
  const window = new EventTarget();
  installGlobal(t, 'document', { value: document });
  installGlobal(t, 'addEventListener', { value: window.addEventListener.bind(window) });
  return {
    show(state) {
      document.visibilityState = state;
      document.dispatchEvent(new Event('visibilitychange'));
    },
    tell(type) {
      window.dispatchEvent(new Event(type));
    },
  };
}

interface Started extends TestClient {
  page: Page;
  server: AuthServer;
}

/** Signed in, with a token that has expired by the clock. */
async function startExpired(t: TestContext): Promise<Started> {
  const page = installPage(t);
  const server = await startAuthServer(t, { expiresIn: 900 });
  const clock = new Clock();
  const client = await signIn(t, server, { clock, tabs: false });
  clock.advance(901);
  return { page, server, ...client };
}

const BEACON = { method: 'POST', body: 'x', keepalive: true };

const LEAVES: Record<string, (page: Page) => void> = {
  'it is hidden': (page) => page.show('hidden'),
  'after pagehide it is still visible': (page) => page.tell('pagehide'),
};

for (const [how, leave] of Object.entries(LEAVES)) {
  test(`F10 a keepalive request of a page that goes away is sent at once: ${how}`, async (t) => {
    const { page, server, auth } = await startExpired(t);
    const old = server.accessToken;
    leave(page);
    const init = await auth.fetchWithAuth(server.url('/api/a'), BEACON);
    const request = await auth.fetchWithAuth(new Request(server.url('/api/a'), BEACON));
    assert.deepEqual([init.status, request.status], [200, 200]);
    assert.equal(server.refreshes.length, 0);
    for (const { headers } of server.to('/api/a')) {
      assert.equal(headers.authorization, `Bearer ${old}`, 'with what there is');
    }
    // Any other request waits, as ever.
    assert.equal((await auth.fetchWithAuth(server.url('/api/b'), { method: 'POST' })).status, 200);
    assert.equal(server.refreshes.length, 1);
  });
}

test('F10 R11 while the page stays, a keepalive request waits for the refresh', async (t) => {
  const { page, server, auth } = await startExpired(t);
  const old = server.accessToken;
  page.tell('pagehide');
  page.tell('pageshow');
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'), BEACON)).status, 200);
  assert.equal(server.refreshes.length, 1);
  assert.notEqual(server.to('/api/a')[0]?.headers.authorization, `Bearer ${old}`);
});

test('F10 a client that is made when the page is back knows that it is', async (t) => {
  const { page, server, auth } = await startExpired(t);
  page.tell('pagehide');
  auth.close();
  const clock = new Clock();
  const { auth: next } = await signIn(t, server, { clock, tabs: false });
  clock.advance(901);
  assert.equal((await next.fetchWithAuth(server.url('/api/a'), BEACON)).status, 200);
  assert.equal(server.refreshes.length, 1);
});

test('F10 before the storage was read: without a token, like fetch', async (t) => {
  const page = installPage(t);
  const server = await startAuthServer(t);
  const never = new Promise<never>(() => undefined);
  const storage = { get: () => never, set: () => undefined, remove: () => undefined };
  const { auth } = startClient(t, server, { storage, tabs: false });
  page.show('hidden');
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'), BEACON)).status, 401);
  assert.equal(server.calls[0]?.token, undefined);
});
