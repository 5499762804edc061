import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { OidcServer } from '../js/support/oidc_server.ts';
import { selfSignedCertificate } from './support/certificate.ts';
import { type DemoServer, startDemoServer } from './support/demo_server.ts';
import { type EngineBrowser, ENGINES, type Tab } from './support/engines/engine.ts';
import { planForOidc, signInByCode } from './support/engines/oidc_client.ts';
import {
  type ClientPlan,
  openClient,
  planFor,
  signIn,
  surviveExpiries,
  tokenOf,
} from './support/engines/tab_client.ts';
import { useBrowser } from './support/engines/use_browser.ts';
import { HoldingProxy } from './support/proxy.ts';

/** By the servers: no token runs out by itself, however busy the machine is. */
const LIFE_SECONDS = 900;
const EXPIRIES = 5;
const ROUNDS = { expiries: EXPIRIES, calls: 25 };
/** Any page will do that makes no client of its own. */
const PAGE = '/style.css';

describe('four tabs in three engines', () => {
  let server: DemoServer;
  let proxy: HoldingProxy;
  let oidc: OidcServer;
  before(async () => {
    oidc = await OidcServer.listen(selfSignedCertificate());
    // No grace: a token that is used twice ends the session, and the test.
    server = await startDemoServer({
      ACCESS_TOKEN_SECONDS: String(LIFE_SECONDS),
      REFRESH_GRACE_SECONDS: '0',
      CONNECT_ORIGINS: oidc.issuer.origin,
    });
    // TLS, since WebKit keeps no `Secure` cookie of http://localhost.
    proxy = await HoldingProxy.start(server.origin);
    await oidc.serve(proxy.origin + PAGE, LIFE_SECONDS);
  });
  after(async () => {
    await oidc.stop();
    await proxy.stop();
    await server.stop();
  });

  async function openTabs(browser: EngineBrowser, plan: ClientPlan, count: number): Promise<Tab[]> {
    const tabs: Tab[] = [];
    for (let opened = 0; opened < count; opened += 1) {
      const tab = await browser.newTab();
      await tab.goto(proxy.origin + PAGE);
      await openClient(tab, plan);
      tabs.push(tab);
    }
    return tabs;
  }

  for (const engine of ENGINES) {
    describe(engine, () => {
      const browser = useBrowser(engine);

      for (const mode of ['bearer', 'cookie'] as const) {
        test(`X1 one refresh for all tabs: ${engine}, ${mode}, 4 tabs x 25 calls x 5 expiries`, async () => {
          const tabs = await openTabs(browser(), planFor(mode, proxy.origin), 4);
          await server.resetStats();
          await signIn(tabs[0] as Tab, mode);
          await surviveExpiries(
            tabs,
            ROUNDS,
            async () => {
              const cookie = proxy.cookies.get('__Host-access');
              await server.revoke(String(mode === 'cookie' ? cookie : await tokenOf(tabs[0])));
            },
            async () => (await server.stats()).refreshRequests,
          );
          const { refreshes, replays, familiesRevoked } = await server.stats();
          assert.deepEqual([refreshes, replays, familiesRevoked], [EXPIRIES, 0, 0]);
          for (const tab of tabs) await tab.close();
        });
      }

      test(`X1 one refresh for all tabs: ${engine}, oidc-provider, 4 tabs x 25 calls x 5 expiries`, async () => {
        const plan = planForOidc(oidc, proxy.origin);
        const tabs = await openTabs(browser(), plan, 3);
        const first = await browser().newTab();
        await signInByCode(first, oidc, plan);
        tabs.push(first);
        const { counts } = oidc;
        counts.refreshes = 0;
        await surviveExpiries(
          tabs,
          ROUNDS,
          () => oidc.expireTokens(),
          () => counts.refreshes + counts.refreshesRefused,
        );
        assert.deepEqual(counts, { refreshes: EXPIRIES, refreshesRefused: 0, grantsRevoked: 0 });
        for (const tab of tabs) await tab.close();
      });
    });
  }
});
