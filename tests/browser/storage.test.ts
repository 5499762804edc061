import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type * as Kit from '../../dist/index.js';
import { DemoPage } from './support/demo_page.ts';
import { logIn, openProbe } from './support/page_client.ts';
import { useSuite } from './support/suite.ts';

describe('where the session is kept', () => {
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

  test('S2 quota full, in a real browser: on in memory with one warning, through three refreshes', async (t) => {
    const { server, newPage } = suite();
    const page = await newPage(t);
    await openProbe(page, server.origin, { keep: 'local' });
    await page.evaluate(() => {
      for (let size = 2 ** 22; size >= 1; size /= 2) {
        try {
          for (let count = 0; ; count++) localStorage.setItem(`${size}-${count}`, 'x'.repeat(size));
        } catch {
          // No room for that much: on with half of it.
        }
      }
    });
    const tokens = await logIn(page);
    const told = await page.evaluate(async (response) => {
      const { auth, warnings } = globalThis.probe;
      const statuses: number[] = [];
      await auth.setTokens(response);
      for (let count = 0; count < 3; count++) {
        await auth.refresh();
        statuses.push((await auth.fetchWithAuth('/api/protected')).status);
      }
      const stored = Object.keys(localStorage).filter((key) => key.startsWith('probe'));
      return { warnings, statuses, stored, state: auth.state };
    }, tokens);
    assert.deepEqual(told, {
      warnings: ['storage_unavailable'],
      statuses: [200, 200, 200],
      stored: [],
      state: 'signed-in',
    });
    const { refreshes, replays } = await server.stats();
    assert.deepEqual({ refreshes, replays }, { refreshes: 3, replays: 0 }, 'each with the newest');
  });

  test('S2 X4 an opaque origin, where the getter itself throws: on in memory with one warning', async (t) => {
    const { server, newPage } = suite();
    const page = await newPage(t);
    const kit = `${server.origin}/bearerkit/index.js`;
    // Of no origin at all, it may load what everybody may.
    await page.route(`${server.origin}/bearerkit/*.js`, async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), 'access-control-allow-origin': '*' };
      await route.fulfill({ response, headers });
    });
    await page.goto('data:text/html,<title>opaque</title>');
    const told = await page.evaluate(async (url) => {
      const { createAuthClient, webStorage } = (await import(url)) as typeof Kit;
      const origin = 'https://api.example.com';
      let generation = 1;
      const auth = createAuthClient({
        storage: webStorage('local'),
        tabs: true,
        origins: [origin],
        refresh: () => Promise.resolve({ access_token: `a${++generation}` }),
        fetch: (input, init) => {
          const sent = new Request(input, init).headers.get('authorization');
          return Promise.resolve(
            new Response(null, { status: sent === `Bearer a${generation}` ? 200 : 401 }),
          );
        },
      });
      const warnings: string[] = [];
      auth.addEventListener('warning', ({ detail }) => warnings.push(detail.code));
      await auth.setTokens({ access_token: 'a0', refresh_token: 'r' });
      const { status } = await auth.fetchWithAuth(`${origin}/a`);
      await auth.refresh();
      return { status, warnings, state: auth.state, origin: globalThis.origin };
    }, kit);
    assert.deepEqual(told, {
      status: 200,
      warnings: ['storage_unavailable'],
      state: 'signed-in',
      origin: 'null',
    });
  });
});
