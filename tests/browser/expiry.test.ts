import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BrowserContext } from 'playwright-core';
import { DemoPage, type SignInAnswer } from './support/demo_page.ts';
import { useSuite } from './support/suite.ts';

/** By the server: no token runs out by itself, however busy the machine is. */
const LIFE_SECONDS = 900;

async function accessTokenOf(context: BrowserContext, answer: SignInAnswer): Promise<string> {
  if (answer.accessToken !== undefined) return answer.accessToken;
  const cookies = await context.cookies();
  return cookies.find(({ name }) => name === '__Host-access')?.value ?? '';
}

/** A page whose clock can be put forward. */
async function openDemo(context: BrowserContext, origin: string): Promise<DemoPage> {
  const demo = new DemoPage(await context.newPage());
  await demo.page.clock.install();
  await demo.open(origin);
  return demo;
}

/** By the page's clock. */
const expire = ({ page }: DemoPage): Promise<void> => page.clock.fastForward(LIFE_SECONDS * 1000);

describe('the access token expires', () => {
  const suite = useSuite({ ACCESS_TOKEN_SECONDS: String(LIFE_SECONDS) });

  test('E6 R1 each life of a token costs one refresh, at its first use after the end', async (t) => {
    const { server, newContext } = suite();
    const demo = await openDemo(await newContext(t), server.origin);
    await demo.signIn('memory');
    for (let lives = 1; lives <= 2; lives += 1) {
      await expire(demo);
      await demo.page.locator('#life', { hasText: 'expired' }).waitFor();
      assert.equal((await server.stats()).refreshRequests, lives - 1, 'not before it is used');
      assert.deepEqual(await demo.call('Call once'), { 200: 1 });
      assert.equal((await server.stats()).refreshRequests, lives);
    }
    assert.deepEqual(await demo.events('refreshed'), ['token set 2', 'token set 3']);
  });

  for (const keep of ['memory', 'local', 'hybrid', 'cookie'] as const) {
    test(`R1 50 calls at once: exactly one refresh, 50 answers 200 (${keep})`, async (t) => {
      const { server, newContext } = suite();
      const context = await newContext(t);
      const demo = await openDemo(context, server.origin);
      const token = await accessTokenOf(context, await demo.signIn(keep));
      assert.match(token, /^eyJ/);
      // For the server as well as for the page.
      await server.revoke(token);
      assert.equal(await server.statusFor(token), 401);
      await expire(demo);
      assert.deepEqual(await demo.events('refreshed'), [], 'nothing is refreshed before its use');
      await server.resetStats();

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
});
