import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DemoServer, startDemoServer } from './support/demo_server.ts';
import { ENGINES, type Tab } from './support/engines/engine.ts';
import {
  BARE,
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
/** The timer of `Times.settled`. */
const SETTLE_MS = 100;
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
          for (const tab of tabs) await heedBareMessages(tab);
          for (const tab of tabs) {
            const signedInAt = await signIn(tab, mode);
            await untilAll(tabs, 'signed-in');
            const signIns = await bareMessagesOf(tabs);
            const signedOutAt = await signOut(tab);
            await untilAll(tabs, 'signed-out');
            const signOuts = await bareMessagesOf(tabs);
            for (const [index, { signedIn, signedOut }] of (
              await Promise.all(tabs.map(timesOf))
            ).entries()) {
              assertWithin(SECOND, [signedInAt, signIns[index]], signedIn, 'signed in');
              assertWithin(SECOND, [signedOutAt, signOuts[index]], signedOut, 'signed out');
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
            await until('its first timer is over', async () => (await timesOf(tab)).settled > 0);
            const times = await timesOf(tab);
            assert.ok(times.restored >= left, 'it is the page that had left');
            const { restored: back, settled, signedOut } = times;
            // So much as a timer was late the machine was.
            assertWithin(SECOND, [back, settled - SETTLE_MS], signedOut, 'signed out');
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

/** From now on the tab notes when a bare message comes. */
function heedBareMessages(tab: Tab): Promise<void> {
  return tab.evaluate((name) => {
    globalThis.bareAt = 0;
    new BroadcastChannel(name).onmessage = () => {
      globalThis.bareAt = Date.now();
    };
  }, BARE);
}

/** When each tab got the last one, which takes as long as the machine is busy. */
async function bareMessagesOf(tabs: readonly Tab[]): Promise<number[]> {
  const all: number[] = [];
  for (const tab of tabs) {
    await until('the bare message is there', async () => (await bareAtOf(tab)) > 0);
    all.push(await bareAtOf(tab));
    await tab.evaluate(() => {
      globalThis.bareAt = 0;
    }, undefined);
  }
  return all;
}

const bareAtOf = (tab: Tab): Promise<number> => tab.evaluate(() => globalThis.bareAt, undefined);

/** `possible` is when the machine, as busy as it was, could have it done. */
function assertWithin(
  limit: number,
  [begin, possible = begin]: readonly [begin: number, possible: number | undefined],
  end: number,
  what: string,
): void {
  assert.ok(
    end >= begin && end - possible < limit,
    `${what} after ${end - begin} ms, ${possible - begin} ms at least`,
  );
}
