import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { onEachDatabase } from './support/databases.ts';
import {
  ADA,
  assertRefused,
  callApi,
  claimsOf,
  jsonOf,
  logIn,
  postForm,
  postJson,
  refreshed,
} from './support/requests.ts';
import { startServer } from './support/server.ts';

const PASSWORD_GRANT = {
  grant_type: 'password',
  client_id: 'demo',
  username: ADA.email,
  password: ADA.password,
};

onEachDatabase('V1 sign-in', (database) => {
  test('V1 login gives tokens that open the protected resource', async (t) => {
    const { origin } = await startServer(t, database());
    const response = await postJson(`${origin}/auth/login`, ADA);
    assert.equal(response.status, 200);
    const body = await jsonOf(response);
    assert.deepEqual(Object.keys(body).sort(), ['accessToken', 'expiresIn', 'refreshToken']);
    assert.equal(body['expiresIn'], 900);
    const answer = await callApi(origin, String(body['accessToken']));
    assert.equal(answer.status, 200);
    assert.match(String((await jsonOf(answer))['message']), /Ada Łovelace 🦊 李/);
    const me = await jsonOf(await callApi(origin, String(body['accessToken']), '/api/me'));
    assert.equal(me['email'], ADA.email);
    assert.equal(me['role'], 'user');
  });

  test('V2 the access token says who, for whom, from when to when and which session', async (t) => {
    const { origin, now } = await startServer(t, database(), { accessTokenSeconds: 900 });
    const claims = claimsOf((await logIn(origin)).accessToken);
    const { iss, aud, sub, iat, exp, jti, email, name, role, sid } = claims;
    for (const text of [iss, aud, sub, jti, sid])
      assert.ok(typeof text === 'string' && text !== '');
    assert.deepEqual(
      { email, name, role },
      { email: ADA.email, name: 'Ada Łovelace 🦊 李', role: 'user' },
    );
    assert.ok(typeof iat === 'number' && typeof exp === 'number');
    assert.equal(exp - iat, 900);
    assert.ok(Math.abs(iat - now() / 1000) < 5);
  });

  test('V1 the email is taken in any letter case, the password is not', async (t) => {
    const { origin } = await startServer(t, database());
    await logIn(origin, { ...ADA, email: ' Ada@Example.COM' });
    const response = await postJson(`${origin}/auth/login`, {
      ...ADA,
      password: ADA.password.toUpperCase(),
    });
    assert.equal(response.status, 401);
  });

  test('V2 an unknown user and a wrong password get the same answer, after the same work', async (t) => {
    const { origin } = await startServer(t, database());
    const attempt = async (email: string) => {
      const start = performance.now();
      const response = await postJson(`${origin}/auth/login`, { email, password: 'wrong' });
      return {
        status: response.status,
        body: await response.text(),
        ms: performance.now() - start,
      };
    };
    // The quicker of a few: what a busy machine adds is no part of the work.
    const quickest = async (email: string) => {
      const attempts = [await attempt(email), await attempt(email), await attempt(email)];
      return attempts.reduce((best, next) => (next.ms < best.ms ? next : best));
    };
    const [wrong, unknown] = [await quickest(ADA.email), await quickest('nobody@example.com')];
    assert.equal(wrong.status, 401);
    assert.deepEqual([unknown.status, unknown.body], [wrong.status, wrong.body]);
    // Without the work it would be a fiftieth.
    assert.ok(unknown.ms > wrong.ms / 5, `${unknown.ms} ms against ${wrong.ms} ms`);
  });

  test('V2 passwords are stored as salted scrypt, each with a salt of its own', async () => {
    const rows = await database().query<{ hash: string }>(
      'select password_hash as hash from users',
    );
    assert.equal(rows.length, 2);
    assert.equal(new Set(rows.map(({ hash }) => hash)).size, 2, 'the same password, two hashes');
    for (const { hash } of rows)
      assert.match(hash, /^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/);
  });

  test('V1 logout ends the session, its access tokens too, and may be repeated', async (t) => {
    const { origin } = await startServer(t, database());
    const { accessToken, refreshToken } = await logIn(origin);
    for (const token of [refreshToken, refreshToken, 'never-was']) {
      assert.equal((await postJson(`${origin}/auth/logout`, { refreshToken: token })).status, 204);
    }
    assert.equal((await callApi(origin, accessToken)).status, 401);
    await assertRefused(origin, refreshToken);
  });

  test('V1 logout with a token that was rotated meanwhile ends the session all the same', async (t) => {
    const { origin } = await startServer(t, database());
    const first = await logIn(origin);
    const second = await refreshed(origin, first.refreshToken);
    await postJson(`${origin}/auth/logout`, { refreshToken: first.refreshToken });
    await assertRefused(origin, second.refreshToken);
    assert.equal((await callApi(origin, second.accessToken)).status, 401);
  });

  test('V1 echo tells exactly which body arrived', async (t) => {
    const { origin } = await startServer(t, database());
    const { accessToken } = await logIn(origin);
    const headers = { Authorization: `Bearer ${accessToken}` };
    const bytes = Buffer.from('José 🦊 李');
    for (const method of ['POST', 'PUT']) {
      const response = await fetch(`${origin}/api/echo`, {
        method,
        headers: { ...headers, 'Content-Type': 'x/y' },
        body: bytes,
      });
      assert.deepEqual(await jsonOf(response), {
        method,
        contentType: 'x/y',
        length: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        text: 'José 🦊 李',
      });
    }
    const large = Buffer.alloc(5 * 1024 * 1024, 7);
    const big = await fetch(`${origin}/api/echo`, { method: 'POST', headers, body: large });
    const { length, sha256, text } = await jsonOf(big);
    assert.deepEqual(
      [length, sha256, text],
      [large.length, createHash('sha256').update(large).digest('hex'), null],
    );
    const tooBig = await fetch(`${origin}/api/echo`, {
      method: 'POST',
      headers,
      body: Buffer.alloc(large.length + 1),
    });
    assert.equal(tooBig.status, 413);
    assert.equal((await fetch(`${origin}/api/echo`, { method: 'POST', body: 'x' })).status, 401);
    const empty = await jsonOf(await fetch(`${origin}/api/echo`, { method: 'POST', headers }));
    assert.equal(empty['length'], 0);
  });

  test('V1 OAuth: the password grant and the refresh grant answer as RFC 6749 §5.1 says', async (t) => {
    const { origin } = await startServer(t, database());
    const login = await postForm(`${origin}/oauth/token`, PASSWORD_GRANT);
    assert.equal(login.status, 200);
    assert.equal(login.headers.get('Cache-Control'), 'no-store');
    assert.equal(login.headers.get('Pragma'), 'no-cache');
    const first = await jsonOf(login);
    assert.deepEqual(Object.keys(first).sort(), [
      'access_token',
      'expires_in',
      'refresh_token',
      'token_type',
    ]);
    assert.equal(first['token_type'], 'Bearer');
    assert.equal(first['expires_in'], 900);
    const fields = {
      grant_type: 'refresh_token',
      client_id: 'demo',
      refresh_token: String(first['refresh_token']),
    };
    // The same endpoint by its other name: the body tells the dialect, not the address.
    for (const route of ['/oauth/token', '/auth/refresh']) {
      const again = await jsonOf(await postForm(`${origin}${route}`, fields));
      assert.equal((await callApi(origin, String(again['access_token']))).status, 200);
    }
  });

  test('V1 OAuth: errors answer as RFC 6749 §5.2 says', async (t) => {
    const { origin } = await startServer(t, database());
    const refresh = { grant_type: 'refresh_token', client_id: 'demo', refresh_token: 'never-was' };
    const cases: [fields: Record<string, string> | [string, string][], error: string][] = [
      [refresh, 'invalid_grant'],
      [{ ...PASSWORD_GRANT, password: 'wrong' }, 'invalid_grant'],
      [{ ...PASSWORD_GRANT, password: '' }, 'invalid_request'],
      [{ ...refresh, refresh_token: '' }, 'invalid_request'],
      [{ client_id: 'demo' }, 'invalid_request'],
      [{ ...refresh, grant_type: 'authorization_code' }, 'unsupported_grant_type'],
      [{ ...refresh, client_id: 'other' }, 'invalid_client'],
      [[...Object.entries(refresh), ['refresh_token', 'twice']], 'invalid_request'],
    ];
    for (const [fields, error] of cases) {
      const response = await postForm(`${origin}/oauth/token`, fields);
      assert.deepEqual([response.status, (await jsonOf(response))['error']], [400, error]);
      assert.equal(response.headers.get('Cache-Control'), 'no-store');
    }
    const basic = await fetch(`${origin}/oauth/token`, {
      method: 'POST',
      headers: { Authorization: 'Basic ZGVtbzo=' },
      body: new URLSearchParams(refresh),
    });
    assert.equal(basic.status, 401);
    assert.match(basic.headers.get('WWW-Authenticate') ?? '', /^Basic /);
  });

  test('V1 a malformed body is a 400 in JSON', async (t) => {
    const { origin } = await startServer(t, database());
    const send = (body: string, type: string) =>
      fetch(`${origin}/auth/login`, { method: 'POST', headers: { 'Content-Type': type }, body });
    const json = 'application/json';
    for (const [body, type] of [
      ['{"email":', json],
      ['[]', json],
      ['null', json],
      ['{"email":1,"password":true}', json],
      ['', json],
    ] as const) {
      const response = await send(body, type);
      assert.equal(response.status, 400, body);
      assert.equal((await jsonOf(response))['error'], 'invalid_request');
    }
    assert.equal((await send(JSON.stringify({ email: 'x'.repeat(20_000) }), json)).status, 413);
    assert.equal((await send('{}', 'application/json; charset=klingon')).status, 415);
  });

  test('V1 health, and a 404 in JSON for what is not there', async (t) => {
    const { origin } = await startServer(t, database());
    assert.deepEqual(await jsonOf(await fetch(`${origin}/healthz`)), { status: 'ok' });
    const missing = await fetch(`${origin}/nothing/%E0%A4%A`);
    assert.ok(missing.status === 404 || missing.status === 400);
    assert.equal((await fetch(`${origin}/nothing`)).status, 404);
  });
});
