// P6: jsdom beside Node's own fetch, as Vitest and jest-fixed-jsdom have it: an AbortSignal of the page
// is none to fetch, and one of Node is none to the page.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { JSDOM } from 'jsdom';

import { createAuthClient, webStorage } from 'bearerkit';

import { startAuthServer } from '../js/support/auth_server.ts';
import { installGlobal } from '../js/support/storages.ts';

const { AbortSignal: OwnSignal, fetch: ownFetch, Request: OwnRequest } = globalThis;

/** What Node 24 does, and Node 20 not yet. */
function insistOnOwnSignals(t: TestContext): void {
  class StrictRequest extends OwnRequest {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      if (init?.signal && !(init.signal instanceof OwnSignal))
        throw new TypeError('no AbortSignal');
      super(input, init);
    }
  }
  installGlobal(t, 'Request', { value: StrictRequest, writable: true });
  const value: typeof fetch = (input, init) => ownFetch(new StrictRequest(input, init));
  installGlobal(t, 'fetch', { value, writable: true });
}

const REALMS: Record<string, readonly string[]> = {
  Vitest: ['AbortController', 'AbortSignal', 'Event', 'CustomEvent', 'EventTarget'],
  'jest-fixed-jsdom': ['Event', 'CustomEvent', 'EventTarget'],
};
const PAGE = ['window', 'document', 'localStorage', 'addEventListener', 'removeEventListener'];

for (const [realm, taken] of Object.entries(REALMS)) {
  test(`P6 ${realm}: jsdom's own events and signals`, async (t) => {
    const server = await startAuthServer(t);
    const { window } = new JSDOM('', { url: 'http://localhost/' });
    t.after(() => window.close());
    for (const name of [...PAGE, ...taken]) {
      const value: unknown = Reflect.get(window, name);
      const isListening = name.endsWith('EventListener');
      installGlobal(t, name, {
        value: isListening ? (value as () => void).bind(window) : value,
        writable: true,
      });
    }
    insistOnOwnSignals(t);
    const heard: string[] = [];
    const auth = createAuthClient({
      origins: [server.origin],
      refresh: server.url('/refresh'),
      storage: webStorage('local'),
    });
    t.after(() => auth.close());
    const listening = new AbortController();
    auth.addEventListener('refreshed', ({ type }) => heard.push(type), listening);
    await auth.setTokens(server.signIn());
    server.expire();
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    listening.abort();
    server.expire();
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    assert.deepEqual(heard, ['refreshed'], 'the page’s signal takes a listener off');
    window.document.dispatchEvent(new window.Event('visibilitychange'));
    await auth.signOut();
    assert.equal(auth.state, 'signed-out');
  });
}
