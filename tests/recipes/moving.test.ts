// The code of the guides for moving over, before and after: that it does the same, and what the
// guides say of where it does not.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AxiosInstance } from 'axios';

import { type AuthServer, startAuthServer } from '../js/support/auth_server.ts';
import { makeJwt, rawJwt, toBase64url } from '../js/support/tokens.ts';
import * as axiosBefore from './code/moving/axios_auth_refresh_before.ts';
import * as jwtAfter from './code/moving/jwt_decode_after.ts';
import * as jwtBefore from './code/moving/jwt_decode_before.ts';
import * as wrapperBefore from './code/moving/wrapper_before.ts';
import { asPage } from './support/page.ts';

/** A page of the server, with ada's tokens where code without bearerkit keeps them. */
async function startPage(t: TestContext): Promise<AuthServer> {
  const server = await startAuthServer(t);
  asPage(t, server.origin);
  const { accessToken, refreshToken } = server.signIn('json');
  localStorage.setItem('access', String(accessToken));
  localStorage.setItem('refresh', String(refreshToken));
  return server;
}

const statuses = (results: PromiseSettledResult<{ status: number }>[]): unknown[] =>
  results.map((result) => (result.status === 'fulfilled' ? result.value.status : 'failed'));

// ---- a wrapper of one's own ----

test('F1 the wrapper before and after: a refused call is sent again', async (t) => {
  const server = await startPage(t);
  server.expire();
  const init = { method: 'POST', body: 'text', headers: { 'X-Mine': '1' } };
  assert.equal((await wrapperBefore.fetchWithAuth('/api/a', init)).status, 200);

  const { auth, fetchWithAuth } = await import('./code/moving/wrapper_after.ts');
  t.after(() => auth.close());
  await auth.setTokens(server.signIn('json'));
  server.expire();
  assert.equal((await fetchWithAuth('/api/a', init)).status, 200);
  assert.deepEqual(
    server.to('/api/a').map(({ body, headers }) => [body.toString(), headers['x-mine']]),
    Array.from({ length: 4 }, () => ['text', '1']),
  );

  // The same module, and with it the same page: three calls at once.
  server.expire();
  const before = server.refreshes.length;
  const calls = ['/api/a', '/api/b', '/api/c'].map((url) => fetchWithAuth(url));
  assert.deepEqual(statuses(await Promise.allSettled(calls)), [200, 200, 200]);
  assert.equal(server.refreshes.length - before, 1);
});

test('R1 the wrapper before: calls that are refused together redeem one refresh token each, and all but one fail', async (t) => {
  const server = await startPage(t);
  server.expire();
  const calls = ['/api/a', '/api/b', '/api/c'].map((url) => wrapperBefore.fetchWithAuth(url));
  assert.deepEqual(statuses(await Promise.allSettled(calls)).toSorted(), [200, 'failed', 'failed']);
  assert.equal(server.refreshes.length, 3);
});

test('R8 the wrapper before: a server that is down for a moment signs the user out', async (t) => {
  const server = await startPage(t);
  server.expire();
  server.refreshAnswers.push(() => ({ status: 503 }));
  await assert.rejects(wrapperBefore.fetchWithAuth('/api/a'));
  assert.equal(localStorage.getItem('refresh'), null);
});

// ---- jwt-decode ----

test('D1 jwt-decode before and after: the same of any good token', () => {
  const future = Math.floor(Date.now() / 1000) + 60;
  for (const claims of [
    { name: 'Ada' },
    { name: 'José 🦊 李', exp: future },
    { name: '', exp: future - 120 },
    { name: '__proto__', exp: 1.5, nested: { a: [1, null] } },
  ]) {
    const token = makeJwt(claims, { alg: 'RS256', kid: 'key-1' });
    assert.deepEqual(jwtAfter.readToken(token), jwtBefore.readToken(token));
    assert.equal(jwtAfter.hasExpired(token), jwtBefore.hasExpired(token));
  }
});

test('D2 jwt-decode takes what is no token, and bearerkit says what is wrong with it', () => {
  const payload = '{"name":"Ad"}';
  const header = '{"alg":"RS256"}';
  const [head, body] = [toBase64url(header), toBase64url(payload)];
  const latin1 = Buffer.from('{"name":"Jos\u00e9"}', 'latin1');
  const wrong: [string, string][] = [
    ['malformed', `${head}.${body}`],
    ['invalid_base64url', `${head}.${body}==.c2ln`],
    ['invalid_utf8', rawJwt(header, latin1)],
    ['not_an_object', rawJwt(header, '["Ada"]')],
    ['invalid_numeric_date', rawJwt(header, '{"name":"Ada","exp":"soon"}')],
  ];
  for (const [code, token] of wrong) {
    assert.doesNotThrow(() => jwtBefore.hasExpired(token), code);
    assert.throws(() => jwtAfter.hasExpired(token), { name: 'JwtError', code });
  }
});

// ---- axios-auth-refresh ----

const getAll = (api: AxiosInstance): Promise<PromiseSettledResult<{ status: number }>[]> =>
  Promise.allSettled(['/api/a', '/api/b', '/api/c'].map((url) => api.get(url)));

test('R1 axios-auth-refresh before: of calls that are refused together only the first is sent again', async (t) => {
  const server = await startPage(t);
  const api = axiosBefore.createApi(server.origin);
  server.expire();
  assert.deepEqual(statuses(await getAll(api)).toSorted(), [200, 'failed', 'failed']);
  assert.equal(server.refreshes.length, 1);
});

test('R2 axios-auth-refresh before: a late 401 refreshes once more', async (t) => {
  const server = await startPage(t);
  const api = axiosBefore.createApi(server.origin);
  server.expire();
  const gate = server.hold('/api/late');
  const late = api.get('/api/late');
  await gate.until(1);
  await api.get('/api/a');
  gate.open();
  await late;
  assert.equal(server.refreshes.length, 2);
});

test('R1 axios after: calls that are refused together, and late, make one refresh', async (t) => {
  const server = await startPage(t);
  const { auth, createApi } = await import('./code/moving/axios_auth_refresh_after.ts');
  t.after(() => auth.close());
  const api = createApi(server.origin);
  await auth.setTokens(server.signIn('json'));
  server.expire();
  const gate = server.hold('/api/late');
  const late = api.get('/api/late');
  await gate.until(1);
  assert.deepEqual(statuses(await getAll(api)), [200, 200, 200]);
  gate.open();
  assert.equal((await late).status, 200);
  assert.equal(server.refreshes.length, 1);
});
