import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BrowserContext } from 'playwright-core';
import { DemoPage, type SignInAnswer } from './support/demo_page.ts';
import { useSuite } from './support/suite.ts';
import { until } from './support/until.ts';

/** Long enough for 50 calls on a busy machine, short enough to wait for. */
const LIFE_SECONDS = 6;

async function accessTokenOf(context: BrowserContext, answer: SignInAnswer): Promise<string> {
  if (answer.accessToken !== undefined) return answer.accessToken;
  const cookies = await context.cookies();
  return cookies.find(({ name }) => name === '__Host-access')?.value ?? '';
}

describe('the access token expires', () => {
  const suite = useSuite({ ACCESS_TOKEN_SECONDS: String(LIFE_SECONDS) });

  for (const keep of ['memory', 'local', 'hybrid', 'cookie'] as const) {
    test(`R1 50 calls at once: exactly one refresh, 50 answers 200 (${keep})`, async (t) => {
      const { server, newContext } = suite();
      const context = await newContext(t);
      const demo = new DemoPage(await context.newPage());
      await demo.open(server.origin);
      const token = await accessTokenOf(context, await demo.signIn(keep));
      assert.match(token, /^eyJ/);
      // Hybrid mode has asked for a session of an earlier visit (C4).
      await server.resetStats();

      await until('the server refuses the token', async () => {
        return (await server.statusFor(token)) === 401;
      });
      assert.equal(
        (await server.stats()).refreshRequests,
        0,
        'nothing is refreshed before its use',
      );

      assert.deepEqual(await demo.call('Call 50 times at once'), { 200: 50 });
      const { refreshRequests, refreshes, replays } = await server.stats();
      assert.deepEqual(
        { refreshRequests, refreshes, replays },
        { refreshRequests: 1, refreshes: 1, replays: 0 },
      );
      assert.deepEqual(await demo.events('refreshed'), ['token set 2']);
      assert.equal(await demo.refreshes(), 1);
      assert.deepEqual(await demo.events('signedout'), []);
    });
  }

  test('R1 again and again: each life of a token costs one refresh', async (t) => {
    const { server, newPage } = suite();
    const demo = new DemoPage(await newPage(t));
    await demo.open(server.origin);
    await demo.signIn('memory');
    for (let lives = 1; lives <= 2; lives += 1) {
      await demo.page.locator('#life', { hasText: 'expired' }).waitFor();
      assert.deepEqual(await demo.call('Call 50 times at once'), { 200: 50 });
      assert.equal((await server.stats()).refreshRequests, lives);
    }
    assert.deepEqual(await demo.events('refreshed'), ['token set 2', 'token set 3']);
  });
});
