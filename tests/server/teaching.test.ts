// The demo's routes that show what happens to a token: what the page of the demo relies on.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Browser, SAME_ORIGIN } from './support/browser.ts';
import { useEmbedded } from './support/databases.ts';
import {
  assertRefused,
  callApi,
  claimsOf,
  GRACE,
  type Json,
  jsonOf,
  logIn,
  postJson,
  refreshed,
} from './support/requests.ts';
import { startServer } from './support/server.ts';

const database = useEmbedded();

function listOf(value: unknown): Json[] {
  assert.ok(Array.isArray(value));
  return value.map((row: unknown) => {
    assert.ok(typeof row === 'object' && row !== null);
    return { ...row };
  });
}

const get = async (url: string) => jsonOf(await fetch(url));

test('V1 /demo/settings: what it says, and what it takes for the tokens that come', async (t) => {
  const { origin, now } = await startServer(t, database());
  assert.deepEqual(await get(`${origin}/demo/settings`), {
    accessTokenSeconds: 900,
    refreshGraceSeconds: 10,
    blocklist: true,
    algorithm: 'ES256',
    attackerOrigin: null,
    withoutWasm: '/without-wasm/',
  });
  const change = (body: object) => postJson(`${origin}/demo/settings`, body);
  assert.equal((await change({ accessTokenSeconds: 10, refreshGraceSeconds: 0 })).status, 204);
  const tokens = await logIn(origin);
  assert.equal(tokens.expiresIn, 10);
  assert.equal(Number(claimsOf(tokens.accessToken)['exp']), Math.floor(now() / 1000) + 10);
  await refreshed(origin, tokens.refreshToken);
  await assertRefused(origin, tokens.refreshToken);
  for (const bad of [
    { accessTokenSeconds: 0 },
    { accessTokenSeconds: 86_401 },
    { refreshGraceSeconds: -1 },
    { blocklist: 'off' },
    { algorithm: 'none' },
  ])
    assert.equal((await change(bad)).status, 400, JSON.stringify(bad));
});

test('V4 without the blocklist a ban waits until the token has expired', async (t) => {
  const server = await startServer(t, database());
  const { origin } = server;
  const ada = await logIn(origin);
  const act = async (action: string) => {
    const headers = { Authorization: `Bearer ${(await logIn(origin, GRACE)).accessToken}` };
    const { sub: id } = claimsOf(ada.accessToken);
    const answer = await postJson(`${origin}/admin/users/${String(id)}/${action}`, {}, headers);
    assert.equal(answer.status, 204);
  };
  await postJson(`${origin}/demo/settings`, { blocklist: false });
  await act('ban');
  assert.equal((await callApi(origin, ada.accessToken)).status, 200);
  await assertRefused(origin, ada.refreshToken);
  await postJson(`${origin}/demo/settings`, { blocklist: true });
  assert.equal((await callApi(origin, ada.accessToken)).status, 401);

  const { sub, sid, exp } = claimsOf(ada.accessToken);
  const { now, rows } = await get(`${origin}/demo/blocklist`);
  assert.equal(now, server.now());
  const expiresAt = Number(exp) * 1000;
  assert.deepEqual(
    listOf(rows).find(({ value }) => value === sid),
    { claim: 'sid', value: sid, expiresAt },
  );
  assert.ok(listOf(rows).some(({ claim, value }) => claim === 'sub' && value === sub));
  server.advance(901);
  assert.deepEqual((await get(`${origin}/demo/blocklist`))['rows'], []);
  await act('unban');
});

test('V3 /demo/families/:sid: the generations of a session, and how a theft ended it', async (t) => {
  const server = await startServer(t, database());
  const { origin } = server;
  const first = await logIn(origin);
  const sid = String(claimsOf(first.accessToken)['sid']);
  const begin = server.now();
  server.advance(5);
  await refreshed(origin, first.refreshToken);
  server.advance(2);
  await refreshed(origin, first.refreshToken);
  const family = await get(`${origin}/demo/families/${sid}`);
  assert.deepEqual(family, {
    id: sid,
    channel: 'bearer',
    createdAt: begin,
    endsAt: begin + 604_805_000,
    ended: null,
    generations: [
      {
        generation: 0,
        issuedAt: begin,
        usedAt: begin + 5000,
        graceEndsAt: begin + 15_000,
        reusedAt: [begin + 7000],
      },
      { generation: 1, issuedAt: begin + 5000, usedAt: null, graceEndsAt: null, reusedAt: [] },
    ],
  });
  server.advance(9);
  await assertRefused(origin, first.refreshToken);
  const after = await get(`${origin}/demo/families/${sid}`);
  assert.deepEqual(after['ended'], { at: begin + 16_000, reason: 'reuse_detected' });
  const [redeemed] = listOf(after['generations']);
  assert.deepEqual(redeemed?.['reusedAt'], [begin + 7000, begin + 16_000]);
  assert.equal((await fetch(`${origin}/demo/families/nobody`)).status, 404);
});

test('V3 a family says why it ended: signed out, replaced, expired', async (t) => {
  const server = await startServer(t, database());
  const { origin } = server;
  const endOf = async (accessToken: string) =>
    (await get(`${origin}/demo/families/${String(claimsOf(accessToken)['sid'])}`))['ended'];
  const [out, old] = [await logIn(origin), await logIn(origin)];
  await postJson(`${origin}/auth/logout`, { refreshToken: out.refreshToken });
  assert.deepEqual(await endOf(out.accessToken), { at: server.now(), reason: 'signed_out' });
  const browser = new Browser(server);
  const hybrid = await jsonOf(await browser.logIn('hybrid'));
  await browser.logIn('hybrid');
  assert.deepEqual(await endOf(String(hybrid['accessToken'])), {
    at: server.now(),
    reason: 'replaced',
  });
  server.advance(604_801);
  assert.deepEqual(await endOf(old.accessToken), {
    at: server.now() - 1000,
    reason: 'expired',
  });
});

test('V1 /demo/costs measures a check in three ways', async (t) => {
  const { origin } = await startServer(t, database());
  const costs = await get(`${origin}/demo/costs`);
  const { checks, ...ways } = costs;
  assert.ok(Number(checks) >= 100);
  const lookups = { withoutBlocklist: 0, withBlocklist: 1, session: 1 };
  assert.deepEqual(Object.keys(ways).sort(), Object.keys(lookups).sort());
  for (const [way, expected] of Object.entries(lookups)) {
    const cost = ways[way];
    assert.ok(typeof cost === 'object' && cost !== null && 'medianMicroseconds' in cost);
    assert.ok(Number(cost.medianMicroseconds) > 0);
    assert.ok('lookups' in cost && cost.lookups === expected, way);
  }
});

test('V2 /demo/expired-token: of the same user and session, genuine, and over', async (t) => {
  const { origin, now } = await startServer(t, database());
  const { accessToken } = await logIn(origin);
  const ask = (headers: Record<string, string>) =>
    postJson(`${origin}/demo/expired-token`, {}, headers);
  assert.equal((await ask({})).status, 401);
  const response = await ask({ Authorization: `Bearer ${accessToken}` });
  const { accessToken: expired } = await jsonOf(response);
  const [{ sub, sid }, claims] = [claimsOf(accessToken), claimsOf(String(expired))];
  assert.deepEqual([claims['sub'], claims['sid']], [sub, sid]);
  assert.equal(claims['exp'], Math.floor(now() / 1000) - 60);
  const answer = await callApi(origin, String(expired));
  assert.equal(answer.status, 401);
  assert.match(answer.headers.get('WWW-Authenticate') ?? '', /"The token has expired"/);
});

test('V1 faults of the API come as often as asked for, beside those of the refresh', async (t) => {
  const { origin } = await startServer(t, database());
  const { accessToken, refreshToken } = await logIn(origin);
  const fault = (body: object) => postJson(`${origin}/demo/faults`, body);
  assert.equal((await fault({ api: '503', times: 2 })).status, 204);
  for (let times = 0; times < 2; times += 1)
    assert.equal((await callApi(origin, accessToken)).status, 503);
  assert.equal((await callApi(origin, accessToken)).status, 200);
  for (const api of ['drop', 'drop_after']) {
    await fault({ api });
    await assert.rejects(callApi(origin, accessToken), TypeError);
    assert.equal((await callApi(origin, accessToken)).status, 200);
  }
  await fault({ api: '503' });
  await refreshed(origin, refreshToken);
  assert.equal((await callApi(origin, accessToken)).status, 503);
  await fault({ api: 'none', delayMs: 200 });
  const start = performance.now();
  assert.equal((await callApi(origin, accessToken)).status, 200);
  assert.ok(performance.now() - start >= 190);
  assert.equal((await fault({ times: 3 })).status, 400, 'neither');
  assert.equal((await fault({ api: 'html' })).status, 400);
});

test('V5 what another site sends is seen, with the check that refused it', async (t) => {
  const { origin } = await startServer(t, database());
  const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://evil.test' };
  await fetch(`${origin}/cookie/logout`, { method: 'POST', headers });
  await fetch(`${origin}/api/echo`, {
    method: 'POST',
    headers: { ...headers, Cookie: '__Host-access=x; theme=dark' },
  });
  await fetch(`${origin}/cookie/logout`, { method: 'POST', headers: SAME_ORIGIN });
  const { rows } = await get(`${origin}/demo/cross-site`);
  assert.deepEqual(
    listOf(rows).map(({ method, path, origin: from, cookies, status, refusal }) => [
      method,
      path,
      from,
      cookies,
      status,
      refusal,
    ]),
    [
      [
        'POST',
        '/api/echo',
        'http://evil.test',
        ['__Host-access', 'theme'],
        403,
        'The X-CSRF header is missing',
      ],
      ['POST', '/cookie/logout', 'http://evil.test', [], 403, 'The X-CSRF header is missing'],
    ],
  );
});

test('V1 outside demo mode there is none of this', async (t) => {
  const { origin } = await startServer(t, database(), { demo: false });
  for (const path of ['settings', 'families/x', 'blocklist', 'costs', 'cross-site'])
    assert.equal((await fetch(`${origin}/demo/${path}`)).status, 404, path);
  assert.equal((await postJson(`${origin}/demo/expired-token`, {})).status, 404);
});
