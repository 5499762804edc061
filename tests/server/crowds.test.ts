// Many at once, and things that never end.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';

import { HashingQueue } from '../../demo/server/hashing_queue.ts';
import { listen } from '../../demo/server/listen.ts';
import { addUser } from '../../demo/server/users.ts';
import { onEachDatabase, useEmbedded } from './support/databases.ts';
import {
  ADA,
  assertRefused,
  callApi,
  claimsOf,
  GRACE,
  jsonOf,
  logIn,
  postJson,
  refreshed,
} from './support/requests.ts';
import { Browser, SAME_ORIGIN } from './support/browser.ts';
import { startServer } from './support/server.ts';

const database = useEmbedded();

test('V6 hashing: so many side by side, so many wait, the rest is told to come again', async () => {
  const queue = new HashingQueue(2, 3);
  const ends: (() => void)[] = [];
  let most = 0;
  let running = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => ends.push(resolve));
    running -= 1;
  };
  const all = Array.from({ length: 7 }, () => queue.run(work));
  for (const refused of all.slice(5))
    await assert.rejects(refused, { status: 503, headers: { 'Retry-After': '2' } });
  while (ends.length > 0) {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(all.slice(0, 5));
  assert.equal(most, 2);
  await assert.rejects(
    queue.run(() => Promise.reject(new Error('x'))),
    /x/,
  );
  assert.equal(await queue.run(() => Promise.resolve(1)), 1, 'a failure gives its place back');
});

test('V6 a flood of bad logins: beyond the queue 503 with Retry-After, which is no failed login', async (t) => {
  const { origin } = await startServer(t, database(), {
    hashesAtOnce: 1,
    hashesWaiting: 2,
    loginAttemptsPerMinute: 1,
  });
  const answers = await Promise.all(
    Array.from({ length: 9 }, (_, i) =>
      postJson(`${origin}/auth/login`, { email: `a${i}@b.test`, password: 'x' }),
    ),
  );
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  assert.ok(count(401) >= 3);
  assert.equal(count(401) + count(503), 9);
  assert.ok(count(503) > 0);
  for (const answer of answers.filter(({ status }) => status === 503))
    assert.equal(answer.headers.get('Retry-After'), '2');
  assert.equal((await callApi(origin, (await logIn(origin)).accessToken)).status, 200);
});

test('V5 15 correct logins at once are no failed ones; 15 wrong ones at once are all counted', async (t) => {
  const { origin } = await startServer(t, database(), { loginAttemptsPerMinute: 10 });
  const at = (account: object) =>
    Promise.all(Array.from({ length: 15 }, () => postJson(`${origin}/auth/login`, account)));
  const statuses = async (account: object) => (await at(account)).map(({ status }) => status);
  assert.deepEqual(
    await statuses(ADA),
    Array.from({ length: 15 }, () => 200),
  );
  const wrong = await statuses({ ...GRACE, password: 'wrong' });
  assert.deepEqual(wrong.sort(), [
    ...Array.from({ length: 10 }, () => 401),
    ...Array.from({ length: 5 }, () => 429),
  ]);
});

test('V6 a request that does not come to its end is cut off', async (t) => {
  const listener = await listen('127.0.0.1', 0, (request) => request.resume(), 300);
  t.after(() => listener.close(0));
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(listener.port, '127.0.0.1', () => {
      socket.write('POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"email"');
    });
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
  assert.match(answer, /^HTTP\/1\.1 408 /);
  assert.ok(createServer().requestTimeout > 300, 'by our limit, not by Node’s');
});

test('V3 a session ends after SESSION_SECONDS, however often it is refreshed, and its tokens with it', async (t) => {
  const server = await startServer(t, database(), {
    sessionSeconds: 1000,
    refreshTokenSeconds: 600,
    refreshGraceSeconds: 0,
  });
  const { origin } = server;
  let tokens = await logIn(origin);
  const browser = new Browser(server);
  await browser.logIn('hybrid');
  for (const [seconds, expiresIn] of [
    [400, 600],
    [400, 200],
    [150, 50],
  ] as const) {
    server.advance(seconds);
    tokens = await refreshed(origin, tokens.refreshToken);
    assert.equal(tokens.expiresIn, expiresIn);
    const [cookie = ''] = (
      await browser.send('POST', '/hybrid/refresh', SAME_ORIGIN)
    ).headers.getSetCookie();
    assert.match(cookie, new RegExp(`Max-Age=${Math.min(600, expiresIn)};`));
  }
  server.advance(51);
  assert.equal((await callApi(origin, tokens.accessToken)).status, 401);
  await assertRefused(origin, tokens.refreshToken);
  assert.equal((await browser.send('POST', '/hybrid/refresh', SAME_ORIGIN)).status, 401);
});

onEachDatabase('V4 administrators', (get) => {
  test('V4 an administrator bans neither herself nor, together with another, everybody', async (t) => {
    const { origin } = await startServer(t, get());
    const mary = { email: 'mary@example.com', password: 'a password of her own' };
    await addUser(get(), { email: mary.email, name: 'Mary', role: 'admin' }, mary.password);
    const two = [await logIn(origin, GRACE), await logIn(origin, mary)].map(({ accessToken }) => ({
      id: String(claimsOf(accessToken)['sub']),
      headers: { Authorization: `Bearer ${accessToken}` },
    }));
    const [grace, other] = two;
    assert.ok(grace !== undefined && other !== undefined);
    const ban = (by: typeof grace, id: string) =>
      postJson(`${origin}/admin/users/${id}/ban`, {}, by.headers);
    const self = await ban(grace, grace.id);
    assert.equal(self.status, 409);
    assert.equal((await jsonOf(self))['error'], 'conflict');

    const both = await Promise.all([ban(grace, other.id), ban(other, grace.id)]);
    const statuses = both.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 204).length, 1, String(statuses));
    const alive = await get().query(
      `select id from users where role = 'admin' and banned_at is null`,
    );
    assert.equal(alive.length, 1);
    await get().query(`update users set banned_at = null`);
    await get().query(`delete from users where email = 'mary@example.com'`);
    await get().query(`delete from blocklist`);
  });
});
