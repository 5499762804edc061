import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openSignedIn } from './support/page_client.ts';
import { useForeignServer, useProxy, useSuite } from './support/suite.ts';

const foreign = await useForeignServer();
/** Names of the foreign server that look like the page's own. */
const LOOK_ALIKES = [
  `http://localhost.evil.test:${foreign.port}`,
  `http://xn--localhst-8za.evil.test:${foreign.port}`,
];

/** Calls `url` with fetchWithAuth: the status, or the name of the error. */
function call(page: Page, url: string, init: RequestInit = {}): Promise<number | string> {
  return page.evaluate(
    async ({ url, init }) => {
      try {
        return (await globalThis.probe.auth.fetchWithAuth(url, init)).status;
      } catch (error) {
        return (error as Error).name;
      }
    },
    { url, init },
  );
}

describe('no token leaves for another origin', () => {
  const suite = useSuite({ CONNECT_ORIGINS: [foreign.origin, ...LOOK_ALIKES].join(',') });
  const proxy = useProxy(suite);

  /** Nothing that came to the foreign server holds a token, or anything made of it. */
  async function assertNoTokenArrived(token: string, requests: number): Promise<void> {
    const calls = foreign.received.filter(({ headers }) => {
      return headers['access-control-request-method'] === undefined;
    });
    assert.equal(calls.length, requests, 'the requests did arrive');
    const [, payload = ''] = token.split('.');
    for (const { url, headers, body } of foreign.received) {
      assert.equal(headers.authorization, undefined);
      const all = JSON.stringify({ url, headers, body });
      assert.ok(!all.includes(token) && !all.includes(payload) && !/eyJ/.test(all));
      assert.doesNotMatch(headers['access-control-request-headers'] ?? '', /authorization/i);
    }
    assert.equal((await suite().server.stats()).refreshRequests, 0, 'its 401 refreshes nothing');
  }

  test('B1 an origin that is named in `origins` gets it: the recorder would see a token', async (t) => {
    const page = await suite().newPage(t);
    const { server } = suite();
    const token = await openSignedIn(page, server.origin, { origins: [foreign.origin] });
    await call(page, `${foreign.origin}/api`);
    const sent = foreign.received.map(({ headers }) => headers.authorization);
    assert.ok(sent.includes(`Bearer ${token}`));
  });

  test('B2 called outright, with and without a body', async (t) => {
    const page = await suite().newPage(t);
    const token = await openSignedIn(page, suite().server.origin);
    assert.equal(await call(page, `${foreign.origin}/api`), 401);
    assert.equal(await call(page, `//127.0.0.1:${foreign.port}/api`), 401);
    assert.equal(await call(page, `${foreign.origin}/api`, { method: 'POST', body: 'x' }), 401);
    await assertNoTokenArrived(token, 3);
  });

  test('B2 a Request object, and credentials asked for', async (t) => {
    const page = await suite().newPage(t);
    const token = await openSignedIn(page, suite().server.origin);
    const status = await page.evaluate(async (url) => {
      const request = new Request(url, { credentials: 'include' });
      return (await globalThis.probe.auth.fetchWithAuth(request)).status;
    }, `${foreign.origin}/api`);
    assert.equal(status, 401);
    await assertNoTokenArrived(token, 1);
  });

  test('B1 names that look like ours', async (t) => {
    const page = await suite().newPage(t);
    const { origin } = suite().server;
    const token = await openSignedIn(page, origin);
    for (const lookAlike of LOOK_ALIKES) assert.equal(await call(page, `${lookAlike}/api`), 401);
    // Ours as user and password of theirs: fetch itself refuses, with or without a token.
    const disguised = `${origin}@127.0.0.1:${foreign.port}/api`;
    assert.equal(await call(page, disguised), 'TypeError');
    await assertNoTokenArrived(token, LOOK_ALIKES.length);
  });

  test('B8 a redirect from our own origin to another one', async (t) => {
    const page = await suite().newPage(t);
    const token = await openSignedIn(page, proxy().origin);
    proxy().redirects.set('/leave', `${foreign.origin}/landed`);
    assert.equal(await call(page, `${proxy().origin}/leave`), 401);
    assert.equal(await call(page, '/leave', { method: 'POST', body: 'x' }), 401);
    await assertNoTokenArrived(token, 2);
    assert.equal(await page.evaluate(() => globalThis.probe.auth.state), 'signed-in');
    assert.equal(await call(page, '/api/protected'), 200);
  });

  test('C1 cookie mode: no cookie and no CSRF header either', async (t) => {
    const page = await suite().newPage(t);
    await openSignedIn(page, suite().server.origin, { mode: 'cookie' });
    assert.equal(await call(page, `${foreign.origin}/api`, { method: 'POST', body: 'x' }), 401);
    assert.ok(foreign.received.length > 0);
    for (const { headers } of foreign.received) {
      assert.equal(headers.cookie, undefined);
      assert.equal(headers['x-csrf'], undefined);
      assert.doesNotMatch(headers['access-control-request-headers'] ?? '', /x-csrf/i);
    }
  });
});
