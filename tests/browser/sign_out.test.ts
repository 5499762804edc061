import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DemoPage } from './support/demo_page.ts';
import { useSuite } from './support/suite.ts';
import { until } from './support/until.ts';

describe('sign-out', () => {
  const suite = useSuite();

  for (const keep of ['local', 'session'] as const) {
    test(`L1 clears the storage, and the server ends the session (${keep})`, async (t) => {
      const { server, newPage } = suite();
      const demo = new DemoPage(await newPage(t));
      await demo.open(server.origin);
      const { accessToken = '', refreshToken = '' } = await demo.signIn(keep);
      const stored = () =>
        demo.page.evaluate(() =>
          [localStorage, sessionStorage].map((storage) => Object.values(storage).join()).join(''),
        );
      assert.ok((await stored()).includes(refreshToken), 'the refresh token was there');

      await demo.press('Sign out');
      await demo.signedOut();
      assert.equal(await stored(), '');
      assert.deepEqual(await demo.events('signedout'), ['signed_out']);
      await until('the server has heard of it', async () => {
        return (await server.stats()).familiesRevoked === 1;
      });
      assert.equal(await server.redeem(refreshToken), 401);
      assert.equal(await server.statusFor(accessToken), 401);

      await demo.reload();
      assert.equal(await demo.isSignedIn(), false);
    });
  }

  for (const keep of ['hybrid', 'cookie'] as const) {
    test(`L1 clears the cookies, and the server ends the session (${keep})`, async (t) => {
      const { server, newContext } = suite();
      const context = await newContext(t);
      const demo = new DemoPage(await context.newPage());
      await demo.open(server.origin);
      await demo.signIn(keep);
      assert.notDeepEqual(await context.cookies(), []);
      await demo.press('Sign out');
      await demo.signedOut();
      await until('the cookies are gone', async () => (await context.cookies()).length === 0);
      assert.equal((await server.stats()).familiesRevoked, 1);
      await demo.reload();
      assert.equal(await demo.isSignedIn(), false);
    });
  }

  test('X3 signs out the other tab too', async (t) => {
    const { server, newContext } = suite();
    const context = await newContext(t);
    const demo = new DemoPage(await context.newPage());
    await demo.open(server.origin);
    await demo.signIn('local');
    const other = new DemoPage(await context.newPage());
    await other.open(server.origin, '?mode=bearer&storage=local');
    assert.equal(await other.isSignedIn(), true);

    await demo.press('Sign out');
    await other.signedOut();
    // Two notices come by different ways, and either may be first: the message that somebody signed
    // out, and the storage's own that the record is gone.
    const reasons = await other.events('signedout');
    assert.equal(reasons.length, 1);
    assert.match(reasons[0] ?? '', /^(signed_out_elsewhere|storage_cleared)$/);
    assert.deepEqual(await other.call('Call once'), { 401: 1 });
    assert.equal((await server.stats()).refreshRequests, 0);
  });

  test('L2 another user signs in afterwards: nothing is left of the first', async (t) => {
    const { server, newPage } = suite();
    const demo = new DemoPage(await newPage(t));
    await demo.open(server.origin);
    await demo.signIn('local', 'ada@example.com');
    await demo.press('Sign out');
    await demo.signedOut();
    await demo.signIn('local', 'grace@example.com');
    await demo.call('Call once');
    assert.match((await demo.page.locator('#answer').textContent()) ?? '', /Hello, Grace Hopper/);
    await demo.reload();
    assert.equal(await demo.page.locator('#user').textContent(), 'Grace Hopper');
  });
});
