import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type * as Kit from '../../dist/index.js';
import { type DemoServer, startDemoServer } from './support/demo_server.ts';
import { type HidableTab, openWindow } from './support/engines/hidable.ts';
import {
  callApi,
  openProbe,
  openSignedIn,
  type ProbeOptions,
  tokenOf,
} from './support/page_client.ts';
import { HoldingProxy } from './support/proxy.ts';
import { until } from './support/until.ts';

declare global {
  var frozen: number;
  var sleeper: { auth: Kit.AuthClient; restored: boolean; refreshed: number };
}

let server: DemoServer;
let proxy: HoldingProxy;
let browser: Awaited<ReturnType<typeof openWindow>>;
before(async () => {
  server = await startDemoServer();
  proxy = await HoldingProxy.start(server.origin);
  browser = await openWindow();
});
beforeEach(async () => {
  proxy.reset();
  await server.resetStats();
});
after(async () => {
  await browser.close();
  await proxy.stop();
  await server.stop();
});

/** Two tabs of one session, and its access token; the second one is shown, and the first one hidden. */
async function twoTabs(
  more: NonNullable<ProbeOptions['more']>,
): Promise<[HidableTab, HidableTab, string]> {
  const options = { keep: 'local', more } as const;
  const first = await browser.newTab();
  const token = await openSignedIn(first, proxy.origin, options);
  const second = await browser.newTab();
  await openProbe(second, proxy.origin, options);
  return [first, second, token];
}

const close = (...tabs: HidableTab[]): Promise<unknown> =>
  Promise.all(tabs.map((tab) => tab.close()));

const signedOut = (tab: HidableTab): Promise<string[]> =>
  tab.evaluate(() => globalThis.probe.signedOut, undefined);

describe('the lock that tabs share', () => {
  const isRefresh = (url: URL): boolean => url.pathname === '/auth/refresh';

  const recordOf = (tab: HidableTab): Promise<string> =>
    tab.evaluate(() => Object.values(localStorage).join(), undefined);

  const warningsOf = (tab: HidableTab): Promise<string[]> =>
    tab.evaluate(() => globalThis.probe.warnings, undefined);

  /** The names of the locks of this origin, without the marks of the tabs (X11). */
  const locks = (tab: HidableTab, which: 'held' | 'pending'): Promise<string[]> =>
    tab.evaluate(async (key) => {
      const { [key]: found = [] } = await navigator.locks.query();
      return found.map(({ name = '' }) => name).filter((name) => !name.includes('.mark.'));
    }, which);

  test('X2 lock held by a frozen page: the others take it after a while, and its late result is let go', async () => {
    const [first, other, refused] = await twoTabs({ lockTimeout: 1000 });
    await server.revoke(refused);
    await first.evaluate(() => {
      globalThis.frozen = 0;
      document.addEventListener('freeze', () => (globalThis.frozen += 1));
    }, undefined);
    proxy.hold(isRefresh);
    const late = callApi(first);
    await proxy.untilHeld(1);
    assert.deepEqual(await locks(other, 'held'), ['probe.v1']);
    await first.freeze();

    proxy.hold(() => false);
    assert.equal(await callApi(other), 200);
    assert.deepEqual(await warningsOf(other), ['lock_stolen']);
    const [token, stored] = [await tokenOf(other), await recordOf(other)];

    proxy.release();
    await first.thaw();
    assert.equal(await late, 200, 'with what the other one stored');
    assert.equal(await first.evaluate(() => globalThis.frozen, undefined), 1);
    assert.equal(await tokenOf(first), token);
    assert.equal(await recordOf(other), stored, 'nothing was written over it');
    assert.equal(await callApi(other), 200);
    assert.deepEqual([...(await signedOut(first)), ...(await signedOut(other))], []);
    const { refreshRequests, familiesRevoked } = await server.stats();
    assert.deepEqual([refreshRequests, familiesRevoked], [2, 0]);
    await until('the lock is free', async () => (await locks(other, 'held')).length === 0);
    await close(first, other);
  });

  test('X2 tab killed mid-refresh: the next one has the lock at once, and the session', async () => {
    const [first, other, refused] = await twoTabs({ lockTimeout: 60_000 });
    await server.revoke(refused);
    proxy.hold(isRefresh);
    callApi(first).catch(() => undefined);
    await proxy.untilHeld(1);
    const waiting = callApi(other);
    await until('the other tab wants it', async () => (await locks(other, 'pending')).length === 1);
    proxy.hold(() => false);
    await first.close();
    assert.equal(await waiting, 200);
    assert.deepEqual(await warningsOf(other), []);
    assert.equal((await server.stats()).familiesRevoked, 0);
    await other.close();
  });

  test('X5 X1 a listener that never comes to an end keeps the lock from nobody', async () => {
    const [first, second, refused] = await twoTabs({ lockTimeout: 60_000 });
    await server.revoke(refused);
    proxy.hold(isRefresh);
    for (const tab of [first, second]) {
      await tab.evaluate(() => {
        const never = (): unknown => new Promise(() => {});
        for (const type of ['refreshed', 'timeline'] as const) {
          globalThis.probe.auth.addEventListener(type, never);
        }
      }, undefined);
    }
    const calls = [callApi(first), callApi(second)];
    await proxy.untilHeld(1);
    assert.deepEqual(await locks(second, 'held'), ['probe.v1'], 'by one of them');
    proxy.hold(() => false);
    proxy.release();
    assert.deepEqual(await Promise.all(calls), [200, 200]);
    await until('the lock is free', async () => (await locks(second, 'held')).length === 0);
    assert.equal((await server.stats()).refreshRequests, 1, 'the other one has adopted');
    await close(first, second);
  });
});

describe('a tab that may have missed something', () => {
  /** What another tab would have stored, and said nothing: of its own writes a page hears nothing. */
  const storeNewer = (tab: HidableTab, accessToken: string): Promise<void> =>
    tab.evaluate((access_token) => {
      const key = localStorage.key(0) ?? '';
      const record = JSON.parse(localStorage.getItem(key) ?? '') as { generation: number };
      const newer = { ...record, generation: record.generation + 1, access_token };
      localStorage.setItem(key, JSON.stringify(newer));
    }, accessToken);

  const WAYS: Record<string, (tab: HidableTab) => Promise<void>> = {
    'hidden, and shown again': (tab) => tab.show(),
    'frozen, and resumed while it is hidden': async (tab) => {
      await tab.freeze();
      await tab.thaw();
    },
    'offline, and online again': async (tab) => {
      await tab.setOffline(true);
      await tab.setOffline(false);
    },
  };
  for (const [what, wake] of Object.entries(WAYS)) {
    test(`E8 X3 ${what}: it reads again what the other tabs have stored`, async () => {
      const [tab, other] = await twoTabs({});
      await until('it is hidden', () => tab.evaluate(() => document.hidden, undefined));
      const before = await tokenOf(tab);
      await storeNewer(tab, 'newer');
      assert.equal(await tokenOf(tab), before, 'nobody has told it');
      await wake(tab);
      await until('it has the newer token', async () => (await tokenOf(tab)) === 'newer');
      assert.equal((await server.stats()).refreshRequests, 0);
      await close(tab, other);
    });
  }

  test('X3 the storage event alone is enough: refresh and sign-out in one tab reach the other', async () => {
    // Without locks and messages.
    const [first, second] = await twoTabs({ tabs: false });
    await second.evaluate(() => globalThis.probe.auth.refresh(), undefined);
    const token = await tokenOf(second);
    await until('the other tab has the new token', async () => (await tokenOf(first)) === token);
    await second.evaluate(() => globalThis.probe.auth.signOut(), undefined);
    await until('the other tab is signed out', async () => (await signedOut(first)).length === 1);
    assert.equal((await server.stats()).refreshRequests, 1);
    await close(first, second);
  });

  test('S4 storage cleared by a page that knows of no session: signed out, reason storage_cleared', async () => {
    const [tab, other] = await twoTabs({});
    await other.goto(`${proxy.origin}/healthz`);
    await other.evaluate(() => localStorage.clear(), undefined);
    await until('it is signed out', async () => (await signedOut(tab)).length === 1);
    assert.deepEqual(await signedOut(tab), ['storage_cleared']);
    assert.equal((await server.stats()).refreshRequests, 0);
    await close(tab, other);
  });
});

describe('the back/forward cache', () => {
  /** By the token response; the server's tokens are good for longer. */
  const LIFE_SECONDS = 2;

  /** A page with a client that is signed in; left, and come back to after its token's life. */
  async function leaveAndComeBack(keepAlive: boolean): Promise<HidableTab> {
    const tab = await browser.newTab();
    await tab.goto(`${proxy.origin}/style.css`);
    await tab.evaluate(
      async ({ alive, life }) => {
        const url = '/bearerkit/index.js';
        const { createAuthClient } = (await import(url)) as typeof Kit;
        const auth = createAuthClient({ refresh: '/auth/refresh', keepAlive: alive });
        globalThis.sleeper = { auth, restored: false, refreshed: 0 };
        auth.addEventListener('refreshed', () => (globalThis.sleeper.refreshed += 1));
        addEventListener('pageshow', ({ persisted }) => (globalThis.sleeper.restored = persisted));
        const login = await fetch('/auth/login', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: '{"email":"ada@example.com","password":"correct horse battery staple"}',
        });
        const tokens = (await login.json()) as Kit.JsonTokenResponse;
        await auth.setTokens({ ...tokens, expiresIn: life });
      },
      { alive: keepAlive, life: LIFE_SECONDS },
    );
    await tab.goto(`${proxy.origin}/icon.svg`);
    const left = Date.now();
    await until('the token has expired', () => Date.now() > left + LIFE_SECONDS * 1000);
    assert.equal((await server.stats()).refreshRequests, 0, 'a page in the cache does nothing');
    await tab.back();
    await until('the page has come back as it was', () =>
      tab.evaluate(() => globalThis.sleeper.restored, undefined),
    );
    return tab;
  }

  test('E8 bfcache restore: the token has expired meanwhile, which the next calls find out at once', async () => {
    const tab = await leaveAndComeBack(false);
    const call = async (): Promise<number> => {
      const response = await globalThis.sleeper.auth.fetchWithAuth('/api/protected');
      return response.status;
    };
    const statuses = await Promise.all([1, 2, 3].map(() => tab.evaluate(call, undefined)));
    assert.deepEqual(statuses, [200, 200, 200]);
    assert.equal((await server.stats()).refreshRequests, 1);
    await tab.close();
  });

  test('E8 R11 bfcache restore: keepAlive refreshes without being called', async () => {
    const tab = await leaveAndComeBack(true);
    await until('it has refreshed', () =>
      tab.evaluate(() => globalThis.sleeper.refreshed === 1, undefined),
    );
    await tab.close();
  });
});
