// C1–C3: the page never sees a token. See support/cookies.ts for the jar.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AuthClientOptions } from 'bearerkit';

import type { TestClient } from './support/client.ts';
import { type CookieServer, Jar, startCookieClient, startCookieServer } from './support/cookies.ts';
import { startHttpServer } from './support/http_server.ts';
import { installGlobal, MapStorage } from './support/storages.ts';
import { settled } from './support/wait.ts';

interface CookieClient extends TestClient {
  server: CookieServer;
  jar: Jar;
  storage: MapStorage;
}

async function start(t: TestContext, options: AuthClientOptions = {}): Promise<CookieClient> {
  const server = await startCookieServer(t, 'cookie');
  const jar = new Jar();
  const storage = new MapStorage();
  return { server, jar, storage, ...startCookieClient(t, server, jar, { storage, ...options }) };
}

async function signedIn(t: TestContext, options: AuthClientOptions = {}): Promise<CookieClient> {
  const client = await start(t, options);
  await client.auth.setTokens(await client.server.logIn(client.jar));
  return client;
}

test('C1 credentials go to allowed origins, and no Authorization ever', async (t) => {
  const { server, auth } = await signedIn(t);
  assert.equal(auth.state, 'signed-in');
  assert.equal(auth.claims, null);
  assert.equal(await auth.getAccessToken(), null);
  for (const input of [server.url('/api/a'), new Request(server.url('/api/a'))]) {
    assert.equal((await auth.fetchWithAuth(input)).status, 200);
  }
  server.expire();
  assert.equal(
    (await auth.fetchWithAuth(server.url('/api/a'), { method: 'POST', body: 'x' })).status,
    200,
  );
  for (const { headers } of server.requests) assert.equal(headers.authorization, undefined);
});

test('C1 a foreign origin gets neither credentials nor the CSRF header', async (t) => {
  const { jar, auth } = await signedIn(t);
  const foreign = await startHttpServer(t, '127.0.0.2');
  await auth.fetchWithAuth(foreign.url('/a'), { method: 'POST', body: 'x' });
  assert.deepEqual(jar.sent.at(-1), { path: '/a', credentials: 'same-origin' });
  assert.equal(foreign.requests[0]?.headers.cookie, undefined);
  assert.equal(foreign.requests[0]?.headers['x-csrf'], undefined);
});

test('C1 100 concurrent 401s: one refresh by cookie, 100 answers 200', async (t) => {
  const { server, auth } = await signedIn(t);
  server.expire();
  const calls = Array.from({ length: 100 }, (_, i) =>
    auth.fetchWithAuth(server.url('/api/a'), i % 2 === 0 ? {} : { method: 'POST', body: `${i}` }),
  );
  for (const call of calls) assert.equal((await call).status, 200);
  assert.equal(server.to('/refresh').length, 1);
  const [refresh] = server.to('/refresh');
  assert.equal(refresh?.method, 'POST');
  assert.match(refresh.headers.cookie ?? '', /refresh=refresh-1-/);
  assert.doesNotMatch(refresh.body.toString(), /refresh-|access-/);
});

test('C1 a late 401 is retried without a refresh', async (t) => {
  const { server, auth } = await signedIn(t);
  server.expire();
  const gate = server.hold('/api/late');
  const late = auth.fetchWithAuth(server.url('/api/late'));
  await gate.until(1);
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  gate.open();
  assert.equal((await late).status, 200);
  assert.equal(server.to('/refresh').length, 1);
});

test('C2 unsafe requests and the refresh carry the CSRF header, safe ones do not', async (t) => {
  const { server, auth } = await signedIn(t);
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'), { method })).status, 200, method);
    const request = new Request(server.url('/api/a'), { method });
    assert.equal((await auth.fetchWithAuth(request)).status, 200, method);
    const unsafe = !['GET', 'HEAD', 'OPTIONS'].includes(method);
    for (const { headers } of server.requests.slice(-2)) {
      assert.equal(headers['x-csrf'], unsafe ? '1' : undefined, method);
    }
  }
  await auth.refresh();
  assert.equal(server.to('/refresh')[0]?.headers['x-csrf'], '1');
});

test('C2 another header, a function, and the caller’s own', async (t) => {
  const fixed = await signedIn(t, { csrf: { header: 'X-Mine', value: 'v' } });
  await fixed.auth.fetchWithAuth(fixed.server.url('/api/a'), { method: 'POST' });
  assert.equal(fixed.server.requests.at(-1)?.headers['x-mine'], 'v');

  let calls = 0;
  const made = await signedIn(t, { csrf: () => Promise.resolve({ 'X-CSRF': `made-${++calls}` }) });
  await made.auth.fetchWithAuth(made.server.url('/api/a'), { method: 'POST' });
  assert.equal(made.server.requests.at(-1)?.headers['x-csrf'], 'made-1');
  await made.auth.refresh();
  assert.equal(made.server.requests.at(-1)?.headers['x-csrf'], 'made-2');

  await made.auth.fetchWithAuth(made.server.url('/api/a'), {
    method: 'POST',
    headers: { 'X-CSRF': 'own' },
  });
  assert.equal(made.server.requests.at(-1)?.headers['x-csrf'], 'own');
});

test('C2 a CSRF function that fails: the call rejects or is refused, and nobody is held up', async (t) => {
  const { server, auth } = await signedIn(t, { csrf: () => Promise.reject(new Error('mine')) });
  await settled(
    auth.fetchWithAuth(server.url('/api/a'), { method: 'POST' }).then(
      (response) => assert.equal(response.status, 403),
      (error: unknown) => assert.equal((error as Error).message, 'mine'),
    ),
    'a call',
  );
  await assert.rejects(settled(auth.refresh(), 'refresh'), { code: 'refresh_failed' });
  assert.equal(
    (await settled(auth.fetchWithAuth(server.url('/api/a')), 'a safe call')).status,
    200,
  );
});

test('C2 double submit: the value of a cookie that scripts may read', async (t) => {
  const page = {
    cookie: 'other=1; csrf=a%20b; csrf2=no',
    baseURI: 'http://page.test/',
    visibilityState: 'visible',
  };
  installGlobal(t, 'document', { value: Object.assign(new EventTarget(), page) });
  const { server, auth } = await signedIn(t, {
    csrf: { cookie: 'csrf', header: 'X-CSRF' },
    tabs: false,
  });
  await auth.fetchWithAuth(server.url('/api/a'), { method: 'POST' });
  assert.equal(server.requests.at(-1)?.headers['x-csrf'], 'a b');
  document.cookie = 'csrf=second';
  await auth.fetchWithAuth(server.url('/api/a'), { method: 'POST' });
  assert.equal(server.requests.at(-1)?.headers['x-csrf'], 'second', 'read at each request');
});

test('C3 what is stored is no secret: a generation and a deadline', async (t) => {
  const { server, jar, storage, auth } = await signedIn(t);
  await auth.refresh();
  const record = JSON.parse(storage.record ?? '') as Record<string, unknown>;
  const known = ['version', 'session', 'generation', 'received', 'deadline'];
  for (const name of Object.keys(record)) assert.ok(known.includes(name), name);
  assert.equal(record['generation'], 2);
  for (const value of [...jar.cookies.values(), server.accessToken]) {
    assert.ok(!(storage.record ?? '').includes(value));
  }
});

test('C3 tokens that are handed in all the same are not kept', async (t) => {
  const { storage, auth, server } = await signedIn(t);
  await auth.setTokens({
    access_token: 'canary-access',
    refresh_token: 'canary-refresh',
    expires_in: 60,
  });
  assert.doesNotMatch(storage.record ?? '', /canary/);
  assert.equal(await auth.getAccessToken(), null);
  await auth.fetchWithAuth(server.url('/api/a'));
  await auth.refresh().catch(() => undefined);
  for (const request of server.requests) assert.doesNotMatch(JSON.stringify(request), /canary/);
});

test('C1 a page that was reloaded is signed in again by its record, and by the cookie alone', async (t) => {
  const { server, jar, storage, auth } = await signedIn(t);
  auth.close();
  const again = startCookieClient(t, server, jar, { storage }).auth;
  assert.equal(again.state, 'signed-in');
  // Without a record the cookie is there all the same: requests work, the 401 included.
  const bare = startCookieClient(t, server, jar, { storage: new MapStorage() }).auth;
  assert.equal((await bare.fetchWithAuth(server.url('/api/a'))).status, 200);
  server.expire();
  assert.equal((await bare.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.equal(bare.state, 'signed-in');
});

test('C1 R6 the refresh is refused: the session is over', async (t) => {
  const { server, jar, storage, auth, events } = await signedIn(t);
  server.expire();
  jar.cookies.delete('refresh');
  const response = await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(response.status, 401);
  assert.equal(auth.state, 'signed-out');
  assert.deepEqual(events.reasons, ['refresh_rejected']);
  assert.equal(storage.map.size, 0);
});

test('C1 R8 a transient failure keeps the session', async (t) => {
  const { server, auth, events } = await signedIn(t);
  server.expire();
  server.refreshAnswers.push(() => ({
    status: 200,
    headers: { 'Content-Type': 'text/html' },
    body: '<html>',
  }));
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 401);
  assert.equal(auth.state, 'signed-in');
  await events.until('refreshed');
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
});

test('C1 R6 an OAuth error inside a 200 is no success', async (t) => {
  const { server, auth, events } = await signedIn(t);
  server.refreshAnswers.push(() => ({ json: { error: 'temporarily_unavailable' } }));
  await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
  // R24: a cookie that was refused is tried once more.
  const refusal = (): { json: object } => ({ json: { error: 'invalid_grant' } });
  server.refreshAnswers.push(refusal, refusal);
  await assert.rejects(auth.refresh(), { code: 'refresh_rejected' });
  assert.deepEqual(events.reasons, ['refresh_rejected']);
});

test('C1 R4 members that cookie mode has no use for harm nothing', async (t) => {
  const { server, auth, events } = await signedIn(t);
  const json = { access_token: 'a b', refresh_token: false, token_type: 'DPoP', expires_in: 900 };
  server.refreshAnswers.push(() => ({ json }));
  await auth.refresh();
  await events.until('refreshed');
  assert.equal(auth.state, 'signed-in');
});

test('C1 R4 a refresh answered with 204 is a success', async (t) => {
  const { server, auth, events } = await signedIn(t);
  server.refreshAnswers.push(() => ({ status: 204 }));
  await auth.refresh();
  await events.until('refreshed');
});

test('L1 sign-out: the server is told with cookie and CSRF header, nothing is left', async (t) => {
  const { server, jar, storage, auth, events } = await signedIn(t);
  await auth.signOut();
  const [logout] = server.to('/logout');
  assert.match(logout?.headers.cookie ?? '', /refresh=/);
  assert.equal(logout?.headers['x-csrf'], '1');
  assert.equal(jar.cookies.size, 0);
  assert.equal(storage.map.size, 0);
  assert.deepEqual(events.reasons, ['signed_out']);
});
