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
  };
}

/** What a page says of itself as soon as it knows whether somebody is signed in. */
interface Report {
  readonly state: string;
  readonly prerendered: boolean;
  readonly earlyLocks: readonly string[];
}

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

/** A client as soon as the page has one to run; it reports what it found. */
const APP = `<!doctype html><title>app</title><script type="module">
import { createAuthClient, webStorage } from '/bearerkit/index.js';
const early = { prerendered: document.prerendering === true, earlyLocks: [] };
// Chromium itself puts such a request off.
const request = navigator.locks.request.bind(navigator.locks);
navigator.locks.request = (...wanted) => {
  if (document.prerendering) early.earlyLocks.push(wanted[0]);
  return request(...wanted);
};
const auth = createAuthClient(
  location.search === '?bearer'
    ? { refresh: '/refresh', storage: webStorage('local') }
    : { mode: 'hybrid', refresh: '/refresh' },
);
const odd = (globalThis.odd = { auth, persisted: false });
addEventListener('pageshow', (event) => (odd.persisted = event.persisted));
await fetch('/loaded');
const report = { ...early, state: await auth.ready() };
await fetch('/report?' + encodeURIComponent(JSON.stringify(report)));
</script>`;

/** The same app for all, and a server that signs in whoever has been told to be. */
const asked: string[] = [];
const reports: Report[] = [];
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
    const [path = '', query = ''] = (request.url ?? '').split('?');
    if (path === '/report') reports.push(JSON.parse(decodeURIComponent(query)) as Report);
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
  reports.length = 0;
  signedIn = false;
});
after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

const count = (path: string): number => asked.filter((one) => one === path).length;

async function openApp(search = ''): Promise<HidableTab> {
  const tab = await browser.newTab();
  const before = reports.length;
  await tab.goto(`${origin}/app${search}`);
  await until('the app runs', () => reports.length > before);
  await tab.evaluate(() => globalThis.odd.auth.ready(), undefined);
  return tab;
}

const forget = (tab: HidableTab): Promise<void> =>
  tab.evaluate(() => localStorage.clear(), undefined);

describe('the back/forward cache', () => {
  const TOKENS = { accessToken: 'a', refreshToken: 'r', expiresIn: 900 };

  /** Goes back to the page that the tab was at, which comes from the cache. */
  async function comeBack(tab: HidableTab): Promise<void> {
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
  }

  const setTokens = (tab: HidableTab): Promise<void> =>
    tab.evaluate((tokens) => globalThis.odd.auth.setTokens(tokens), TOKENS);

  /** The marks (X11) that are held; whoever asks has a page evicted that holds one. */
  const marks = (tab: HidableTab): Promise<string[]> =>
    tab.evaluate(async () => {
      const { held = [] } = await navigator.locks.query();
      return held.map(({ name = '' }) => name).filter((name) => name.includes('.mark.'));
    }, undefined);

  const untilState = (tab: HidableTab, state: Kit.AuthState): Promise<void> =>
    until(`it is ${state}`, () =>
      tab.evaluate((wanted) => globalThis.odd.auth.state === wanted, state),
    );

  /** A sign-out in one tab ends the session in the other, which hears of it. */
  async function hearsSignOut(tab: HidableTab, other: HidableTab): Promise<void> {
    await other.evaluate(() => globalThis.odd.auth.signOut(), undefined);
    await untilState(tab, 'signed-out');
    assert.equal(
      await tab.evaluate(() => globalThis.odd.auth.getSnapshot().reason, undefined),
      'signed_out_elsewhere',
    );
    await forget(tab);
    await Promise.all([tab.close(), other.close()]);
  }

  test('X7 while another tab broadcasts the page stays there; when it is back it knows what it missed', async () => {
    const tab = await openApp();
    await tab.goto(`${origin}/elsewhere`);
    const other = await openApp();
    for (let i = 0; i < 3; i++) await setTokens(other);
    signedIn = true;
    await comeBack(tab);
    await untilState(tab, 'signed-in');
    await hearsSignOut(tab, other);
  });

  for (const search of ['', '?bearer']) {
    const how = search === '' ? 'hybrid mode' : 'localStorage';
    test(`X7 X11 a page that is signed in stays there while other tabs refresh, and holds its mark when it is back: ${how}`, async () => {
      signedIn = true;
      const tab = await openApp(search);
      await setTokens(tab);
      await untilState(tab, 'signed-in');
      await until('it holds a mark', async () => (await marks(tab)).length === 1);
      const mark = await marks(tab);
      await tab.goto(`${origin}/elsewhere`);
      await until('nobody holds a mark', async () => (await marks(tab)).length === 0);

      const before = count('/refresh');
      const other = await openApp(search);
      await untilState(other, 'signed-in');
      await other.evaluate(async () => {
        await globalThis.odd.auth.refresh();
        await globalThis.odd.auth.refresh();
      }, undefined);
      const refreshes = count('/refresh') - before;
      await until('the other one holds a mark', async () => (await marks(other)).length === 1);
      assert.notDeepEqual(await marks(other), mark);

      await comeBack(tab);
      await untilState(tab, 'signed-in');
      if (search === '') {
        // Its own token is as good as the other's, until it needs another one (X9).
        await until('both hold a mark', async () => (await marks(tab)).length === 2);
        assert.ok((await marks(tab)).includes(String(mark)), 'the one that it had');
        await tab.evaluate(() => globalThis.odd.auth.refresh(), undefined);
      }
      await until('both hold the newest', async () => {
        const [first, second, ...more] = await marks(tab);
        return first === second && first !== undefined && more.length === 0;
      });
      assert.equal(count('/refresh') - before, refreshes, 'it took what the other one has');
      await hearsSignOut(tab, other);
    });
  }
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
    // Not asked in the tab: the launcher may lose it, since its page is replaced by the other one.
    await until('it knows who is signed in', () => reports.length > 0);
    assert.deepEqual(reports, [{ prerendered: true, earlyLocks: [], state: 'signed-in' }]);
    assert.equal(count('/refresh'), 1);
  });
});
