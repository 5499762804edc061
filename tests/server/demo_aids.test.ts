import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from './support/databases.ts';
import {
  assertRefused,
  callApi,
  jsonOf,
  logIn,
  postForm,
  postJson,
  refresh,
  refreshed,
} from './support/requests.ts';
import { startServer } from './support/server.ts';

onEachDatabase('V1 demo aids', (database) => {
  test('V1 faults come as often as asked for and leave the session as it was', async (t) => {
    const { origin } = await startServer(t, database());
    const { refreshToken } = await logIn(origin);
    const fault = (body: object) => postJson(`${origin}/demo/faults`, body);

    assert.equal((await fault({ refresh: '503', times: 2 })).status, 204);
    for (let times = 0; times < 2; times += 1)
      assert.equal((await refresh(origin, refreshToken)).status, 503);
    await fault({ refresh: 'html' });
    const html = await refresh(origin, refreshToken);
    assert.equal(html.status, 200);
    assert.match(html.headers.get('Content-Type') ?? '', /^text\/html/);
    await fault({ refresh: 'drop' });
    await assert.rejects(refresh(origin, refreshToken), TypeError);
    await fault({ refresh: 'invalid_grant' });
    await assertRefused(origin, refreshToken);
    await fault({ refresh: 'invalid_grant' });
    const fields = { grant_type: 'refresh_token', client_id: 'demo', refresh_token: refreshToken };
    assert.equal(
      (await postForm(`${origin}/oauth/token`, fields)).status,
      400,
      'in the OAuth dialect too',
    );

    await fault({ refresh: 'none', delayMs: 300 });
    const start = performance.now();
    const next = await refreshed(origin, refreshToken);
    assert.ok(performance.now() - start >= 290);
    const { refreshRequests, refreshes } = await jsonOf(await fetch(`${origin}/demo/stats`));
    assert.deepEqual({ refreshRequests, refreshes }, { refreshRequests: 7, refreshes: 1 });

    assert.equal((await fault({ refresh: 'drop', times: 5 })).status, 204);
    await fault({ refresh: 'none', times: 0 });
    await refreshed(origin, next.refreshToken);
    assert.equal((await fault({ refresh: 'explode' })).status, 400);
    assert.equal((await fault({ refresh: 'drop', times: -1 })).status, 400);
  });

  test('V3 an answer lost on the way is made good by the grace window', async (t) => {
    const { origin } = await startServer(t, database());
    const { refreshToken } = await logIn(origin);
    await postJson(`${origin}/demo/faults`, { refresh: 'drop_after' });
    await assert.rejects(refresh(origin, refreshToken), TypeError);
    const next = await refreshed(origin, refreshToken);
    await refreshed(origin, next.refreshToken);
    const { refreshes, replays } = await jsonOf(await fetch(`${origin}/demo/stats`));
    assert.deepEqual({ refreshes, replays }, { refreshes: 2, replays: 1 });
    assert.equal((await postJson(`${origin}/demo/reset-stats`, {})).status, 204);
    const none = { refreshRequests: 0, refreshes: 0, replays: 0, familiesRevoked: 0, logins: 0 };
    assert.deepEqual(await jsonOf(await fetch(`${origin}/demo/stats`)), none);
  });

  test('V1 an API answer can be held back after it was decided', async (t) => {
    const server = await startServer(t, database(), { accessTokenSeconds: 60 });
    const { accessToken } = await logIn(server.origin);
    const start = performance.now();
    const pending = callApi(server.origin, accessToken, '/api/protected?delayMs=300');
    const looks = server.looks();
    while (server.looks() === looks) await new Promise((resolve) => setImmediate(resolve));
    server.advance(61);
    assert.equal((await pending).status, 200, 'the token was good when the request came');
    assert.ok(performance.now() - start >= 290);
    assert.equal(
      (await callApi(server.origin, accessToken, '/api/protected?delayMs=1')).status,
      401,
    );
  });

  test('V1 outside demo mode there are no such routes', async (t) => {
    const { origin } = await startServer(t, database(), { demo: false });
    assert.equal((await fetch(`${origin}/demo/stats`)).status, 404);
    for (const route of ['/demo/faults', '/demo/reset-stats']) {
      assert.equal((await postJson(`${origin}${route}`, { refresh: 'none' })).status, 404);
    }
  });
});
