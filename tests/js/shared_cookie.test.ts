// The cookie that a page has in common with its other tabs, its next page, and other apps of the
// origin (X9, R24, R25), at the reference server.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import {
  type AuthClientOptions,
  createAuthClient,
  type Fetch,
  type TokenResponse,
} from 'bearerkit';

import { useEmbedded } from '../server/support/databases.ts';
import { ADA } from '../server/support/requests.ts';
import { startServer, type TestServer } from '../server/support/server.ts';
import { Events, type TestClient } from './support/client.ts';
import { Jar } from './support/cookies.ts';
import { MapStorage } from './support/storages.ts';
import { Gate, turns } from './support/wait.ts';

type Mode = 'cookie' | 'hybrid';
const MODES: readonly Mode[] = ['cookie', 'hybrid'];

const database = useEmbedded();

let names = 0;
/** A name that no other test hears. */
const unique = (): string => `cookie-${process.pid}-${++names}`;

/** A browser at the reference server. Its pages share the cookies and localStorage. */
class Browser {
  readonly server: TestServer;
  readonly mode: Mode;
  readonly jar = new Jar();
  readonly storage = new MapStorage();
  readonly #t: TestContext;
  readonly #name = unique();

  constructor(t: TestContext, server: TestServer, mode: Mode) {
    this.#t = t;
    this.server = server;
    this.mode = mode;
  }

  get refreshUrl(): string {
    return this.server.url(`/${this.mode}/refresh`);
  }

  open(options: AuthClientOptions = {}): TestClient {
    const { server, mode, jar, storage } = this;
    const auth = createAuthClient({
      mode,
      refresh: this.refreshUrl,
      signOut: server.url(`/${mode}/logout`),
      origins: [server.origin],
      fetch: jar.fetch,
      storage,
      name: this.#name,
      ...options,
    });
    this.#t.after(() => auth.close());
    return { auth, events: new Events(auth) };
  }

  async logIn(): Promise<TokenResponse> {
    const response = await this.post(this.server.url(`/${this.mode}/login`), ADA);
    assert.equal(response.status, 200);
    return (await response.json()) as TokenResponse;
  }

  /** By another app of the origin: it knows nothing of the clients. */
  post(url: string, body?: unknown): Promise<Response> {
    return this.jar.fetch(url, {
      method: 'POST',
      credentials: 'include',
      headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** The client's fetch, with refreshes by `send`. */
  detour(send: Fetch): Fetch {
    return (input, init) => (input === this.refreshUrl ? send : this.jar.fetch)(input, init);
  }

  /** How many the server was asked for. */
  get refreshes(): number {
    return this.jar.sent.filter(({ path }) => this.refreshUrl.endsWith(path)).length;
  }

  async call({ auth }: TestClient): Promise<number> {
    return (await auth.fetchWithAuth(this.server.url('/api/me'))).status;
  }
}

/** With somebody signed in on the first page, which sends its refreshes by `send`. */
async function browse(
  t: TestContext,
  mode: Mode,
  send?: Fetch,
  settings?: Parameters<typeof startServer>[2],
): Promise<{ browser: Browser; page: TestClient }> {
  const server = await startServer(t, database(), settings);
  const browser = new Browser(t, server, mode);
  const page = browser.open(send && { fetch: browser.detour(send) });
  await page.auth.ready();
  await page.auth.setTokens(await browser.logIn());
  return { browser, page };
}

test('X9 hybrid tabs make one refresh for each expiry, each time whichever is first', async (t) => {
  const browser = new Browser(t, await startServer(t, database()), 'hybrid');
  const page = browser.open({ tabs: true });
  await page.auth.ready();
  await page.auth.setTokens(await browser.logIn());
  const other = browser.open({ tabs: true });
  await other.auth.ready();
  assert.equal(await browser.call(other), 200);
  assert.equal((await browser.server.stats()).refreshRequests, 0, 'it was handed the token');
  for (let i = 0; i < 3; i++) {
    const before = (await browser.server.stats()).refreshRequests;
    browser.server.advance(1000);
    for (const tab of i % 2 ? [other, page] : [page, other]) {
      assert.equal(await browser.call(tab), 200);
    }
    assert.equal((await browser.server.stats()).refreshRequests - before, 1);
    assert.equal(await page.auth.getAccessToken(), await other.auth.getAccessToken());
  }
  assert.deepEqual([...page.events.reasons, ...other.events.reasons], []);
});

for (const mode of MODES) {
  test(`R24 another app rotates the cookie during a refresh (${mode} mode): the second try has it`, async (t) => {
    const answers: number[] = [];
    const { browser, page } = await browse(t, mode, async (input, init) => {
      const { jar } = browser;
      // The cookie is read before the answers to the other app are here.
      const then = answers.length === 0 ? jar.copy() : jar;
      // Twice: within the grace window the last one would still do.
      for (let i = 0; then !== jar && i < 2; i++) await browser.post(browser.refreshUrl);
      const response = await then.fetch(input, init);
      answers.push(response.status);
      return response;
    });
    browser.server.advance(1000);
    assert.equal(await browser.call(page), 200);
    assert.deepEqual(answers, [401, 200]);
    assert.equal(page.auth.state, 'signed-in');
    assert.deepEqual(page.events.reasons, []);
  });

  test(`R24 a refusal that stays one ends the session after the second try (${mode} mode)`, async (t) => {
    const { browser, page } = await browse(t, mode);
    browser.server.advance(1000);
    browser.jar.cookies.clear();
    assert.equal(await browser.call(page), 401);
    assert.deepEqual(page.events.reasons, ['refresh_rejected']);
    assert.equal(browser.refreshes, 2);
    assert.equal(await browser.call(page), 401);
    assert.equal(browser.refreshes, 2, 'it is not asked again');
  });

  test(`R25 a reload in the middle of a refresh (${mode} mode): the next page waits for the cookie`, async (t) => {
    const gate = new Gate();
    let kept: boolean | undefined;
    const { browser, page } = await browse(
      t,
      mode,
      async (input, init) => {
        kept = init?.keepalive;
        const then = browser.jar.copy();
        await gate.pass();
        const response = await then.fetch(input, init);
        // The page may be gone: the browser takes the cookie all the same.
        for (const [name, value] of then.cookies) browser.jar.cookies.set(name, value);
        return response;
      },
      { refreshGraceSeconds: 0 },
    );
    browser.server.advance(1000);
    const lost = browser.call(page);
    await gate.until(1);
    assert.equal(kept, true);
    const stored = new MapStorage();
    for (const [key, value] of browser.storage.map) stored.map.set(key, value);
    const noted = Number(`0x${stored.flight?.slice(16) ?? ''}`);

    let askedAt = 0;
    const next = browser.open({
      storage: stored,
      fetch: browser.detour((input, init) => {
        askedAt = Date.now();
        return browser.jar.fetch(input, init);
      }),
    });
    const call = browser.call(next);
    await turns(20);
    gate.open();
    assert.equal(await call, 200);
    await lost;
    assert.ok(askedAt >= noted - 1, `${askedAt - noted} ms`);
    assert.equal(browser.storage.flight, undefined, 'what is answered is noted no more');
    assert.equal(stored.flight, undefined);
    // Without grace a cookie that is sent twice would end the session.
    const { refreshes, replays } = await browser.server.stats();
    assert.deepEqual([refreshes, replays, ...next.events.reasons], [2, 0]);
  });
}

test('R24 of a visitor of whom nothing is known one refusal is enough', async (t) => {
  const server = await startServer(t, database());
  const browser = new Browser(t, server, 'hybrid');
  const page = browser.open({ presume: () => true });
  assert.equal(await page.auth.ready(), 'signed-out');
  assert.equal(browser.refreshes, 1);
});
