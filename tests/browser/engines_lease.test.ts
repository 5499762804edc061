import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DemoServer, startDemoServer } from './support/demo_server.ts';
import { ENGINES, type Tab } from './support/engines/engine.ts';
import {
  answersOf,
  beginCalls,
  openClient,
  planFor,
  refreshPathOf,
  signIn,
  surviveExpiries,
  tokenOf,
} from './support/engines/tab_client.ts';
import { useBrowser } from './support/engines/use_browser.ts';
import { type PlainHost, startPlainHost } from './support/plain_host.ts';

/** Those that a page sees. */
const leases = (): string[] => Object.keys(localStorage).filter((key) => key.endsWith('.lease'));

describe('four tabs without Web Locks in three engines', () => {
  let server: DemoServer;
  let host: PlainHost;
  before(async () => {
    // A lease is no lock: on a busy machine a tab may see another one's claim too late, and ask, too.
    // Its server forgives that (X4), and there is one rotation all the same.
    server = await startDemoServer({ REFRESH_GRACE_SECONDS: '3600' });
    host = await startPlainHost(server.origin);
  });
  after(async () => {
    await host.stop();
    await server.stop();
  });

  for (const engine of ENGINES) {
    describe(engine, () => {
      const browser = useBrowser(engine, () => host.proxy);

      test(`X4 one refresh for all tabs on plain http: ${engine}, 4 tabs x 10 calls x 3 expiries`, async () => {
        const tabs: Tab[] = [];
        for (let opened = 0; opened < 4; opened += 1) {
          const tab = await browser().newTab();
          await tab.goto(`${host.origin}/style.css`);
          const locks = await tab.evaluate(() => 'locks' in navigator, undefined);
          assert.equal(locks, false, 'the page has no Web Locks');
          await openClient(tab, planFor('bearer', host.origin));
          tabs.push(tab);
        }
        await server.resetStats();
        await signIn(tabs[0] as Tab, 'bearer');
        const expire = async (): Promise<void> => server.revoke(String(await tokenOf(tabs[0])));
        await surviveExpiries(
          tabs,
          { expiries: 3, calls: 10 },
          expire,
          async () => (await server.stats()).refreshes,
        );
        const { refreshes, familiesRevoked } = await server.stats();
        assert.deepEqual([refreshes, familiesRevoked], [3, 0]);

        // The grace would hide a lease that is none: each tab would ask, and get the same tokens.
        await expire();
        const refresh = host.hold(refreshPathOf('bearer'));
        for (const tab of tabs) await beginCalls(tab, 1);
        await refresh.until(1);
        const claims: string[] = [];
        for (const tab of tabs) claims.push(...(await tab.evaluate(leases, undefined)));
        refresh.open();
        for (const tab of tabs) assert.deepEqual(await answersOf(tab), { 200: 1 });
        assert.ok(claims.length > 0, 'who asks has a lease');
      });
    });
  }
});
