// C4: the access token in memory, the refresh token in an HttpOnly cookie.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { TokenResponse } from 'bearerkit';

import type { TestClient } from './support/client.ts';
import { type CookieServer, Jar, startCookieClient, startCookieServer } from './support/cookies.ts';
import { MapStorage } from './support/storages.ts';

/** A client that asks who is signed in, though there is no page here. */
const start = (
  t: TestContext,
  server: CookieServer,
  jar: Jar,
  storage = new MapStorage(),
): TestClient => startCookieClient(t, server, jar, { storage, presume: () => true });

test('C4 the API gets the access token and no cookie; the refresh the cookie, the CSRF header and no token', async (t) => {
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const { auth } = start(t, server, jar);
  assert.equal(await auth.ready(), 'signed-out');
  await auth.setTokens(await server.logIn(jar));
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.deepEqual(jar.sent.at(-1), { path: '/api/a', credentials: 'same-origin' });
  server.expire();
  const before = server.requests.length;
  assert.equal(
    (await auth.fetchWithAuth(server.url('/api/b'), { method: 'POST', body: 'x' })).status,
    200,
  );
  const [first, refresh, second] = server.requests.slice(before);
  assert.equal(first?.headers.cookie, undefined);
  assert.equal(second?.headers.authorization, `Bearer ${server.accessToken}`);
  assert.equal(refresh?.path, '/refresh');
  assert.equal(refresh.headers['x-csrf'], '1');
  assert.equal(refresh.headers.authorization, undefined);
  assert.match(refresh.headers.cookie ?? '', /refresh=refresh-/);
  assert.doesNotMatch(refresh.body.toString(), /refresh-|access-/);
});

test('C4 100 concurrent 401s: one refresh', async (t) => {
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const { auth } = start(t, server, jar);
  assert.equal(await auth.ready(), 'signed-out');
  await auth.setTokens(await server.logIn(jar));
  const before = server.to('/refresh').length;
  server.expire();
  const calls = Array.from({ length: 100 }, () => auth.fetchWithAuth(server.url('/api/a')));
  for (const call of calls) assert.equal((await call).status, 200);
  assert.equal(server.to('/refresh').length, before + 1);
});

test('C4 at start one quiet refresh restores the session; calls wait for it', async (t) => {
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  await server.logIn(jar);
  const gate = server.hold('/refresh');
  const { auth, events } = start(t, server, jar);
  assert.equal(auth.state, 'restoring');
  const calls = [1, 2, 3].map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
  const token = auth.getAccessToken();
  await gate.until(1);
  assert.equal(server.to('/api/1').length, 0);
  gate.open();
  for (const call of calls) assert.equal((await call).status, 200);
  assert.equal(await auth.ready(), 'signed-in');
  assert.equal(await token, server.accessToken);
  assert.equal(server.to('/refresh').length, 1);
  assert.deepEqual(events.of('signedin'), [{ elsewhere: false, restored: true }]);
});

test('C4 no cookie: the quiet refresh is refused, which means signed out and no more', async (t) => {
  const server = await startCookieServer(t, 'hybrid');
  const { auth, events } = start(t, server, new Jar());
  const call = auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(await auth.ready(), 'signed-out');
  assert.equal((await call).status, 401);
  assert.equal(server.to('/refresh').length, 1);
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 401);
  assert.equal(server.to('/refresh').length, 1, 'never asked again');
  assert.deepEqual(events.reasons, []);
});

test('C4 R8 the quiet refresh fails for the moment: the session is restored as soon as it can be', async (t) => {
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  await server.logIn(jar);
  server.refreshAnswers.push(() => ({ status: 503 }));
  const { auth, events } = start(t, server, jar);
  await auth.ready();
  await events.until('signedin');
  assert.equal(auth.state, 'signed-in');
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.deepEqual(events.reasons, []);
});

test('C3 C4 nothing secret is stored, not even when it is handed in', async (t) => {
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const storage = new MapStorage();
  const { auth } = start(t, server, jar, storage);
  const answer = { ...(await server.logIn(jar)), refreshToken: 'canary-refresh' };
  await auth.setTokens(answer as TokenResponse);
  await auth.refresh();
  const record = JSON.parse(storage.record ?? '') as Record<string, unknown>;
  const known = ['version', 'session', 'generation', 'received', 'deadline'];
  for (const name of Object.keys(record)) assert.ok(known.includes(name), name);
  for (const request of server.requests) assert.doesNotMatch(JSON.stringify(request), /canary/);
});

test('C4 tabs take turns: each with the newest cookie, no session is lost', async (t) => {
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const storage = new MapStorage();
  const first = start(t, server, jar, storage);
  await first.auth.setTokens(await server.logIn(jar));
  const second = start(t, server, jar, storage);
  assert.equal(await second.auth.ready(), 'signed-in');
  // Each refresh makes the other tab's access token void at this server.
  for (let i = 0; i < 4; i++) {
    for (const { auth } of [first, second]) {
      assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    }
  }
  assert.deepEqual([...first.events.reasons, ...second.events.reasons], []);
});

test('L1 C4 sign-out tells the server with the cookie; a reload stays signed out', async (t) => {
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const storage = new MapStorage();
  const { auth, events } = start(t, server, jar, storage);
  await auth.setTokens(await server.logIn(jar));
  await auth.signOut();
  const [logout] = server.to('/logout');
  assert.match(logout?.headers.cookie ?? '', /refresh=/);
  assert.equal(logout?.headers['x-csrf'], '1');
  assert.deepEqual(events.reasons, ['signed_out']);
  assert.equal(storage.map.size, 0);
  assert.equal(await start(t, server, jar, storage).auth.ready(), 'signed-out');
});
