// E4, E6, E7, R11, R12: a session's deadline and what happens around it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAuthClient } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { Clock, Events, signIn, YEAR } from './support/client.ts';
import { makeJwt } from './support/tokens.ts';
import { Gate, turns, until } from './support/wait.ts';

const seconds = (): number => Math.floor(Date.now() / 1000);

test('E4 expires_in counts from receipt and goes before the claims', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 100, claims: () => ({ iat: 0, exp: 10 }) });
  const clock = new Clock();
  const { auth } = await signIn(t, server, { clock });
  clock.advance(70);
  await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(server.refreshes.length, 0, 'the margin is at most a quarter of its life');
  clock.advance(31);
  await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(server.refreshes.length, 1);
  assert.equal(server.calls.length, 2, 'nothing was sent in vain');
});

test('E4 a numeric string is taken for expires_in, too', async (t) => {
  const server = await startAuthServer(t);
  const clock = new Clock();
  const { auth } = await signIn(t, server, { clock });
  await auth.setTokens({ ...server.tokens('oauth'), expires_in: '100' });
  clock.advance(101);
  await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(server.refreshes.length, 1);
});

test('E4 without expires_in: receipt + (exp − iat), whatever the clocks say', async (t) => {
  const server = await startAuthServer(t, { claims: () => ({ iat: 1_000, exp: 1_100 }) });
  const clock = new Clock();
  const { auth } = await signIn(t, server, { clock });
  clock.advance(70);
  await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(server.refreshes.length, 0);
  clock.advance(31);
  await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(server.refreshes.length, 1);
});

test('E4 with exp alone: that, by the clock', async (t) => {
  const server = await startAuthServer(t, { claims: () => ({ exp: seconds() + 200 }) });
  const clock = new Clock();
  const { auth } = await signIn(t, server, { clock });
  clock.advance(140);
  await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(server.refreshes.length, 0);
  clock.advance(61);
  await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(server.refreshes.length, 1);
});

test('E4 E5 with exp alone and a wrong clock: corrected by the Date of the server, once it is known', async (t) => {
  for (const years of [-5, 5]) {
    const server = await startAuthServer(t, { claims: () => ({ exp: seconds() + 200 }) });
    const clock = new Clock();
    clock.advance(years * YEAR);
    const { auth } = await signIn(t, server, { clock });
    await auth.refresh();
    clock.advance(140);
    await auth.fetchWithAuth(server.url('/api/a'));
    assert.equal(server.refreshes.length, 1);
    clock.advance(61);
    server.expire();
    assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 200);
    assert.equal(server.refreshes.length, 2);
    assert.equal(server.to('/api/b').length, 1, 'refreshed before, and not after a 401');
  }
});

test('E4 D9 an opaque token without expires_in: only a 401 tells', async (t) => {
  const server = await startAuthServer(t);
  const clock = new Clock();
  const { auth } = await signIn(t, server, { clock });
  clock.advance(1e9);
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.equal(server.refreshes.length, 0);
  assert.equal(auth.claims, null);
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.equal(server.refreshes.length, 1);
});

test('E6 a 401 overrides the clock', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 3600 });
  const { auth } = await signIn(t, server);
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.equal(server.refreshes.length, 1);
});

for (const expiresIn of [0, 0.5, 1, 5, 29]) {
  test(`E7 expires_in of ${expiresIn} s, shorter than the margin, makes no loop`, async (t) => {
    const server = await startAuthServer(t, { expiresIn });
    const frozen = Date.now();
    const { auth } = await signIn(t, server, { clock: { now: () => frozen }, refreshMargin: 30 });
    for (let i = 0; i < 20; i++) {
      assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    }
    await turns();
    assert.equal(server.refreshes.length, 0);
    server.expire();
    for (let i = 0; i < 20; i++) {
      assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    }
    assert.equal(server.refreshes.length, 1);
  });
}

test('R11 inside the margin the request goes at once, and one refresh starts beside it', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 100 });
  const clock = new Clock();
  const { auth, events } = await signIn(t, server, { clock, refreshMargin: 25 });
  const old = server.accessToken;
  clock.advance(80);
  const gate = new Gate();
  server.refreshAnswers.push(async () => {
    await gate.pass();
    server.rotate();
    return { json: server.tokens('oauth') };
  });
  const calls = [1, 2, 3].map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
  await gate.until(1);
  for (const call of calls) assert.equal((await call).status, 200);
  assert.ok(server.calls.slice(0, 3).every(({ token }) => token === old));
  assert.equal(server.refreshes.length, 1);
  gate.open();
  await events.until('refreshed');
  await auth.fetchWithAuth(server.url('/api/next'));
  assert.equal(server.calls.at(-1)?.token, server.accessToken);
  assert.equal(server.refreshes.length, 1);
});

test('R11 expired, and the refresh fails for the moment: sent with the token it has', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 100 });
  const clock = new Clock();
  const { auth } = await signIn(t, server, { clock });
  clock.advance(101);
  server.refreshAnswers.push(() => ({ status: 503, headers: { 'Retry-After': '60' } }));
  // By the server's clock it is still good.
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.equal(server.calls[0]?.token, server.accessToken);
  await assert.rejects(auth.getAccessToken(), { name: 'AuthError', code: 'refresh_failed' });
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 401);
  assert.equal(server.refreshes.length, 1);
});

test('R11 expired, and the session ends: sent without a token', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 100 });
  const clock = new Clock();
  const { auth, events } = await signIn(t, server, { clock });
  clock.advance(101);
  server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
  const response = await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(response.status, 401);
  assert.deepEqual(server.calls, [{ path: '/api/a', token: undefined }]);
  assert.deepEqual(events.reasons, ['refresh_rejected']);
});

test('R11 the leeway counts', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 100 });
  const clock = new Clock();
  const { auth, events } = await signIn(t, server, { clock, leeway: 60, refreshMargin: 0 });
  const { accessToken } = server;
  clock.advance(150);
  // Past its end, but inside the leeway: a refresh starts beside.
  assert.equal(await auth.getAccessToken(), accessToken);
  await events.until('refreshed');
  await auth.setTokens(server.signIn());
  clock.advance(161);
  assert.equal(await auth.getAccessToken(), server.accessToken);
  assert.equal(server.refreshes.length, 2);
  assert.equal(server.calls.length, 0);
});

test('R11 no background timer by default; keepAlive refreshes ahead', async (t) => {
  const idle = await startAuthServer(t, { expiresIn: 0.3 });
  await signIn(t, idle);
  const busy = await startAuthServer(t, { expiresIn: 0.3 });
  await signIn(t, busy, { keepAlive: true });
  await until(() => busy.refreshes.length >= 3, 'three refreshes ahead of the end');
  assert.equal(idle.refreshes.length, 0);
});

test('R12 an access token alone: the session ends with it, reason expired', async (t) => {
  const server = await startAuthServer(t);
  for (const [what, tokens] of [
    ['at its end by the timer', { access_token: 'a', expires_in: 0.05 }],
    ['by the claims', { access_token: makeJwt({ iat: 0, exp: 0.05 }) }],
  ] as const) {
    const { auth, events } = await signIn(t, server);
    await auth.setTokens(tokens);
    assert.equal(auth.state, 'signed-in', what);
    await events.until('signedout');
    assert.deepEqual(events.reasons, ['expired'], what);
    assert.equal(auth.state, 'signed-out', what);
  }
  assert.equal(server.refreshes.length, 0);
});

test('R12 an access token alone: at use after its end, sent plain', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 100 });
  const clock = new Clock();
  const { auth, events } = await signIn(t, server, { clock });
  await auth.setTokens(server.tokens('oauth', false));
  clock.advance(101);
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 401);
  assert.deepEqual(server.calls, [{ path: '/api/a', token: undefined }]);
  await events.until('signedout');
  assert.deepEqual(events.reasons, ['expired']);
});

test('R12 an access token alone: ended by the first 401 that calls for a refresh, and by no other', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  await auth.setTokens(server.tokens('oauth', false));
  server.route('/api/scope', () => ({
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
  }));
  await auth.fetchWithAuth(server.url('/api/scope'));
  assert.equal(auth.state, 'signed-in');
  await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
  assert.equal(auth.state, 'signed-in', 'E6 the token may be good');
  server.expire();
  const response = await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(response.status, 401);
  assert.equal(server.to('/api/a').length, 1);
  await events.until('signedout');
  assert.deepEqual(events.reasons, ['expired']);
  assert.equal(server.refreshes.length, 0);
});

test('R12 a refresh token that nothing can be done with is the same', async (t) => {
  const server = await startAuthServer(t);
  const auth = createAuthClient({ origins: [server.origin] });
  t.after(() => auth.close());
  const events = new Events(auth);
  await auth.setTokens(server.signIn());
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 401);
  await events.until('signedout');
  assert.deepEqual(events.reasons, ['expired']);
});
