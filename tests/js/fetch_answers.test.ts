// F6, F7: one retry, and no answer but the server's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAuthClient } from 'bearerkit';

import { startAuthServer, UNAUTHORIZED_BODY } from './support/auth_server.ts';
import { signIn } from './support/client.ts';
import type { Answer } from './support/http_server.ts';

const ORIGIN = 'https://api.example.com';

test('F6 exactly one retry: a second 401 is delivered', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.route('/api/never', ({ headers }) => ({ status: 401, body: headers.authorization ?? '' }));
  const response = await auth.fetchWithAuth(server.url('/api/never'));
  assert.equal(response.status, 401);
  assert.equal(await response.text(), `Bearer ${server.accessToken}`, 'that of the second attempt');
  assert.equal(server.to('/api/never').length, 2);
  assert.equal(server.refreshes.length, 1);
  assert.equal(auth.state, 'signed-in');
});

for (const second of [200, 204, 403, 404, 429, 500, 503]) {
  test(`F6 the second answer is delivered whatever it is: ${second}`, async (t) => {
    const server = await startAuthServer(t);
    const { auth } = await signIn(t, server);
    let calls = 0;
    server.route('/api/a', () => ({ status: ++calls === 1 ? 401 : second }));
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, second);
    assert.equal(calls, 2);
    assert.equal(server.refreshes.length, 1);
  });
}

test('F6 the retry fails on the network: that error is delivered', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  let calls = 0;
  server.route('/api/a', (): Answer => (++calls === 1 ? { status: 401 } : { fault: 'reset' }));
  await assert.rejects(
    auth.fetchWithAuth(server.url('/api/a'), { method: 'POST', body: 'x' }),
    TypeError,
  );
  assert.equal(calls, 2);
});

test('F6 other answers are never sent again', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  for (const status of [200, 201, 204, 304, 400, 402, 403, 404, 405, 418, 429, 500, 502, 503]) {
    server.route('/api/a', () => ({ status }));
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, status);
  }
  assert.equal(server.calls.length, 14);
  assert.equal(server.refreshes.length, 0);
});

test("F7 a refresh that fails: the caller gets the server's own 401, its body unread", async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.expire();
  server.refreshAnswers.push(() => ({ status: 503 }));
  const response = await auth.fetchWithAuth(server.url('/api/me'));
  assert.equal(response.status, 401);
  assert.equal(response.bodyUsed, false);
  assert.match(response.headers.get('www-authenticate') ?? '', /invalid_token/);
  assert.equal(response.url, server.url('/api/me'));
  assert.equal(await response.text(), UNAUTHORIZED_BODY);
  assert.equal(server.calls.length, 1);
});

test('F7 the very 401 Response object, for each of those who waited', async (t) => {
  const given: Response[] = [];
  const auth = createAuthClient({
    origins: [ORIGIN],
    refresh: () => Promise.reject(new Error('down')),
    fetch: () => {
      const response = new Response('body', { status: 401 });
      given.push(response);
      return Promise.resolve(response);
    },
  });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'a', refresh_token: 'r' });
  const responses = await Promise.all([1, 2, 3].map(() => auth.fetchWithAuth(`${ORIGIN}/a`)));
  assert.equal(given.length, 3);
  for (const [i, response] of responses.entries()) {
    assert.equal(response, given[i]);
    assert.equal(response.bodyUsed, false);
    assert.equal(response.body?.locked, false);
  }
});

test('F7 a network error is the caller’s: no refresh, no retry, the very error', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.route('/api/a', () => ({ fault: 'reset' }));
  const expected = await fetch(server.url('/api/a'), { method: 'POST', body: 'x' }).catch(
    (e: unknown) => e,
  );
  const seen = await auth
    .fetchWithAuth(server.url('/api/a'), { method: 'POST', body: 'x' })
    .catch((e: unknown) => e);
  assert.ok(seen instanceof TypeError && expected instanceof TypeError);
  assert.equal(seen.message, expected.message);
  assert.equal(server.to('/api/a').length, 2);
  assert.equal(server.refreshes.length, 0);
  assert.equal(auth.state, 'signed-in');
});

test('F7 terminal: the 401 that waited is delivered, and the next call is plain', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  server.expire();
  server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
  const states: string[] = [];
  const response = await auth.fetchWithAuth(server.url('/api/me'));
  states.push(auth.state);
  assert.equal(response.status, 401);
  assert.equal(await response.text(), UNAUTHORIZED_BODY);
  assert.deepEqual(states, ['signed-out']);
  assert.deepEqual(events.reasons, ['refresh_rejected']);
  assert.equal((await auth.fetchWithAuth(server.url('/api/me'))).status, 401);
  assert.equal(server.calls.at(-1)?.token, undefined);
  assert.equal(server.refreshes.length, 1);
});

test('F7 a fetch that throws, or gives no promise, harms nobody', async (t) => {
  const failure = new Error('not a promise');
  let calls = 0;
  const auth = createAuthClient({
    origins: [ORIGIN],
    fetch: () => {
      if (++calls === 1) throw failure;
      return Promise.resolve(new Response('ok'));
    },
  });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'a' });
  await assert.rejects(auth.fetchWithAuth(`${ORIGIN}/a`), (error) => error === failure);
  assert.equal((await auth.fetchWithAuth(`${ORIGIN}/a`)).status, 200);
});
