import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DemoPage } from './support/demo_page.ts';
import { useSuite } from './support/suite.ts';
import { until } from './support/until.ts';

/** Calls until the answer is a 200: after a failure the client waits a while before the next try. */
async function untilACallWorks(demo: DemoPage): Promise<void> {
  await until('a call works', async () => (await demo.call('Call once'))[200] === 1);
}

describe('refreshes that fail for the moment', () => {
  const suite = useSuite();

  for (const fault of ['503', 'html', 'redirect', 'drop'] as const) {
    test(`R8 F7 ${fault}: the 401 is delivered, the session kept, and a later call works`, async (t) => {
      const { server, newPage } = suite();
      const demo = new DemoPage(await newPage(t));
      await demo.open(server.origin);
      const { accessToken = '' } = await demo.signIn('local');
      await server.failRefreshes(fault);
      await server.revoke(accessToken);

      assert.deepEqual(await demo.call('Call 50 times at once'), { 401: 50 });
      await demo.untilEvent('refreshfailed');
      assert.equal(await demo.isSignedIn(), true);
      await demo.reload();
      assert.equal(await demo.isSignedIn(), true, 'also after a reload');

      await server.failRefreshes('none');
      await untilACallWorks(demo);
      assert.deepEqual(await demo.events('signedout'), []);
      assert.equal((await server.stats()).refreshes, 1);
    });

    test(`R8 ${fault}: a token that is still good is used meanwhile`, async (t) => {
      const { server, newPage } = suite();
      const demo = new DemoPage(await newPage(t));
      await demo.open(server.origin);
      await demo.signIn('memory');
      await server.failRefreshes(fault);
      await demo.press('Refresh now');
      await demo.untilEvent('refreshfailed');
      assert.deepEqual(await demo.call('Call 50 times at once'), { 200: 50 });
      assert.deepEqual(await demo.events('signedout'), []);
    });
  }

  test('V3 R8 an answer that was lost after the rotation: the next try gets the same successor', async (t) => {
    const { server, newPage } = suite();
    const demo = new DemoPage(await newPage(t));
    await demo.open(server.origin);
    const { accessToken = '' } = await demo.signIn('local');
    await server.failRefreshes('drop_after');
    await server.revoke(accessToken);
    assert.deepEqual(await demo.call('Call once'), { 401: 1 });
    await demo.untilEvent('refreshfailed');

    await server.failRefreshes('none');
    await untilACallWorks(demo);
    const { refreshes, replays } = await server.stats();
    assert.equal(refreshes, 1, 'rotated once');
    assert.ok(replays >= 1, 'and then repeated');
    assert.deepEqual(await demo.events('signedout'), []);
  });
});

describe('a rotated refresh token comes again', () => {
  const suite = useSuite({ REFRESH_GRACE_SECONDS: '0' });

  for (const keep of ['local', 'memory'] as const) {
    test(`R6 V3 L3 the session is over, reason refresh_rejected (${keep})`, async (t) => {
      const { server, newPage } = suite();
      const demo = new DemoPage(await newPage(t));
      await demo.open(server.origin);
      const { refreshToken: stolen = '' } = await demo.signIn(keep);
      await demo.press('Refresh now');
      await demo.untilEvent('refreshed', 'token set 2');

      assert.equal(await server.redeem(stolen), 401, 'a thief comes too late');
      assert.equal((await server.stats()).familiesRevoked, 1);

      assert.deepEqual(await demo.call('Call 50 times at once'), { 401: 50 });
      await demo.signedOut();
      assert.deepEqual(await demo.events('signedout'), ['refresh_rejected']);
      const { refreshRequests } = await server.stats();
      assert.equal(refreshRequests, 3, 'one for the page, one for the thief, one that ends it');
      await demo.reload();
      assert.equal(await demo.isSignedIn(), false);
    });
  }

  test('R6 L3 the thief was first: the session is over for both', async (t) => {
    const { server, newPage } = suite();
    const demo = new DemoPage(await newPage(t));
    await demo.open(server.origin);
    const { refreshToken = '' } = await demo.signIn('local');
    assert.equal(await server.redeem(refreshToken), 200);
    await demo.press('Refresh now');
    await demo.untilEvent('signedout', 'refresh_rejected');
    await demo.signedOut();
    assert.equal((await server.stats()).familiesRevoked, 1);
  });
});
