// R6, R8: what ends a session, and what does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AuthError, type RefreshFailure } from 'bearerkit';

import { startAuthServer, UNAUTHORIZED_BODY } from './support/auth_server.ts';
import { Clock, signIn } from './support/client.ts';
import type { Answer } from './support/http_server.ts';
import { settled, turns } from './support/wait.ts';

const TRANSIENT: Record<string, () => Answer> = {
  '503': () => ({ status: 503 }),
  '500 with JSON': () => ({ status: 500, json: { error: 'server_error' } }),
  '502 with HTML': () => ({
    status: 502,
    headers: { 'Content-Type': 'text/html' },
    body: '<html>',
  }),
  '503 that says invalid_grant': () => ({ status: 503, json: { error: 'invalid_grant' } }),
  '429': () => ({ status: 429 }),
  '429 that says invalid_grant': () => ({ status: 429, json: { error: 'invalid_grant' } }),
  '408': () => ({ status: 408 }),
  '425': () => ({ status: 425 }),
  '404 with HTML': () => ({ status: 404, body: '<html>' }),
  '400 with HTML': () => ({ status: 400, body: '<html>invalid_grant</html>' }),
  '400 with another error': () => ({ status: 400, json: { error: 'invalid_request' } }),
  '403 without a body': () => ({ status: 403 }),
  '404 with JSON': () => ({ status: 404, json: { message: 'no such route' } }),
  ...Object.fromEntries(
    ['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'].map(
      (error) => [`400 ${error}`, () => ({ status: 400, json: { error } })],
    ),
  ),
  '401 invalid_client': () => ({ status: 401, json: { error: 'invalid_client' } }),
  'a 200 without a token': () => ({ json: { ok: true } }),
  'a 200 that says temporarily_unavailable': () => ({ json: { error: 'temporarily_unavailable' } }),
  '401 with HTML': () => ({
    status: 401,
    headers: { 'Content-Type': 'text/html' },
    body: '<html>Sign in</html>',
  }),
  'captive portal, HTML with status 200': () => ({
    headers: { 'Content-Type': 'text/html' },
    body: '<!doctype html><title>Welcome to the hotel</title>',
  }),
  'captive portal, a redirect to its page': () => ({
    status: 302,
    headers: { Location: '/portal' },
  }),
  'an empty 200': () => ({ body: '' }),
  'broken JSON': () => ({ body: '{"access_token":' }),
  'a connection that breaks': () => ({ fault: 'reset' }),
};

for (const [what, answer] of Object.entries(TRANSIENT)) {
  test(`R8 ${what}: the session is kept, the caller gets the server's 401, and it recovers by itself`, async (t) => {
    const server = await startAuthServer(t);
    const { auth, events } = await signIn(t, server);
    server.expire();
    server.refreshAnswers.push(answer);
    const calls = [1, 2, 3].map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
    for (const call of calls) {
      const response = await settled(call, 'a call');
      assert.equal(response.status, 401);
      assert.equal(await response.text(), UNAUTHORIZED_BODY);
    }
    assert.equal(auth.state, 'signed-in');
    assert.deepEqual(events.reasons, []);
    const [failed] = events.of('refreshfailed');
    assert.ok(
      failed && failed.retryAt >= Date.now() - 10_000 && failed.retryAt <= Date.now() + 60_000,
    );
    await events.until('refreshed');
    assert.equal((await auth.fetchWithAuth(server.url('/api/again'))).status, 200);
    assert.equal(auth.state, 'signed-in');
  });
}

const FINAL = [
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  'mfa_required',
  'account_selection_required',
];
const TERMINAL: Record<string, () => Answer> = {
  ...Object.fromEntries(
    FINAL.map((error) => [`400 ${error}`, () => ({ status: 400, json: { error } })]),
  ),
  '400 invalid_grant, its description cut inside an emoji': () => ({
    status: 400,
    body: String.raw`{"error":"invalid_grant","error_description":"no \ud83e"}`,
  }),
  '200 invalid_grant': () => ({ json: { error: 'invalid_grant' } }),
  '403 invalid_grant': () => ({ status: 403, json: { error: 'invalid_grant' } }),
  '401 with JSON of its own': () => ({ status: 401, json: { message: 'Refresh token expired' } }),
  '401 with an empty body': () => ({ status: 401 }),
  '401 with text': () => ({ status: 401, body: 'Unauthorized' }),
};

for (const [what, answer] of Object.entries(TERMINAL)) {
  test(`R6 ${what}: the session is over, reason refresh_rejected`, async (t) => {
    const server = await startAuthServer(t);
    const { auth, events } = await signIn(t, server);
    server.expire();
    server.refreshAnswers.push(answer);
    const calls = [1, 2, 3].map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
    for (const call of calls) {
      const response = await call;
      assert.equal(response.status, 401);
      assert.equal(await response.text(), UNAUTHORIZED_BODY);
    }
    assert.equal(auth.state, 'signed-out');
    assert.equal(auth.claims, null);
    assert.deepEqual(events.reasons, ['refresh_rejected']);
    assert.equal(await auth.getAccessToken(), null);
    await assert.rejects(auth.refresh(), { code: 'signed_out' });
    assert.equal(server.refreshes.length, 1, 'never asked again');
  });
}

test('R6 refresh() of a session that the server refuses rejects with its reason', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
  await assert.rejects(auth.refresh(), (error) => {
    assert.ok(error instanceof AuthError);
    assert.equal(error.code, 'refresh_rejected');
    assert.equal(error.reason, 'refresh_rejected');
    return true;
  });
});

test('R6 the app can override the classification, both ways', async (t) => {
  const server = await startAuthServer(t);
  const seen: RefreshFailure[] = [];
  let verdict: 'transient' | 'terminal' | undefined;
  const refresh = {
    url: server.url('/refresh'),
    classify: (failure: RefreshFailure) => {
      seen.push(failure);
      return verdict;
    },
  };
  const { auth, events } = await signIn(t, server, { refresh });
  const answer = (status: number, json: unknown): number =>
    server.refreshAnswers.push(() => ({ status, json }));

  verdict = 'transient';
  answer(400, { error: 'invalid_grant', more: 1 });
  await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
  assert.deepEqual(seen.at(-1), {
    status: 400,
    error: 'invalid_grant',
    body: { error: 'invalid_grant', more: 1 },
  });

  server.refreshAnswers.push(() => ({ status: 500, body: '<html>' }));
  await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
  assert.deepEqual(seen.at(-1), { status: 500, error: undefined, body: '<html>' });

  const before = seen.length;
  await auth.refresh();
  assert.equal(seen.length, before, 'not heard on a success');

  verdict = 'terminal';
  answer(419, { message: 'session expired' });
  await assert.rejects(auth.refresh(), { code: 'refresh_rejected' });
  assert.deepEqual(events.reasons, ['refresh_rejected']);

  await auth.setTokens(server.signIn());
  verdict = undefined;
  answer(400, { error: 'invalid_grant' });
  await assert.rejects(
    auth.refresh(),
    { code: 'refresh_rejected' },
    'undefined leaves it to the rules',
  );
});

test('R6 a classify that throws never ends a session by that', async (t) => {
  const server = await startAuthServer(t);
  const classify = (): never => {
    throw new Error('mine');
  };
  const { auth } = await signIn(t, server, { refresh: { url: server.url('/refresh'), classify } });
  server.refreshAnswers.push(
    () => ({ status: 503 }),
    () => ({ status: 500, body: '<html>' }),
  );
  await assert.rejects(settled(auth.refresh(), 'the first'), { code: 'refresh_failed' });
  await assert.rejects(settled(auth.refresh(), 'the second'), { name: 'AuthError' });
  await auth.refresh();
  assert.equal(auth.state, 'signed-in');
});

for (const [form, value, margin] of [
  ['seconds', () => '120', 1000],
  ['a date', () => new Date(Date.now() + 120_000).toUTCString(), 3000],
] as const) {
  test(`R8 429 with Retry-After in ${form}: honoured`, async (t) => {
    const server = await startAuthServer(t);
    const clock = new Clock();
    const { auth, events } = await signIn(t, server, { clock });
    server.expire();
    server.refreshAnswers.push(() => ({ status: 429, headers: { 'Retry-After': value() } }));
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 401);
    const [failed] = events.of('refreshfailed');
    assert.ok(failed);
    const wait = failed.retryAt - Date.now();
    assert.ok(wait > 120_000 - 20_000 && wait <= 120_000 + margin, `waits ${wait}`);
    // Not before its time: calls get the server's own answer, and nobody asks again.
    for (let i = 0; i < 5; i++)
      assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 401);
    assert.equal(server.refreshes.length, 1);
    clock.advance(130);
    assert.equal((await auth.fetchWithAuth(server.url('/api/c'))).status, 200);
    assert.equal(server.refreshes.length, 2);
  });
}

test('R8 Retry-After as a date is measured against the Date of the server (E5)', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  const at = (seconds: number): string =>
    new Date(Date.UTC(2001, 0, 1, 0, 0, seconds)).toUTCString();
  server.refreshAnswers.push(() => ({
    status: 503,
    headers: { Date: at(0), 'Retry-After': at(40) },
  }));
  await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
  const wait = (events.of('refreshfailed')[0]?.retryAt ?? 0) - Date.now();
  assert.ok(wait > 20_000 && wait <= 40_000, `waits ${wait}`);
});

test('R8 a token that is still good is used while the refresh fails', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 100 });
  const clock = new Clock();
  const { auth, events } = await signIn(t, server, { clock, refreshMargin: 25 });
  clock.advance(80);
  server.refreshAnswers.push(() => ({ status: 503, headers: { 'Retry-After': '60' } }));
  for (let i = 0; i < 3; i++)
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  await events.until('refreshfailed');
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.equal(await auth.getAccessToken(), server.accessToken);
  assert.equal(server.refreshes.length, 1);
});

test('R8 failures back off: after many of them there is no storm', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  server.expire();
  server.route('/refresh', () => ({ status: 503 }));
  const end = performance.now() + 1500;
  let calls = 0;
  while (performance.now() < end) {
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 401);
    calls++;
    await turns(1);
  }
  assert.ok(calls > 10);
  // Full jitter may be short a few times; that it grows is what counts.
  assert.ok(server.refreshes.length <= 12, `${server.refreshes.length} refreshes`);
  assert.equal(events.count('refreshfailed'), server.refreshes.length);
  assert.equal(auth.state, 'signed-in');
});

test('R8 refresh() tells when the next attempt is allowed', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.refreshAnswers.push(() => ({ status: 503, headers: { 'Retry-After': '50' } }));
  await assert.rejects(auth.refresh(), (error) => {
    assert.ok(error instanceof AuthError && error.retryAt !== undefined);
    assert.ok(error.retryAt > Date.now() + 30_000);
    return true;
  });
});
