import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DemoPage } from './support/demo_page.ts';
import { useSuite } from './support/suite.ts';

describe('reload', () => {
  const suite = useSuite();

  for (const keep of ['local', 'session', 'cookie'] as const) {
    test(`S1 the session is found again, without a refresh (${keep})`, async (t) => {
      const { server, newPage } = suite();
      const demo = new DemoPage(await newPage(t));
      await demo.open(server.origin);
      await demo.signIn(keep);
      await demo.reload();
      assert.equal(await demo.isSignedIn(), true);
      assert.deepEqual(await demo.events('signedin'), ['an earlier session was found']);
      assert.deepEqual(await demo.call('Call once'), { 200: 1 });
      assert.equal((await server.stats()).refreshRequests, 0);
    });
  }

  test('S1 memory: the session is gone', async (t) => {
    const { server, newPage } = suite();
    const demo = new DemoPage(await newPage(t));
    await demo.open(server.origin);
    await demo.signIn('memory');
    await demo.reload();
    assert.equal(await demo.isSignedIn(), false);
    assert.deepEqual(await demo.events('signedin'), []);
    assert.deepEqual(await demo.call('Call once'), { 401: 1 });
    assert.equal((await server.stats()).refreshRequests, 0);
  });

  test('C4 hybrid: one quiet refresh restores the session', async (t) => {
    const { server, newPage } = suite();
    const demo = new DemoPage(await newPage(t));
    await demo.open(server.origin);
    await demo.signIn('hybrid');
    await server.resetStats();
    await demo.reload();
    assert.equal(await demo.isSignedIn(), true);
    assert.deepEqual(await demo.events('signedin'), ['an earlier session was found']);
    assert.deepEqual(await demo.call('Call 50 times at once'), { 200: 50 });
    const { refreshRequests, refreshes } = await server.stats();
    assert.deepEqual({ refreshRequests, refreshes }, { refreshRequests: 1, refreshes: 1 });
  });

  test('C4 hybrid without a session: the quiet refresh is refused, and that is all', async (t) => {
    const { server, newPage } = suite();
    const demo = new DemoPage(await newPage(t));
    await demo.open(server.origin, '?mode=hybrid');
    assert.equal(await demo.isSignedIn(), false);
    assert.deepEqual(await demo.events('signedout'), [], 'nobody was signed in');
    assert.deepEqual(await demo.events('refreshfailed'), []);
    assert.equal((await server.stats()).refreshRequests, 1);
    assert.deepEqual(await demo.call('Call once'), { 401: 1 });
    assert.equal((await server.stats()).refreshRequests, 1, 'and it is not asked again');
  });

  test('S1 another tab finds the session of localStorage, not that of sessionStorage', async (t) => {
    const { server, newContext } = suite();
    const context = await newContext(t);
    for (const [keep, found] of [
      ['local', true],
      ['session', false],
    ] as const) {
      const demo = new DemoPage(await context.newPage());
      await demo.open(server.origin);
      await demo.signIn(keep);
      const other = new DemoPage(await context.newPage());
      await other.open(server.origin, `?mode=bearer&storage=${keep}`);
      assert.equal(await other.isSignedIn(), found, keep);
    }
  });
});
