// Pages that nobody has come to yet, and pages in the back/forward cache, in Chromium as people have it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type * as Kit from '../../dist/index.js';
import { type HidableTab, openWindow } from './support/engines/hidable.ts';
import { until } from './support/until.ts';

declare global {
  var odd: {
    auth: Kit.AuthClient;
    persisted: boolean;
    prerendered: boolean;
    earlyLocks: string[];
  };
}

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

/** A client as soon as the page has one to run; it reports what it found. */
const APP = `<!doctype html><title>app</title><script type="module">
import { createAuthClient } from '/bearerkit/index.js';
const early = { prerendered: document.prerendering === true, earlyLocks: [] };
// Chromium itself puts such a request off.
const request = navigator.locks.request.bind(navigator.locks);
navigator.locks.request = (...wanted) => {
  if (document.prerendering) early.earlyLocks.push(wanted[0]);
  return request(...wanted);
};
const auth = createAuthClient({ mode: 'hybrid', refresh: '/refresh' });
const odd = (globalThis.odd = { auth, persisted: false, ...early });
addEventListener('pageshow', (event) => (odd.persisted = event.persisted));
await fetch('/loaded');
</script>`;

/** The same app for all, and a server that signs in whoever has been told to be. */
const asked: string[] = [];
let signedIn = false;

function answer(path: string): [status: number, type: string, body: string] {
  if (path.startsWith('/bearerkit/')) {
    const file = path.slice('/bearerkit/'.length);
    return [200, 'text/javascript', readFileSync(DIST + file, 'utf8')];
  }
  if (path === '/refresh') {
    return signedIn
      ? [200, 'application/json', '{"accessToken":"a","expiresIn":900}']
      : [401, 'application/json', '{"error":"invalid_grant"}'];
  }
  return [200, 'text/html', path === '/app' ? APP : '<!doctype html><title>elsewhere</title>'];
}

let server: Server;
let origin: string;
let browser: Awaited<ReturnType<typeof openWindow>>;
before(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '';
    if (!path.startsWith('/bearerkit/')) asked.push(path);
    const [status, type, body] = answer(path);
    response.writeHead(status, { 'Content-Type': type }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  browser = await openWindow();
});
beforeEach(() => {
  asked.length = 0;
  signedIn = false;
});
after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

const count = (path: string): number => asked.filter((one) => one === path).length;

async function openApp(): Promise<HidableTab> {
  const tab = await browser.newTab();
  const before = count('/loaded');
  await tab.goto(`${origin}/app`);
  await until('the app runs', () => count('/loaded') > before);
  await tab.evaluate(() => globalThis.odd.auth.ready(), undefined);
  return tab;
}

const forget = (tab: HidableTab): Promise<void> =>
  tab.evaluate(() => localStorage.clear(), undefined);

describe('the back/forward cache', () => {
  test('X7 while another tab broadcasts the page stays there; when it is back it knows what it missed', async () => {
    const tab = await openApp();
    await tab.goto(`${origin}/elsewhere`);
    const other = await openApp();
    for (let i = 0; i < 3; i++) {
      await other.evaluate(
        () => globalThis.odd.auth.setTokens({ accessToken: 'a', expiresIn: 900 }),
        undefined,
      );
    }
    signedIn = true;
    await tab.show();
    await tab.back();
    await until('it has come back', () =>
      tab.evaluate(() => 'odd' in globalThis && globalThis.odd.persisted, undefined),
    );
    const reasons = await tab.evaluate(() => {
      const [entry] = performance.getEntriesByType('navigation');
      return (entry as { notRestoredReasons?: unknown }).notRestoredReasons ?? null;
    }, undefined);
    assert.equal(reasons, null);
    await until('it is signed in', () =>
      tab.evaluate(() => globalThis.odd.auth.state === 'signed-in', undefined),
    );
    // It hears the others again.
    await other.evaluate(() => globalThis.odd.auth.signOut(), undefined);
    await until('it is signed out', () =>
      tab.evaluate(() => globalThis.odd.auth.getSnapshot().reason !== null, undefined),
    );
    assert.equal(
      await tab.evaluate(() => globalThis.odd.auth.getSnapshot().reason, undefined),
      'signed_out_elsewhere',
    );
    await forget(tab);
    await Promise.all([tab.close(), other.close()]);
  });
});

describe('a prerendered page', () => {
  test('X6 it asks nothing and wants no lock before somebody comes to it', async () => {
    signedIn = true;
    const tab = await browser.newTab();
    await tab.goto(`${origin}/elsewhere`);
    await tab.evaluate(() => {
      const rules = document.createElement('script');
      rules.type = 'speculationrules';
      rules.textContent =
        '{"prerender":[{"source":"list","urls":["/app"],"eagerness":"immediate"}]}';
      document.head.append(rules);
    }, undefined);
    await until('the app runs, unseen', () => count('/loaded') === 1);
    assert.equal(count('/refresh'), 0);
    await tab.evaluate(() => void setTimeout(() => location.assign('/app')), undefined);
    // The tab's connection is replaced with its page.
    const isSignedIn = (): Promise<boolean> =>
      tab.evaluate(
        () => 'odd' in globalThis && globalThis.odd.auth.state === 'signed-in',
        undefined,
      );
    await until('it is signed in', () => isSignedIn().catch(() => false));
    assert.equal(await tab.evaluate(() => globalThis.odd.prerendered, undefined), true);
    assert.deepEqual(await tab.evaluate(() => globalThis.odd.earlyLocks, undefined), []);
    assert.equal(count('/refresh'), 1);
    await forget(tab);
    await tab.close();
  });
});
