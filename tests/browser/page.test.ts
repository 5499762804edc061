import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DemoPage, type Keep } from './support/demo_page.ts';
import { useSuite } from './support/suite.ts';

const SEARCH: Readonly<Record<Keep, string>> = {
  memory: '?mode=bearer&storage=memory',
  session: '?mode=bearer&storage=session',
  local: '?mode=bearer&storage=local',
  hybrid: '?mode=hybrid',
  cookie: '?mode=cookie',
};

describe('the demo page', () => {
  const suite = useSuite();

  for (const keep of Object.keys(SEARCH) as Keep[]) {
    test(`F1 sign in, call, refresh and sign out: tokens kept by ${keep}`, async (t) => {
      const demo = new DemoPage(await suite().newPage(t));
      await demo.open(suite().server.origin);
      await demo.signIn(keep);
      assert.equal(new URL(demo.page.url()).search, SEARCH[keep], 'the choice is in the address');
      assert.deepEqual(await demo.events('signedin'), ['here']);
      // Hybrid mode has asked for a session of an earlier visit (C4).
      await suite().server.resetStats();

      assert.deepEqual(await demo.call('Call once'), { 200: 1 });
      assert.match((await demo.page.locator('#answer').textContent()) ?? '', /Ada Łovelace 🦊 李/);
      assert.deepEqual(await demo.call('Call 50 times at once'), { 200: 50 });
      assert.deepEqual(await demo.call('Post a file'), { 200: 1 });
      assert.match(
        (await demo.page.locator('#answer').textContent()) ?? '',
        /received a form of \d+ bytes.*file \(file name\.txt\): Ada Łovelace/s,
      );
      assert.equal(
        (await suite().server.stats()).refreshRequests,
        0,
        'a fresh token is not refreshed',
      );

      await demo.press('Refresh now');
      await demo.untilEvent('refreshed', 'token set 2');
      assert.equal((await suite().server.stats()).refreshes, 1);
      assert.deepEqual(await demo.call('Call once'), { 200: 1 });

      await demo.press('Sign out');
      await demo.signedOut();
      assert.deepEqual(await demo.events('signedout'), ['signed_out']);
      assert.deepEqual(await demo.call('Call once'), { 401: 1 }, 'signed out, it is fetch');
    });
  }

  test('D7 D8 shows the claims, says that they are not verified, and counts the life down', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    await demo.open(suite().server.origin);
    await demo.signIn('memory', 'grace@example.com');
    assert.equal(await demo.page.locator('#status').textContent(), 'Signed in as Grace Hopper.');
    assert.equal(await demo.page.locator('[data-claim="role"]').textContent(), 'admin');
    assert.ok(await demo.bench.getByText('Decoded, not verified').isVisible());

    const life = demo.page.locator('#life');
    const first = (await life.textContent()) ?? '';
    assert.match(first, /^1[45]:\d\d$/, 'just under 15 minutes');
    await demo.page.waitForFunction(
      (text) => document.getElementById('life')?.textContent !== text,
      first,
    );
    assert.ok(((await life.textContent()) ?? '') < first);

    await demo.press('Sign out');
    await demo.signedOut();
    await demo.signIn('memory', 'ada@example.com');
    assert.equal(
      await demo.page.locator('[data-claim="name"]').textContent(),
      'Ada Łovelace 🦊 李',
    );
  });

  test('C1 in cookie mode the page says that it sees no token', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    await demo.open(suite().server.origin);
    await demo.signIn('cookie');
    assert.ok(await demo.page.getByText('This page never sees a token').isVisible());
    assert.ok(await demo.page.locator('#claims').isHidden());
  });

  test('a wrong password is told, and the form stays', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    await demo.open(suite().server.origin);
    await demo.page.getByLabel('Password').fill('wrong');
    await demo.bench.getByRole('button', { name: 'Sign in' }).click();
    await demo.page.getByRole('alert').filter({ hasText: 'password is wrong' }).waitFor();
    assert.equal(await demo.isSignedIn(), false);
    assert.deepEqual(await demo.events('signedin'), []);
  });

  test('works by keyboard alone', async (t) => {
    const { page } = new DemoPage(await suite().newPage(t));
    await page.goto(`${suite().server.origin}/?mode=bearer&storage=memory#/bench`);
    await page.locator('#sign-in').waitFor();
    await page.locator('#sign-in-title').focus();
    const focused = () => page.evaluate(() => document.activeElement?.id);
    const order: unknown[] = [];
    for (let i = 0; i < 4; i += 1) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    assert.deepEqual(order, ['account', 'password', 'sign-in-button', 'keep-memory']);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.locator('#session').waitFor();
    assert.equal(await focused(), 'session-title', 'the focus goes where the form went');
    await page.locator('#sign-out').focus();
    await page.keyboard.press('Space');
    await page.locator('#sign-in').waitFor();
    assert.equal(await focused(), 'sign-in-title');
  });
});
