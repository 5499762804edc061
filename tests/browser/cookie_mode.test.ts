import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BrowserContext, Page, Response } from 'playwright-core';
import { DemoPage } from './support/demo_page.ts';
import { readableByScripts } from './support/readable.ts';
import { useSuite } from './support/suite.ts';
import { until } from './support/until.ts';

/** All that the browser was given to keep, and all that a page could read of the answers. */
class Wire {
  readonly tokens = new Set<string>();
  readonly #bodies: Promise<string>[] = [];

  constructor(context: BrowserContext) {
    context.on('response', (response) => this.#record(response));
    context.on('console', (message) => this.#bodies.push(Promise.resolve(message.text())));
  }

  /** What scripts could have read: bodies, and headers but those that are kept from them. */
  async readable(): Promise<string> {
    return (await Promise.all(this.#bodies)).join('\n');
  }

  /** Waits until the recorder has seen where every cookie of the profile came from. */
  async untilKnown(context: BrowserContext): Promise<void> {
    await until('every cookie is known', async () =>
      (await context.cookies()).every(({ value }) => this.tokens.has(value)),
    );
  }

  #record(response: Response): void {
    this.#bodies.push(
      response.headersArray().then(async (headers) => {
        for (const { name, value } of headers) {
          const cookie = /^__Host-[\w-]+=([^;]+)/.exec(value)?.[1];
          if (name.toLowerCase() === 'set-cookie' && cookie !== undefined) this.tokens.add(cookie);
        }
        const rest = headers.filter(({ name }) => name.toLowerCase() !== 'set-cookie');
        // A 204 has none, and an answer that was cut off has none either.
        const body = await response.text().catch(() => '');
        return JSON.stringify(rest) + body;
      }),
    );
  }
}

/** No token, whole or in part, in a text; named by where it is, never shown. */
function assertNoToken(text: string, tokens: ReadonlySet<string>, where: string): void {
  for (const token of tokens) {
    const pieces = [token, ...token.split('.')].filter((piece) => piece.length >= 16);
    assert.ok(!pieces.some((piece) => text.includes(piece)), `a token is in ${where}`);
  }
}

async function assertNothingReadable(page: Page, tokens: ReadonlySet<string>): Promise<void> {
  for (const [place, text] of Object.entries(await readableByScripts(page))) {
    assertNoToken(text, tokens, place);
    assert.doesNotMatch(text, /eyJ[\w-]/, `a JWT is in ${place}`);
  }
}

describe('cookie mode', () => {
  const suite = useSuite();

  test('C1 50 calls at once after a refused token: one refresh, and no token where a script can read it', async (t) => {
    const { server, newContext } = suite();
    const context = await newContext(t);
    const wire = new Wire(context);
    const demo = new DemoPage(await context.newPage());
    await demo.open(server.origin);
    await demo.signIn('cookie');
    await wire.untilKnown(context);
    await assertNothingReadable(demo.page, wire.tokens);

    const cookies = await context.cookies();
    assert.deepEqual(cookies.map(({ name }) => name).sort(), ['__Host-access', '__Host-refresh']);
    assert.ok(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Strict'));
    await server.revoke(cookies.find(({ name }) => name === '__Host-access')?.value ?? '');

    assert.deepEqual(await demo.call('Call 50 times at once'), { 200: 50 });
    assert.deepEqual(await demo.call('Post a file'), { 200: 1 });
    const { refreshRequests, refreshes } = await server.stats();
    assert.deepEqual({ refreshRequests, refreshes }, { refreshRequests: 1, refreshes: 1 });
    assert.equal(await demo.refreshes(), 1);

    await wire.untilKnown(context);
    assert.equal(wire.tokens.size, 4, 'two pairs of tokens');
    await assertNothingReadable(demo.page, wire.tokens);
    // The demo's scripts are among what was answered: they may hold `eyJ`, but no real token.
    assertNoToken(await wire.readable(), wire.tokens, 'an answer or on the console');
  });

  test('C1 the search finds a token where there is one (localStorage)', async (t) => {
    const { server, newPage } = suite();
    const demo = new DemoPage(await newPage(t));
    await demo.open(server.origin);
    const { accessToken = '', refreshToken = '' } = await demo.signIn('local');
    const places = await readableByScripts(demo.page);
    assert.ok(places['localStorage']?.includes(accessToken));
    assert.ok(places['localStorage']?.includes(refreshToken));
  });

  test('C4 hybrid: the refresh token is nowhere, the access token in no storage', async (t) => {
    const { server, newContext } = suite();
    const context = await newContext(t);
    const wire = new Wire(context);
    const demo = new DemoPage(await context.newPage());
    await demo.open(server.origin);
    const { accessToken = '', refreshToken } = await demo.signIn('hybrid');
    assert.match(accessToken, /^eyJ/);
    assert.equal(refreshToken, undefined);
    await demo.press('Refresh now');
    await demo.untilEvent('refreshed');
    await wire.untilKnown(context);
    assert.equal(wire.tokens.size, 2);
    assertNoToken(await wire.readable(), wire.tokens, 'an answer or on the console');
    await assertNothingReadable(demo.page, new Set([...wire.tokens, accessToken]));
  });
});
