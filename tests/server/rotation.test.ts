import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveKeys } from '../../demo/server/keys.ts';
import { onEachDatabase } from './support/databases.ts';
import {
  assertRefused,
  callApi,
  jsonOf,
  logIn,
  postForm,
  refresh,
  refreshed,
  tokensOf,
} from './support/requests.ts';
import { startServer } from './support/server.ts';

onEachDatabase('V3 rotation', (database) => {
  test('V3 every refresh gives a new refresh token and a new access token', async (t) => {
    const { origin } = await startServer(t, database());
    const first = await logIn(origin);
    const second = await refreshed(origin, first.refreshToken);
    const third = await refreshed(origin, second.refreshToken);
    assert.equal(new Set([first.refreshToken, second.refreshToken, third.refreshToken]).size, 3);
    assert.equal(new Set([first.accessToken, second.accessToken, third.accessToken]).size, 3);
    for (const { refreshToken } of [first, second, third]) {
      assert.equal(Buffer.from(refreshToken, 'base64url').length, 32);
    }
    assert.equal((await callApi(origin, third.accessToken)).status, 200);
  });

  test('V3 replay inside the grace window gets the same successor, and a fresh access token', async (t) => {
    const server = await startServer(t, database(), { refreshGraceSeconds: 10 });
    const first = await logIn(server.origin);
    const winner = await refreshed(server.origin, first.refreshToken);
    server.advance(9);
    const loser = await refreshed(server.origin, first.refreshToken);
    assert.equal(loser.refreshToken, winner.refreshToken);
    assert.notEqual(loser.accessToken, winner.accessToken);
    assert.equal((await callApi(server.origin, loser.accessToken)).status, 200);
    await refreshed(server.origin, winner.refreshToken);
  });

  test('V3 replay outside the grace window revokes the whole family', async (t) => {
    const server = await startServer(t, database(), { refreshGraceSeconds: 10 });
    const first = await logIn(server.origin);
    const second = await refreshed(server.origin, first.refreshToken);
    server.advance(11);
    await assertRefused(server.origin, first.refreshToken);
    await assertRefused(server.origin, second.refreshToken);
    const answer = await callApi(server.origin, second.accessToken);
    assert.equal(answer.status, 401, 'its access tokens die with it');
    assert.match(answer.headers.get('WWW-Authenticate') ?? '', /error="invalid_token"/);
  });

  test('V3 an older token than the last rotated one: refused, and the family revoked once its grace is over', async (t) => {
    const server = await startServer(t, database(), { refreshGraceSeconds: 10 });
    const { origin } = server;
    const first = await logIn(origin);
    const second = await refreshed(origin, first.refreshToken);
    server.advance(6);
    const third = await refreshed(origin, second.refreshToken);
    // The late request of a tab that is no more: the others have gone on meanwhile.
    await assertRefused(origin, first.refreshToken);
    assert.equal((await callApi(origin, third.accessToken)).status, 200);
    server.advance(6);
    await assertRefused(origin, first.refreshToken);
    await assertRefused(origin, third.refreshToken);
    assert.equal((await callApi(origin, third.accessToken)).status, 401);
  });

  test('V3 a grace of 0 forgives nothing', async (t) => {
    const { origin } = await startServer(t, database(), { refreshGraceSeconds: 0 });
    const first = await logIn(origin);
    const second = await refreshed(origin, first.refreshToken);
    await assertRefused(origin, first.refreshToken);
    await assertRefused(origin, second.refreshToken);
    const other = await logIn(origin);
    const third = await refreshed(
      origin,
      (await refreshed(origin, other.refreshToken)).refreshToken,
    );
    await assertRefused(origin, other.refreshToken);
    await assertRefused(origin, third.refreshToken);
  });

  test('V3 the grace window starts at the rotation and is not prolonged by replays', async (t) => {
    const server = await startServer(t, database(), { refreshGraceSeconds: 10 });
    const first = await logIn(server.origin);
    await refreshed(server.origin, first.refreshToken);
    server.advance(6);
    await refreshed(server.origin, first.refreshToken);
    server.advance(6);
    await assertRefused(server.origin, first.refreshToken);
  });

  test('V3 one family revoked leaves the user’s other sessions alone', async (t) => {
    const { origin } = await startServer(t, database(), { refreshGraceSeconds: 0 });
    const [stolen, other] = [await logIn(origin), await logIn(origin)];
    await refreshed(origin, stolen.refreshToken);
    await assertRefused(origin, stolen.refreshToken);
    assert.equal((await callApi(origin, other.accessToken)).status, 200);
    await refreshed(origin, other.refreshToken);
  });

  test('V3 an expired refresh token is refused; a used one lives on from its last use', async (t) => {
    const server = await startServer(t, database(), { refreshTokenSeconds: 100 });
    const idle = await logIn(server.origin);
    let used = await logIn(server.origin);
    server.advance(60);
    used = await refreshed(server.origin, used.refreshToken);
    server.advance(60);
    await assertRefused(server.origin, idle.refreshToken);
    await refreshed(server.origin, used.refreshToken);
  });

  test('V3 an unknown, an empty and an overlong refresh token harm nobody', async (t) => {
    const { origin } = await startServer(t, database());
    const { refreshToken } = await logIn(origin);
    await assertRefused(origin, 'x'.repeat(43));
    await assertRefused(origin, `${refreshToken}x`);
    assert.equal((await refresh(origin, '')).status, 400);
    assert.equal((await refresh(origin, 'x'.repeat(5000))).status, 400);
    await refreshed(origin, refreshToken);
  });

  test('V3 20 parallel refreshes of one token give one lineage', async (t) => {
    const { origin } = await startServer(t, database());
    const { refreshToken } = await logIn(origin);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => refreshed(origin, refreshToken)),
    );
    assert.equal(new Set(answers.map((answer) => answer.refreshToken)).size, 1);
    await refreshed(origin, answers[0]?.refreshToken ?? '');
    const stats = await jsonOf(await fetch(`${origin}/demo/stats`));
    assert.deepEqual(stats, {
      refreshRequests: 21,
      refreshes: 2,
      replays: 19,
      familiesRevoked: 0,
      logins: 1,
    });
  });

  test('V3 both dialects refresh one and the same session', async (t) => {
    const { origin } = await startServer(t, database());
    const first = await logIn(origin);
    const response = await postForm(`${origin}/oauth/token`, {
      grant_type: 'refresh_token',
      client_id: 'demo',
      refresh_token: first.refreshToken,
    });
    assert.equal(response.status, 200);
    const { refresh_token: second } = await jsonOf(response);
    assert.ok(typeof second === 'string');
    await refreshed(origin, second);
  });

  test('V3 with another server key a replay is not answered with a token that never was', async (t) => {
    const before = await startServer(t, database());
    const first = await logIn(before.origin);
    const second = await refreshed(before.origin, first.refreshToken);
    const after = await startServer(
      t,
      database(),
      {},
      deriveKeys('another secret, after a key change, long enough'),
    );
    await assertRefused(after.origin, first.refreshToken);
    await assertRefused(after.origin, second.refreshToken);
  });

  test('V2 refresh tokens are stored hashed only', async (t) => {
    const { origin } = await startServer(t, database());
    const first = await logIn(origin);
    const second = tokensOf(await jsonOf(await refresh(origin, first.refreshToken)));
    const tables = ['users', 'refresh_families', 'refresh_tokens', 'blocklist'];
    const rows = await Promise.all(
      tables.map((table) => database().query(`select * from ${table}`)),
    );
    const dump = JSON.stringify(rows);
    assert.ok(dump.includes('ada@example.com'));
    for (const token of [first.refreshToken, second.refreshToken, first.accessToken]) {
      assert.ok(!dump.includes(token));
    }
  });
});
