import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { DemoPage } from './support/demo_page.ts';
import { ENGINE } from './support/demo_server.ts';
import { useSuite } from './support/suite.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeWindow {
  axe: { run(context: Document, options: object): Promise<AxeResults> };
}

/** What axe-core finds by WCAG 2.2 AA and by best practice: one line each, none when all is well. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as AxeWindow;
    return axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
  });
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes.map((node) => String(node.target)).join(' ')}`,
  );
}

describe('the demo page as a page', () => {
  const suite = useSuite();

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`accessible by axe-core, ${colorScheme}: signed out, with an error, and signed in`, async (t) => {
      const demo = new DemoPage(await suite().newPage(t));
      const { page } = demo;
      await page.emulateMedia({ colorScheme });
      await demo.open(suite().server.origin);
      assert.deepEqual(await findings(page), []);

      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
      assert.deepEqual(await findings(page), []);

      await page.getByLabel('Password').fill('correct horse battery staple');
      await demo.signIn('local');
      await demo.call('Call once');
      assert.deepEqual(await findings(page), []);

      await demo.press('Sign out');
      await demo.signedOut();
      await demo.signIn('cookie');
      assert.deepEqual(await findings(page), []);
    });
  }

  for (const width of [360, 1280]) {
    test(`fits a window of ${width} pixels without scrolling sideways`, async (t) => {
      const demo = new DemoPage(await suite().newPage(t));
      const { page } = demo;
      await page.setViewportSize({ width, height: 800 });
      await demo.open(suite().server.origin);
      const excess = () =>
        page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
      assert.equal(await excess(), 0, 'signed out');
      await demo.signIn('local');
      await demo.call('Call 50 times at once');
      assert.equal(await excess(), 0, 'signed in');
    });
  }

  // The one attempt to have WebAssembly, where the policy forbids it (P2).
  const expected = ENGINE === 'js' ? ['script-src wasm-eval'] : [];

  test('P3 the page runs under its Content-Security-Policy, without a word on the console', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    const { page } = demo;
    const complaints: string[] = [];
    page.on('console', (message) => {
      // Chromium's own note on the 401 that says "nobody is signed in" (hybrid mode, C4).
      if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.exposeFunction('reportViolation', (text: string) => complaints.push(text));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        (globalThis as unknown as { reportViolation(text: string): void }).reportViolation(
          `${event.violatedDirective} ${event.blockedURI}`,
        );
      });
    });

    const response = await page.goto(suite().server.origin);
    const policy = (await response?.headerValue('Content-Security-Policy')) ?? '';
    assert.match(policy, /default-src 'self'/);
    assert.doesNotMatch(policy, /'unsafe-eval'|unsafe-inline|blob:|\*/);
    for (const keep of ['memory', 'session', 'local', 'hybrid', 'cookie'] as const) {
      await demo.signedOut();
      await demo.signIn(keep);
      assert.deepEqual(await demo.call('Call once'), { 200: 1 });
      await demo.press('Refresh now');
      await demo.untilEvent('refreshed');
      await demo.press('Sign out');
    }
    await demo.signedOut();
    assert.deepEqual(complaints, expected);
  });
});
