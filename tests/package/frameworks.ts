// P1, C5, C9: the recipes for frameworks that render on a server, built for production and served by
// their own servers, in Chromium.
import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { watchConsole } from '../browser/support/complaints.ts';
import type { DemoServer } from '../browser/support/demo_server.ts';
import { launchChromium } from '../browser/support/engines/chromium.ts';
import { PATIENCE_MS } from '../browser/support/until.ts';
import { ADA } from '../server/support/requests.ts';
import { directly, installTools, type Workshop } from './support/fresh_app.ts';
import { chosenFrameworks, startFramework } from './support/frameworks.ts';
import { type Host, startHost } from './support/host.ts';
import { cell } from './support/matrix.ts';

const REFRESH = '/hybrid/refresh';

/** A page of the app: what it has shown since it was loaded, and what it complained of. */
interface Visit {
  readonly page: Page;
  /** The sign-in form, the heading of the guarded page: in their order, each time that one came. */
  readonly shown: () => Promise<string[]>;
  readonly complaints: readonly string[];
}

declare global {
  var shown: string[];
}

/** `matrix` says which, see chosenFrameworks. */
export function frameworks(workshop: () => Workshop, api: () => DemoServer, matrix: string): void {
  const chosen = chosenFrameworks(matrix);
  if (chosen.length === 0) return;
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
    for (const tools of new Set(chosen.flatMap(({ tools = [] }) => tools))) {
      await installTools(workshop(), tools);
    }
  });
  after(() => browser.close());

  for (const framework of chosen) {
    const { name, hydrated } = framework;
    describe(name, () => {
      let host: Host;
      const stops: (() => unknown)[] = [];
      before(async () => {
        const own = await startFramework(workshop(), framework);
        stops.push(own.stop);
        host = await startHost(api().origin, '.', own.origin);
        stops.push(host.stop);
      });
      after(async () => {
        for (const stop of stops) await stop();
      });

      const isHydrated = async (page: Page): Promise<void> => {
        await page.waitForFunction(hydrated);
        // What begins with it is shown then, too.
        await page.evaluate(
          () =>
            new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
        );
      };
      const signIn = async (page: Page, password: string): Promise<void> => {
        await page.fill('[name=email]', ADA.email);
        await page.fill('[name=password]', password);
        await page.click('form button');
      };
      const isGreeted = async (page: Page): Promise<void> => {
        await page.getByRole('heading', { name: ADA.email }).waitFor();
        await page.getByText('Hello, Ada').waitFor();
      };

      const rendered = cell('frameworks', name, 'the page of the server');
      test(`C6 C9 ${name}: the server renders nobody and no form, and asks nothing`, async () => {
        await api().resetStats();
        const html = await (await fetch(directly(host.origin))).text();
        assert.match(html, /<html/);
        assert.doesNotMatch(html, /<form|<h1|<main|Sign in|Sign out|Hello/);
        assert.equal((await api().stats()).refreshRequests, 0);
        rendered();
      });

      const used = cell('frameworks', name, 'sign-in, a call, sign-out');
      test(`P1 C5 C9 ${name}: nothing until the server has said no; sign-in, a call, sign-out`, async (t) => {
        const refresh = host.hold(REFRESH);
        const { page, shown, complaints } = await visit(t, browser);
        await page.goto(host.origin);
        await refresh.until(1);
        await isHydrated(page);
        assert.deepEqual(await shown(), []);
        refresh.open();
        await page.waitForSelector('form');
        await signIn(page, 'wrong');
        await page.getByText('The email or the password is wrong.').waitFor();
        await signIn(page, ADA.password);
        await isGreeted(page);
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.waitForSelector('form');
        assert.deepEqual(await shown(), ['FORM', 'H1', 'FORM']);
        assert.deepEqual(complaints, []);
        used();
      });

      const reloaded = cell('frameworks', name, 'a reload with a slow refresh');
      test(`C5 C9 ${name}: a reload with a slow refresh shows no form`, async (t) => {
        const { page, shown, complaints } = await visit(t, browser);
        await page.goto(host.origin);
        await signIn(page, ADA.password);
        await isGreeted(page);
        // By its record the page knows that somebody is signed in; without one it knows nothing.
        for (const [forget, early] of [
          [false, ['H1']],
          [true, []],
        ] as const) {
          if (forget) await page.evaluate(() => localStorage.clear());
          const refresh = host.hold(REFRESH);
          await page.reload();
          await refresh.until(1);
          await isHydrated(page);
          assert.deepEqual(await shown(), early);
          refresh.open();
          await isGreeted(page);
          assert.deepEqual(await shown(), ['H1']);
        }
        assert.deepEqual(complaints, []);
        reloaded();
      });
    });
  }
}

/** In a profile of its own. */
async function visit(t: TestContext, browser: Browser): Promise<Visit> {
  const context = await browser.newContext();
  t.after(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints = await watchConsole(page);
  // Also what is there for a moment only.
  await page.addInitScript(() => {
    globalThis.shown = [];
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (!(node instanceof Element)) continue;
        for (const { tagName } of [node, ...node.querySelectorAll('*')]) {
          if (['FORM', 'H1'].includes(tagName)) globalThis.shown.push(tagName);
        }
      }
    }).observe(document, { childList: true, subtree: true });
  });
  return { page, shown: () => page.evaluate(() => globalThis.shown), complaints };
}
