import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { axeFindings } from './support/axe.ts';
import { watchConsole } from './support/complaints.ts';
import { DemoPage } from './support/demo_page.ts';
import { useSuite } from './support/suite.ts';

describe('the demo page as a page', () => {
  const suite = useSuite();

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`accessible by axe-core, ${colorScheme}: signed out, with an error, and signed in`, async (t) => {
      const demo = new DemoPage(await suite().newPage(t));
      const { page } = demo;
      await page.emulateMedia({ colorScheme });
      await demo.open(suite().server.origin);
      assert.deepEqual(await axeFindings(page), []);

      await page.getByLabel('Password').fill('wrong');
      await demo.bench.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
      assert.deepEqual(await axeFindings(page), []);

      await page.getByLabel('Password').fill('correct horse battery staple');
      await demo.signIn('local');
      await demo.call('Call once');
      assert.deepEqual(await axeFindings(page), []);

      await demo.press('Sign out');
      await demo.signedOut();
      await demo.signIn('cookie');
      assert.deepEqual(await axeFindings(page), []);
    });
  }

  for (const width of [320, 390, 1280]) {
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

  test('P3 the page runs under its Content-Security-Policy, without a word on the console', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    const { page } = demo;
    const complaints = await watchConsole(page);
    const response = await page.goto(`${suite().server.origin}/#/bench`);
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
    assert.deepEqual(complaints, []);
  });
});
