// Tabs that hold one session where no shared storage carries its tokens (X9, X10), at a server that
// ends a session whose refresh token is used twice.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type * as Kit from '../../dist/index.js';
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
  openClient,
  planFor,
  signIn,
  stateOf,
  tokenOf,
} from './support/engines/tab_client.ts';
import { useBrowser } from './support/engines/use_browser.ts';
import { HoldingProxy } from './support/proxy.ts';
import { until } from './support/until.ts';

const PAGE = '/style.css';
const CHILD = '/child';
const TABS = 20;
const LOCK_TIMEOUT = 1500;

const warningsOf = (tab: Tab): Promise<string[] | undefined> =>
  tab.evaluate(() => globalThis.client?.warnings, undefined);

describe('tabs that hand their tokens on, in three engines', () => {
  let server: DemoServer;
  let proxy: HoldingProxy;
  before(async () => {
    server = await startDemoServer({ REFRESH_GRACE_SECONDS: '0' });
    proxy = await HoldingProxy.start(server.origin);
    proxy.pages.set(CHILD, '<!doctype html><title>A window that a page opened</title>');
  });
  after(async () => {
    await proxy.stop();
    await server.stop();
  });

  const counted = (): Promise<Counted> => countedBy(server);

  for (const engine of ENGINES) {
    describe(engine, () => {
      const browser = useBrowser(engine);

      test(`X9 X10 one refresh for ${TABS} hybrid tabs and a slow endpoint: ${engine}`, async () => {
        const plan: ClientPlan = { ...planFor('hybrid', proxy.origin), lockTimeout: LOCK_TIMEOUT };
        const tabs: Tab[] = [];
        for (let opened = 0; opened < TABS; opened += 1) {
          const tab = await browser().newTab();
          await tab.goto(proxy.origin + PAGE);
          await openClient(tab, plan);
          if (opened === 0) {
            await signIn(tab, 'hybrid');
            await server.resetStats();
          }
          tabs.push(tab);
        }
        const first = await tokenOf(tabs[0]);
        for (const tab of tabs) assert.equal(await tokenOf(tab), first);
        assert.deepEqual(await counted(), { asked: 0, given: 0, ended: 0 });

        await server.revoke(String(first));
        proxy.hold((url) => url.pathname === plan.refresh);
        const round = callInAll(tabs, 1);
        await proxy.untilHeld(1);
        // Longer than any tab waits for one that says nothing.
        const patience = Date.now() + 3 * LOCK_TIMEOUT;
        await until('the endpoint has been slow', () => Date.now() > patience);
        proxy.reset();
        assert.deepEqual(await round, { 200: TABS });
        assert.deepEqual(await counted(), { asked: 1, given: 1, ended: 0 });
        for (const tab of tabs) assert.deepEqual(await warningsOf(tab), []);
        for (const tab of tabs) await tab.close();
      });

      test(`X9 a duplicated tab begins with a copy, and both make one refresh: ${engine}`, async () => {
        const plan: ClientPlan = { ...planFor('bearer', proxy.origin), storage: 'session' };
        const tabs = [await browser().newTab(), await browser().newTab()] as const;
        for (const tab of tabs) await tab.goto(proxy.origin + PAGE);
        const [first, copy] = tabs;
        await openClient(first, plan);
        await signIn(first, 'bearer');
        const token = await tokenOf(first);
        // No driver duplicates a tab as people do. This is what such a tab has.
        const items = await first.evaluate(() => JSON.stringify(sessionStorage), undefined);
        await copy.evaluate((found) => {
          for (const [key, value] of Object.entries(JSON.parse(found) as Record<string, string>)) {
            sessionStorage.setItem(key, value);
          }
        }, items);
        assert.equal(await openClient(copy, plan), 'signed-in');
        assert.equal(await tokenOf(copy), token);

        for (let expiry = 1; expiry <= 3; expiry += 1) {
          await server.resetStats();
          await server.revoke(String(await tokenOf(first)));
          assert.deepEqual(await callInAll(tabs, 5), { 200: 10 }, `expiry ${expiry}`);
          assert.deepEqual(await counted(), { asked: 1, given: 1, ended: 0 }, `expiry ${expiry}`);
          assert.equal(await tokenOf(copy), await tokenOf(first));
        }
        for (const tab of tabs) {
          assert.equal(await stateOf(tab), 'signed-in');
          assert.deepEqual(await warningsOf(tab), []);
          await tab.close();
        }
      });

      // WebKit's automation opens no window that nobody has clicked for.
      if (engine === 'WebKit') return;
      test(`X9 a tab that a page opens has a copy of its storage, and one refresh: ${engine}`, async () => {
        const plan: ClientPlan = { ...planFor('bearer', proxy.origin), storage: 'session' };
        const tab = await browser().newTab();
        // Not a page of the demo server, which parts itself from what it opens.
        await tab.goto(proxy.origin + CHILD);
        await openClient(tab, plan);
        await signIn(tab, 'bearer');
        const token = await tokenOf(tab);
        await tab.evaluate(
          async (given) => {
            const child = open(given.page);
            if (child === null) throw new Error('The window was not opened');
            const there = (): boolean =>
              child.location.pathname === given.page && child.document.readyState === 'complete';
            while (!there()) await new Promise((resolve) => setTimeout(resolve, 10));
            // In the realm of the child: its session storage is a copy.
            const make = (child as unknown as { eval(code: string): unknown }).eval(
              `async (kit, refresh) => {
              const { createAuthClient, webStorage } = await import(kit);
              const storage = webStorage('session');
              window.auth = createAuthClient({ storage, refresh, name: 'engines' });
              return window.auth.getAccessToken();
            }`,
            ) as (kit: string, refresh: unknown) => Promise<string>;
            const copied = await make(given.kit, given.refresh);
            if (copied !== (await globalThis.client?.auth.getAccessToken())) {
              throw new Error('It has no copy');
            }
            (globalThis as { child?: unknown }).child = child;
          },
          { ...plan, page: CHILD },
        );

        await server.resetStats();
        await server.revoke(String(token));
        const answers = await tab.evaluate(async (api) => {
          const { child, client } = globalThis as unknown as {
            child: { auth: Kit.AuthClient };
            client: { auth: Kit.AuthClient };
          };
          const clients = [child.auth, client.auth, child.auth, client.auth];
          const responses = await Promise.all(clients.map((auth) => auth.fetchWithAuth(api)));
          return [...responses.map(({ status }) => status), child.auth.state, client.auth.state];
        }, plan.api);
        assert.deepEqual(answers, [200, 200, 200, 200, 'signed-in', 'signed-in']);
        assert.deepEqual(await counted(), { asked: 1, given: 1, ended: 0 });
        assert.equal(await stateOf(tab), 'signed-in');
        await tab.close();
      });
    });
  }
});
