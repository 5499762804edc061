import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { Browser, SAME_ORIGIN } from './support/browser.ts';
import { onEachDatabase } from './support/databases.ts';
import { ADA, callApi, GRACE, jsonOf, logIn, postForm, postJson } from './support/requests.ts';
import { startServer } from './support/server.ts';

onEachDatabase('V5 headers and limits', (database) => {
  test('V5 CORS: listed origins get credentials and can read the challenge, others nothing', async (t) => {
    const server = await startServer(t, database(), { corsOrigins: ['https://app.example.com'] });
    const ask = (origin: string, method = 'GET') =>
      fetch(`${server.origin}/api/protected`, {
        method,
        headers: { Origin: origin, 'Access-Control-Request-Method': 'GET' },
      });
    const allowed = await ask('https://app.example.com');
    assert.equal(allowed.status, 401);
    assert.equal(allowed.headers.get('Access-Control-Allow-Origin'), 'https://app.example.com');
    assert.equal(allowed.headers.get('Access-Control-Allow-Credentials'), 'true');
    const exposed = (allowed.headers.get('Access-Control-Expose-Headers') ?? '').split(', ').sort();
    assert.deepEqual(exposed, ['Date', 'Retry-After', 'WWW-Authenticate']);

    const preflight = await ask('https://app.example.com', 'OPTIONS');
    assert.equal(preflight.status, 204);
    const names = preflight.headers.get('Access-Control-Allow-Headers') ?? '';
    for (const name of ['Authorization', 'Content-Type', 'X-CSRF']) assert.ok(names.includes(name));
    assert.match(preflight.headers.get('Access-Control-Allow-Methods') ?? '', /PUT, PATCH, DELETE/);

    for (const origin of ['https://app.example.com.evil.test', 'http://app.example.com', 'null']) {
      for (const method of ['GET', 'OPTIONS']) {
        const refused = await ask(origin, method);
        assert.equal(refused.headers.get('Access-Control-Allow-Origin'), null, origin);
        assert.equal(refused.headers.get('Vary'), 'Origin');
      }
    }
  });

  test('V5 no-store and the security headers are on every answer', async (t) => {
    const server = await startServer(t, database());
    const { accessToken } = await logIn(server.origin);
    const answers = [
      await callApi(server.origin, accessToken),
      await callApi(server.origin),
      await postJson(`${server.origin}/auth/refresh`, {}),
      await postJson(`${server.origin}/cookie/refresh`, {}),
      await fetch(`${server.origin}/nothing`),
    ];
    for (const { headers } of answers) {
      assert.equal(headers.get('Cache-Control'), 'no-store');
      assert.match(
        headers.get('Content-Security-Policy') ?? '',
        /script-src 'self' 'wasm-unsafe-eval';/,
      );
      assert.equal(headers.get('Strict-Transport-Security'), null);
      assert.match(headers.get('Content-Security-Policy') ?? '', /frame-ancestors 'none'/);
      assert.equal(headers.get('X-Frame-Options'), 'DENY');
      assert.equal(headers.get('X-Powered-By'), null);
      assert.equal(headers.get('X-Content-Type-Options'), 'nosniff');
    }
  });

  test('P2 without ALLOW_WASM the page’s policy forbids WebAssembly', async (t) => {
    const server = await startServer(t, database(), { allowWasm: false });
    const { headers } = await fetch(`${server.origin}/healthz`);
    assert.match(headers.get('Content-Security-Policy') ?? '', /script-src 'self';/);
  });

  test('V5 rate limit: failed logins of one account, whichever way they come, and nobody else’s', async (t) => {
    const server = await startServer(t, database(), { loginAttemptsPerMinute: 3 });
    const wrong = { ...ADA, password: 'wrong' };
    const form = {
      grant_type: 'password',
      client_id: 'demo',
      username: wrong.email,
      password: 'wrong',
    };
    const browser = new Browser(server);
    const ways = [
      () => postJson(`${server.origin}/auth/login`, wrong),
      () => postForm(`${server.origin}/oauth/token`, { ...form, email: 'somebody@else.test' }),
      () =>
        browser.send('POST', '/cookie/login', SAME_ORIGIN, { ...wrong, email: 'ADA@example.com' }),
    ];
    for (const [index, way] of ways.entries())
      assert.equal((await way()).status, index === 1 ? 400 : 401);
    for (const way of [...ways, () => postForm(`${server.origin}/auth/refresh`, form)]) {
      const limited = await way();
      assert.equal(limited.status, 429);
      assert.ok(Number(limited.headers.get('Retry-After')) > 0);
      assert.equal((await jsonOf(limited))['error'], 'too_many_requests');
    }
    assert.equal(
      (await postJson(`${server.origin}/auth/login`, ADA)).status,
      429,
      'the right password too',
    );
    await logIn(server.origin, GRACE);
    for (let times = 0; times < 5; times += 1) await logIn(server.origin, GRACE);
  });

  test('V5 rate limit: guessing account by account is limited by the address', async (t) => {
    const server = await startServer(t, database(), { loginAttemptsPerMinute: 1 });
    const statuses: number[] = [];
    for (let index = 0; index < 11; index += 1) {
      const response = await postJson(`${server.origin}/auth/login`, {
        email: `a${index}@b.test`,
        password: 'x',
      });
      statuses.push(response.status);
    }
    assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 401), 429]);
  });

  test('V5 the Host header of a stranger does not make his origin ours', async (t) => {
    const server = await startServer(t, database());
    const { hostname, port } = new URL(server.origin);
    const headers = { Host: 'evil.test', Origin: server.origin, 'X-CSRF': '1' };
    const status = await new Promise((resolve, reject) => {
      httpRequest(
        { hostname, port, path: '/cookie/refresh', method: 'POST', headers },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      )
        .on('error', reject)
        .end();
    });
    assert.equal(status, 403);
  });
});
