import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openSignedIn } from './support/page_client.ts';
import { useProxy, useSuite } from './support/suite.ts';
import { until } from './support/until.ts';

describe('a page that goes away', () => {
  const suite = useSuite();
  const proxy = useProxy(suite);

  test('F10 what its own listener of pagehide sends arrives, though the token has expired by the clock', async (t) => {
    const { server, newPage } = suite();
    const page = await newPage(t);
    // Before the client has a listener of its own.
    await page.addInitScript(() => {
      addEventListener('pagehide', () => {
        const probe = globalThis.probe as typeof globalThis.probe | undefined;
        const url = `/api/protected?beacon=${document.visibilityState}`;
        void probe?.auth.fetchWithAuth(url, { keepalive: true }).catch(() => undefined);
      });
    });
    const token = await openSignedIn(page, proxy().origin);
    await server.resetStats();
    await page.evaluate(async (accessToken) => {
      const { auth } = globalThis.probe;
      await auth.setTokens({ accessToken, refreshToken: 'none', expiresIn: 0.2 });
      await new Promise((resolve) => setTimeout(resolve, 400));
    }, token);

    const answers: string[] = [];
    proxy().hold(({ searchParams }, status) => {
      const beacon = searchParams.get('beacon');
      if (beacon !== null) answers.push(`${beacon} ${status}`);
      return false;
    });
    await page.goto(`${proxy().origin}/healthz`);
    await until('it has arrived', () => answers.length > 0);
    assert.deepEqual(answers, ['visible 200']);
    assert.equal((await server.stats()).refreshRequests, 0);
  });
});
