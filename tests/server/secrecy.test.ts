import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../demo/server/database.ts';
import { onEachDatabase } from './support/databases.ts';
import {
  ADA,
  callApi,
  CookieJar,
  logIn,
  postForm,
  postJson,
  refreshed,
} from './support/requests.ts';
import { startServer } from './support/server.ts';

const CANARY = 'canary-7f3a9b2c5d8e1f4a6b0c3d7e9f2a5b8c1d4e';

onEachDatabase('V6 secrecy', (database) => {
  test('V6 no answer to an error and no log line holds a token, a password or a stack', async (t) => {
    const server = await startServer(t, database());
    const { origin } = server;
    const tokens = await logIn(origin);
    const jar = new CookieJar();
    jar.keep(
      await postJson(`${origin}/cookie/login`, ADA, { 'X-CSRF': '1', 'Sec-Fetch-Site': 'none' }),
    );
    const second = await refreshed(origin, tokens.refreshToken);

    const answers = await Promise.all([
      postJson(`${origin}/auth/login`, { email: CANARY, password: CANARY }),
      postJson(`${origin}/auth/login`, { email: ADA.email, password: CANARY }),
      postJson(`${origin}/auth/login`, { email: ADA.email, [CANARY]: CANARY }),
      fetch(`${origin}/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: `{"password":"${CANARY}"`,
      }),
      postJson(`${origin}/auth/refresh`, { refreshToken: CANARY }),
      postJson(`${origin}/auth/refresh`, { refreshToken: { [CANARY]: CANARY } }),
      postForm(`${origin}/oauth/token`, {
        grant_type: CANARY,
        client_id: CANARY,
        refresh_token: CANARY,
      }),
      postForm(`${origin}/oauth/token`, {
        grant_type: 'refresh_token',
        client_id: 'demo',
        refresh_token: CANARY,
      }),
      callApi(origin, CANARY),
      callApi(origin, `${second.accessToken}${CANARY}`),
      fetch(`${origin}/${CANARY}?access_token=${CANARY}`),
      fetch(`${origin}/${second.accessToken}/x`),
      fetch(`${origin}/api/protected?access_token=${second.accessToken}`),
      fetch(`${origin}/%00${CANARY}%zz`),
      fetch(`${origin}/cookie/refresh`, { method: 'POST', headers: { Cookie: jar.header } }),
      postJson(`${origin}/auth/logout`, { refreshToken: second.refreshToken }),
      callApi(origin, second.accessToken),
    ]);
    const said = await Promise.all(
      answers.map(
        async (answer) => `${JSON.stringify([...answer.headers])} ${await answer.text()}`,
      ),
    );
    assert.ok(server.logged.length >= answers.length);
    const secrets = [
      CANARY,
      ADA.password,
      tokens.refreshToken,
      tokens.accessToken,
      second.refreshToken,
      second.accessToken,
      second.accessToken.split('.')[2] ?? '',
      jar.get('__Host-refresh') ?? '',
      jar.get('__Host-access') ?? '',
    ];
    for (const text of [...said, ...server.logged]) {
      for (const secret of secrets) assert.ok(secret !== '' && !text.includes(secret), text);
      assert.doesNotMatch(text, /\.ts:\d|node_modules|\bat \w+ \(/);
    }
  });

  test('V6 a log line is method, path without query, status and time', async (t) => {
    const server = await startServer(t, database());
    await fetch(`${server.origin}/healthz?x=1`);
    await callApi(server.origin);
    const lines = server.logged.map((line) => line.replace(/[\d.]+ ms$/, 'N ms'));
    assert.deepEqual(lines, ['GET /healthz 200 N ms', 'GET /api/protected 401 N ms']);
  });

  test('V6 a failure inside is a bare 500, a database out of reach a 503 to be tried again', async (t) => {
    const failing = (error: Error): Database => ({
      query: () => Promise.reject(error),
      transaction: () => Promise.reject(error),
      close: () => Promise.resolve(),
    });
    const bug = await startServer(t, failing(new Error(`detail: ${CANARY}`)));
    const broken = await postJson(`${bug.origin}/auth/login`, ADA);
    assert.equal(broken.status, 500);
    assert.equal(
      await broken.text(),
      '{"error":"server_error","error_description":"Something went wrong"}',
    );
    assert.ok(bug.logged.some((line) => line.startsWith('error POST')));
    assert.ok(!bug.logged.some((line) => line.includes(CANARY)));

    const down = await startServer(
      t,
      failing(Object.assign(new Error(CANARY), { code: 'ECONNREFUSED' })),
    );
    const refused = await postJson(`${down.origin}/auth/refresh`, { refreshToken: 'x' });
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get('Retry-After'), '1');
    assert.ok(!(await refused.text()).includes(CANARY));
    assert.equal((await fetch(`${down.origin}/healthz`)).status, 503);
  });
});
