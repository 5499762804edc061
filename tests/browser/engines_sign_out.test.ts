import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DemoServer, startDemoServer } from './support/demo_server.ts';
import { ENGINES, type Tab } from './support/engines/engine.ts';
import {
  callInAll,
  openClient,
  planFor,
  signIn,
  signOut,
  stateOf,
  timesOf,
  untilAll,
} from './support/engines/tab_client.ts';
import { useBrowser } from './support/engines/use_browser.ts';
import { HoldingProxy } from './support/proxy.ts';
import { until } from './support/until.ts';

const SECOND = 1000;
/** Any page will do that makes no client of its own. */
const PAGE = '/style.css';

describe('sign-out in three engines', () => {
  let server: DemoServer;
  let proxy: HoldingProxy;
  before(async () => {
    server = await startDemoServer({ LOGIN_ATTEMPTS_PER_MINUTE: '1000' });
    // TLS, since WebKit keeps no `Secure` cookie of http://localhost.
    proxy = await HoldingProxy.start(server.origin);
  });
  after(async () => {
    await proxy.stop();
    await server.stop();
  });

  for (const engine of ENGINES) {
    describe(engine, () => {
      const browser = useBrowser(engine);

      async function openTab(mode: 'bearer' | 'cookie', told = true): Promise<Tab> {
        const tab = await browser().newTab();
        await tab.goto(proxy.origin + PAGE);
        // A short one, so that the tab's mark is soon gone (X11).
        await openClient(tab, {
          ...planFor(mode, proxy.origin),
          tabs: told,
          storageTimeout: SECOND,
        });
        return tab;
      }

      // Firefox decides whether it keeps a page before it tells the page of its leave.
      const untilWithoutMark = (tab: Tab): Promise<void> =>
        until('the tab holds no mark', () =>
          tab.evaluate(async () => {
            const { held = [] } = await navigator.locks.query();
            return held.length === 0;
          }, undefined),
        );

      for (const mode of ['bearer', 'cookie'] as const) {
        test(`X3 L1 sign-in and sign-out reach all tabs within a second: ${engine}, ${mode}`, async () => {
          const tabs = [await openTab(mode), await openTab(mode), await openTab(mode)];
          tabs.push(await openTab(mode));
          for (const tab of tabs) {
            const signedInAt = await signIn(tab, mode);
            await untilAll(tabs, 'signed-in');
            const signedOutAt = await signOut(tab);
            await untilAll(tabs, 'signed-out');
            for (const { signedIn, signedOut } of await Promise.all(tabs.map(timesOf))) {
              assertWithin(SECOND, signedInAt, signedIn, 'signed in');
              assertWithin(SECOND, signedOutAt, signedOut, 'signed out');
            }
          }
          await server.resetStats();
          assert.deepEqual(await callInAll(tabs, 5), { 401: 20 });
          assert.equal((await server.stats()).refreshes, 0);
          for (const tab of tabs) await tab.close();
        });

        for (const told of [true, false]) {
          const how = told ? 'signed out in another tab' : 'signed out unheard';
          test(`L1 X3 X7 a page that comes back knows within a second: ${engine}, ${mode}, ${how}`, async () => {
            const tab = await openTab(mode);
            const other = await openTab(mode, told);
            await signIn(tab, mode);
            await untilAll([tab, other], 'signed-in');

            if (engine === 'Firefox') await untilWithoutMark(tab);
            await tab.goto(`${proxy.origin}${PAGE}?next`);
            await signOut(other);
            const left = Date.now();
            await tab.show();
            await tab.back();
            const restored = await tab.evaluate(() => globalThis.client !== undefined, undefined);
            assert.ok(restored, 'it comes from the cache');
            await untilAll([tab], 'signed-out');
            const times = await timesOf(tab);
            assert.ok(times.restored >= left, 'it is the page that had left');
            assertWithin(SECOND, times.restored, times.signedOut, 'signed out');
            assert.deepEqual(await callInAll([tab], 1), { 401: 1 });
            assert.equal(await stateOf(tab), 'signed-out');
            await tab.close();
            await other.close();
          });
        }
      }
    });
  }
});

function assertWithin(limit: number, begin: number, end: number, what: string): void {
  assert.ok(end >= begin && end - begin < limit, `${what} after ${end - begin} ms`);
}
