// B9: which credentials go along in cookie mode. The page stands at the server's own origin here.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { type AuthClient, type AuthClientOptions, createAuthClient, type Fetch } from 'bearerkit';

import { startHttpServer, type HttpServer } from './support/http_server.ts';
import { installGlobal, MapStorage } from './support/storages.ts';

/** What the client gave to fetch: `credentials` of init, and of the Request that comes of it. */
interface Sent {
  init: RequestCredentials | undefined;
  request: RequestCredentials;
}

interface Started {
  auth: AuthClient;
  page: HttpServer;
  api: HttpServer;
  sent: Sent[];
}

async function start(t: TestContext, options: AuthClientOptions = {}): Promise<Started> {
  const page = await startHttpServer(t);
  const api = await startHttpServer(t, '127.0.0.2');
  for (const server of [page, api]) server.route('/', () => ({ body: 'ok' }));
  installGlobal(t, 'location', { value: new URL(page.url('/app/')) });
  const sent: Sent[] = [];
  const fetch: Fetch = (input, init) => {
    const request = new Request(input, init);
    sent.push({ init: init?.credentials, request: request.credentials });
    return globalThis.fetch(request);
  };
  const auth = createAuthClient({
    mode: 'cookie',
    refresh: page.url('/refresh'),
    origins: [api.origin],
    storage: new MapStorage(),
    tabs: false,
    fetch,
    ...options,
  });
  t.after(() => auth.close());
  await auth.setTokens({ accessToken: 'a', expiresIn: 900 });
  return { auth, page, api, sent };
}

test('B9 the own origin gets no credentials from the client, a listed one gets include', async (t) => {
  const { auth, page, api, sent } = await start(t);
  for (const input of ['/a', new URL('/a', page.origin), new Request(page.url('/a'))]) {
    for (const method of ['GET', 'POST']) {
      const relative = typeof input === 'string' ? page.url(input) : input;
      assert.equal((await auth.fetchWithAuth(relative, { method })).status, 200);
      assert.deepEqual(sent.at(-1), { init: undefined, request: 'same-origin' });
    }
  }
  assert.equal((await auth.fetchWithAuth(page.url('/a'))).status, 200);
  assert.deepEqual(sent.at(-1), { init: undefined, request: 'same-origin' });
  for (const input of [api.url('/a'), new URL(api.url('/a')), new Request(api.url('/a'))]) {
    assert.equal((await auth.fetchWithAuth(input)).status, 200);
    assert.equal(sent.at(-1)?.request, 'include');
  }
  assert.equal(page.to('/a').at(-2)?.headers['x-csrf'], '1', 'C2 as ever');
});

test("B9 the caller's own credentials are left alone, also omit and those of a Request", async (t) => {
  const { auth, page, api, sent } = await start(t);
  for (const server of [page, api]) {
    for (const credentials of ['omit', 'include', 'same-origin'] as const) {
      await auth.fetchWithAuth(server.url('/a'), { credentials });
      assert.equal(sent.at(-1)?.request, credentials, `${credentials} in init`);
      await auth.fetchWithAuth(new Request(server.url('/a')), { credentials });
      assert.equal(sent.at(-1)?.request, credentials, `${credentials} in init, of a Request`);
      if (credentials === 'same-origin') continue; // what a Request says that was told nothing
      await auth.fetchWithAuth(new Request(server.url('/a'), { credentials }));
      assert.equal(sent.at(-1)?.request, credentials, `${credentials} in a Request`);
    }
  }
});

test('B9 the same at a retry', async (t) => {
  const { auth, page, api, sent } = await start(t);
  for (const server of [page, api]) {
    page.route('/refresh', () => ({ json: { expiresIn: 900 } }));
    let calls = 0;
    server.route('/retry', () => ({ status: ++calls % 2 === 1 ? 401 : 200 }));
    const own = server === page;
    assert.equal((await auth.fetchWithAuth(server.url('/retry'))).status, 200);
    assert.equal(calls, 2);
    assert.equal(sent.at(-1)?.request, own ? 'same-origin' : 'include');
    assert.equal(
      (await auth.fetchWithAuth(server.url('/retry'), { credentials: 'omit' })).ok,
      true,
    );
    assert.equal(calls, 4);
    assert.equal(sent.at(-1)?.request, 'omit');
  }
});

test('B9 B8 a 401 behind a redirect from the own origin to a foreign one is delivered', async (t) => {
  const { auth, page } = await start(t);
  const cdn = await startHttpServer(t, '127.0.0.3');
  const open = { 'Access-Control-Allow-Origin': '*' };
  cdn.route('/file', () => ({ headers: open, body: 'the file' }));
  cdn.route('/gone', () => ({ status: 401, headers: open }));
  for (const path of ['/file', '/gone']) {
    page.route(path, () => ({ status: 302, headers: { Location: cdn.url(path) } }));
  }
  assert.equal(await (await auth.fetchWithAuth(page.url('/file'))).text(), 'the file');
  assert.equal((await auth.fetchWithAuth(page.url('/gone'))).status, 401);
  assert.equal(page.to('/refresh').length, 0);
});

test('B9 C4 hybrid mode sets no credentials anywhere', async (t) => {
  const { auth, page, api, sent } = await start(t, { mode: 'hybrid' });
  sent.length = 0;
  for (const server of [page, api]) {
    await auth.fetchWithAuth(server.url('/a'));
    assert.deepEqual(sent.pop(), { init: undefined, request: 'same-origin' });
    assert.equal(server.to('/a').at(-1)?.headers.authorization, 'Bearer a');
  }
});
