// Hybrid and cookie mode over a reload, at a server that ends a session whose refresh token is used
// twice (R25); and what is known of a session meanwhile (C5, C7).
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
  type Counted,
  countedBy,
  type DemoServer,
  startDemoServer,
} from './support/demo_server.ts';
import { ENGINES, type Tab } from './support/engines/engine.ts';
import {
  callInAll,
  type ClientPlan,
  makeClient,
  openClient,
  planFor,
  signIn,
  signOut,
  stateOf,
} from './support/engines/tab_client.ts';
import { useBrowser } from './support/engines/use_browser.ts';
import { HoldingProxy } from './support/proxy.ts';
import { until } from './support/until.ts';

/** Any page will do that makes no client of its own. */
const PAGE = '/style.css';
/** R25: a page waits so long for the answer to the refresh of the page that went. */
const FLIGHT_MS = 3000;

/** Puts the tab's clock to this time, where it stays. */
const stopClock = (tab: Tab, at: number): Promise<void> =>
  tab.evaluate((time) => {
    globalThis.stopped = time;
  }, at);

/** All states that the tab's client has had. */
const statesOf = (tab: Tab): Promise<string[] | undefined> =>
  tab.evaluate(() => globalThis.client?.states, undefined);

describe('a reload in three engines', () => {
  let server: DemoServer;
  let proxy: HoldingProxy;
  before(async () => {
    server = await startDemoServer({
      LOGIN_ATTEMPTS_PER_MINUTE: '1000',
      REFRESH_GRACE_SECONDS: '0',
    });
    proxy = await HoldingProxy.start(server.origin);
  });
  beforeEach(() => proxy.reset());
  after(async () => {
    await proxy.stop();
    await server.stop();
  });

  const counted = (): Promise<Counted> => countedBy(server);

  const holdRefreshes = (plan: ClientPlan): void =>
    proxy.hold((url) => url.pathname === plan.refresh);

  for (const engine of ENGINES) {
    describe(engine, () => {
      const browser = useBrowser(engine);
      const planOf = (mode: 'hybrid' | 'cookie'): ClientPlan => ({
        ...planFor(mode, proxy.origin),
        storage: 'local',
      });

      async function load(tab: Tab): Promise<void> {
        await tab.goto(proxy.origin + PAGE);
      }

      // The first one, since here nobody has signed in yet.
      test(`C7 an anonymous visitor costs one refused refresh, and the next load none: ${engine}`, async () => {
        const tab = await browser().newTab();
        await server.resetStats();
        for (let loads = 1; loads <= 3; loads += 1) {
          await load(tab);
          assert.equal(await openClient(tab, planOf('hybrid')), 'signed-out');
          assert.deepEqual(await counted(), { asked: 1, given: 0, ended: 0 }, `load ${loads}`);
        }
        await signIn(tab, 'hybrid');
        await load(tab);
        assert.equal(await openClient(tab, planOf('hybrid')), 'signed-in');
        await signOut(tab);
        await tab.close();
      });

      for (const mode of ['hybrid', 'cookie'] as const) {
        test(`R25 a reload in the middle of a refresh loses no session: ${engine}, ${mode}`, async () => {
          const plan = planOf(mode);
          const tab = await browser().newTab();
          await load(tab);
          await openClient(tab, plan);
          await signIn(tab, mode);
          await server.resetStats();
          const began = Date.now();
          await stopClock(tab, began);
          holdRefreshes(plan);
          await tab.evaluate(() => {
            globalThis.client?.auth.refresh().catch(() => undefined);
          }, undefined);
          await proxy.untilHeld(1);

          await load(tab);
          // However long that has taken: the refresh is still under way, by the clock.
          await stopClock(tab, began + 1);
          await makeClient(tab, plan);
          await tab.evaluate(() => {
            globalThis.client?.auth.refresh().catch(() => undefined);
          }, undefined);
          await until('the next page knows', async () => (await stateOf(tab)) === 'signed-in');
          proxy.reset();
          await stopClock(tab, began + FLIGHT_MS);
          await until('it has refreshed', () =>
            tab.evaluate(() => (globalThis.client?.refreshed ?? 0) > 0, undefined),
          );
          assert.deepEqual(await callInAll([tab], 1), { 200: 1 });
          // Its own one came after the wait, with the new cookie.
          assert.deepEqual(await counted(), { asked: 2, given: 2, ended: 0 });
          const states = await statesOf(tab);
          assert.ok(!states?.includes('signed-out'), String(states));
          await signOut(tab);
          await tab.close();
        });
      }

      for (const storage of ['local', 'memory'] as const) {
        test(`C5 a reload with a slow refresh never looks signed out: ${engine}, hybrid, ${storage}`, async () => {
          const plan: ClientPlan = { ...planOf('hybrid'), storage };
          const tab = await browser().newTab();
          await load(tab);
          await openClient(tab, plan);
          await signIn(tab, 'hybrid');
          await load(tab);
          holdRefreshes(plan);
          await makeClient(tab, plan);
          await proxy.untilHeld(1);
          // A stored record is knowledge; without one only the server knows.
          const meanwhile = storage === 'local' ? 'signed-in' : 'restoring';
          assert.equal(await stateOf(tab), meanwhile);
          proxy.reset();
          assert.deepEqual(await callInAll([tab], 1), { 200: 1 });
          assert.equal(await stateOf(tab), 'signed-in');
          const states = await statesOf(tab);
          assert.ok(!states?.includes('signed-out'), String(states));
          await signOut(tab);
          await tab.close();
        });
      }
    });
  }
});
