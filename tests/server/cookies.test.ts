import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, SAME_ORIGIN } from './support/browser.ts';
import { onEachDatabase } from './support/databases.ts';
import { ADA, callApi, GRACE, jsonOf, logIn, postJson } from './support/requests.ts';
import { startServer } from './support/server.ts';

const JWT_OR_REFRESH_TOKEN = /eyJ|[\w-]{43}/;

onEachDatabase('V5 cookies', (database) => {
  test('V5 cookie mode: no token in any answer, __Host- cookies that no script can read', async (t) => {
    const server = await startServer(t, database());
    const browser = new Browser(server);
    const response = await browser.logIn('cookie');
    const lines = response.headers.getSetCookie();
    assert.deepEqual(lines.map((line) => line.split('=')[0]).sort(), [
      '__Host-access',
      '__Host-refresh',
    ]);
    for (const line of lines) {
      const attributes = line.split('; ').slice(1);
      for (const needed of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/'])
        assert.ok(attributes.includes(needed), line);
      assert.ok(!attributes.some((attribute) => attribute.startsWith('Domain')));
      assert.ok(
        attributes.includes(line.startsWith('__Host-access') ? 'Max-Age=900' : 'Max-Age=604800'),
      );
    }
    const text = await response.text();
    assert.doesNotMatch(text, JWT_OR_REFRESH_TOKEN);
    const body: unknown = JSON.parse(text);
    assert.ok(typeof body === 'object' && body !== null);
    assert.deepEqual(Object.keys(body).sort(), ['expiresIn', 'user']);

    assert.equal((await browser.send('GET', '/api/protected', {})).status, 200);
    const before = browser.jar.get('__Host-refresh');
    const again = await browser.send('POST', '/cookie/refresh', SAME_ORIGIN);
    assert.equal(again.status, 200);
    assert.doesNotMatch(await again.text(), JWT_OR_REFRESH_TOKEN);
    assert.notEqual(browser.jar.get('__Host-refresh'), before);
    assert.equal((await browser.send('POST', '/api/echo', SAME_ORIGIN, { a: 1 })).status, 200);
  });

  test('V5 cookie mode: logout clears the cookies and revokes what they held', async (t) => {
    const server = await startServer(t, database());
    const browser = new Browser(server);
    await browser.logIn('cookie');
    const stolen = browser.jar.header;
    assert.equal((await browser.send('POST', '/cookie/logout', SAME_ORIGIN)).status, 204);
    assert.equal(browser.jar.header, '');
    assert.equal(
      (await browser.send('POST', '/cookie/logout', SAME_ORIGIN)).status,
      204,
      'once more is fine',
    );
    const api = await fetch(`${server.origin}/api/me`, { headers: { Cookie: stolen } });
    assert.equal(api.status, 401);
    const headers = { Cookie: stolen, ...SAME_ORIGIN };
    const refresh = await fetch(`${server.origin}/cookie/refresh`, { method: 'POST', headers });
    assert.equal(refresh.status, 401);
    assert.equal((await jsonOf(refresh))['error'], 'invalid_grant');
  });

  test('V5 hybrid mode: the access token in the answer, the refresh token in a cookie of its own', async (t) => {
    const server = await startServer(t, database());
    const browser = new Browser(server);
    const body = await jsonOf(await browser.logIn('hybrid'));
    assert.deepEqual(Object.keys(body).sort(), ['accessToken', 'expiresIn']);
    assert.equal((await callApi(server.origin, String(body['accessToken']))).status, 200);
    assert.match(browser.jar.header, /^__Host-hybrid-refresh=[\w-]{43}$/);
    assert.equal(
      (await browser.send('GET', '/api/me', {})).status,
      401,
      'the cookie alone opens nothing',
    );
    const again = await jsonOf(await browser.send('POST', '/hybrid/refresh', SAME_ORIGIN));
    assert.deepEqual(Object.keys(again).sort(), ['accessToken', 'expiresIn']);
    await browser.send('POST', '/hybrid/logout', SAME_ORIGIN);
    assert.equal(browser.jar.header, '');
    assert.equal((await callApi(server.origin, String(again['accessToken']))).status, 401);
    assert.equal((await browser.send('POST', '/hybrid/refresh', SAME_ORIGIN)).status, 401);
  });

  test('V5 a refresh token is good only in the way it was issued', async (t) => {
    const server = await startServer(t, database());
    const browser = new Browser(server);
    await browser.logIn('hybrid');
    const token = browser.jar.get('__Host-hybrid-refresh') ?? '';
    assert.equal(
      (await postJson(`${server.origin}/auth/refresh`, { refreshToken: token })).status,
      401,
    );
    const asCookie = { Cookie: `__Host-refresh=${token}`, ...SAME_ORIGIN };
    assert.equal(
      (await fetch(`${server.origin}/cookie/refresh`, { method: 'POST', headers: asCookie }))
        .status,
      401,
    );
    assert.equal(
      (await browser.send('POST', '/hybrid/refresh', SAME_ORIGIN)).status,
      200,
      'and lives on there',
    );
  });

  test('V5 a new login ends the session whose cookie it overwrites', async (t) => {
    const server = await startServer(t, database());
    const browser = new Browser(server);
    await browser.logIn('cookie');
    const old = browser.jar.header;
    await browser.logIn('cookie', GRACE);
    assert.equal(
      (await fetch(`${server.origin}/api/me`, { headers: { Cookie: old } })).status,
      401,
    );
    assert.equal((await browser.send('GET', '/api/me', {})).status, 200);
  });

  test('V5 a refused refresh leaves the cookies alone', async (t) => {
    const server = await startServer(t, database());
    const headers = { Cookie: '__Host-refresh=never-was', ...SAME_ORIGIN };
    const response = await fetch(`${server.origin}/cookie/refresh`, { method: 'POST', headers });
    assert.equal(response.status, 401);
    assert.deepEqual(response.headers.getSetCookie(), []);
  });

  test('V5 CSRF: an unsafe request by cookie needs the header and its own origin', async (t) => {
    const server = await startServer(t, database(), { corsOrigins: ['https://app.example.com'] });
    const browser = new Browser(server);
    await browser.logIn('cookie');
    const own = server.origin;
    const cases: [headers: Record<string, string>, allowed: boolean][] = [
      [{ 'X-CSRF': '1', 'Sec-Fetch-Site': 'same-origin' }, true],
      [{ 'X-CSRF': '1', 'Sec-Fetch-Site': 'none' }, true],
      [{ 'X-CSRF': '1', 'Sec-Fetch-Site': 'same-site' }, false],
      [{ 'X-CSRF': '1', 'Sec-Fetch-Site': 'cross-site' }, false],
      [{ 'X-CSRF': '1', 'Sec-Fetch-Site': 'cross-site', Origin: own }, false],
      [{ 'X-CSRF': '1', Origin: own }, true],
      [{ 'X-CSRF': '1', Origin: 'null' }, false],
      [{ 'X-CSRF': '1', Origin: `${own}.evil.test` }, false],
      [{ 'X-CSRF': '1', Origin: own.replace('http:', 'https:') }, false],
      [{ 'X-CSRF': '1' }, false],
      [{ 'X-CSRF': '1', 'Sec-Fetch-Site': 'cross-site', Origin: 'https://app.example.com' }, true],
      [{ 'Sec-Fetch-Site': 'same-origin', Origin: own }, false],
      [{ 'Sec-Fetch-Site': 'cross-site', Origin: 'https://app.example.com' }, false],
      [{}, false],
    ];
    for (const [headers, allowed] of cases) {
      for (const route of ['/api/echo', '/cookie/refresh', '/hybrid/login']) {
        const response = await browser.send('POST', route, headers, ADA);
        assert.equal(response.status, allowed ? 200 : 403, `${route} ${JSON.stringify(headers)}`);
        if (!allowed) assert.equal((await jsonOf(response))['error'], 'csrf_rejected');
      }
    }
    const logout = await browser.send('POST', '/cookie/logout', { 'Sec-Fetch-Site': 'cross-site' });
    assert.equal(logout.status, 403);
    assert.equal(
      (await browser.send('GET', '/api/me', { 'Sec-Fetch-Site': 'cross-site' })).status,
      200,
      'safe methods pass',
    );
  });

  test('V5 CSRF: a Bearer request needs none of it, and a bad one does not fall back to the cookie', async (t) => {
    const server = await startServer(t, database());
    const { accessToken } = await logIn(server.origin);
    const headers = { Authorization: `Bearer ${accessToken}`, 'Sec-Fetch-Site': 'cross-site' };
    assert.equal((await postJson(`${server.origin}/api/echo`, {}, headers)).status, 200);
    const browser = new Browser(server);
    await browser.logIn('cookie');
    assert.equal(
      (await browser.send('GET', '/api/me', { Authorization: 'Bearer wrong' })).status,
      401,
    );
  });

  test('V4 an administrator may ban by cookie, with the CSRF header', async (t) => {
    const server = await startServer(t, database());
    const browser = new Browser(server);
    await browser.logIn('cookie', GRACE);
    const { id } = await jsonOf(await browser.send('GET', '/api/me', {}));
    const target = `/admin/users/${String(id)}/unban`;
    assert.equal((await browser.send('POST', target, {})).status, 403);
    assert.equal((await browser.send('POST', target, SAME_ORIGIN)).status, 204);
  });
});
