import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { setPassword } from '../../demo/server/account.ts';
import { HashingQueue } from '../../demo/server/hashing_queue.ts';
import { hashPassword } from '../../demo/server/passwords.ts';
import { startFamily } from '../../demo/server/refresh_tokens.ts';
import { addUser, authenticate } from '../../demo/server/users.ts';
import { Browser, SAME_ORIGIN } from './support/browser.ts';
import { onEachDatabase } from './support/databases.ts';
import {
  ADA,
  assertRefused,
  callApi,
  claimsOf,
  jsonOf,
  logIn,
  postJson,
  refreshed,
} from './support/requests.ts';
import { KEYS, startServer } from './support/server.ts';

const bearer = (accessToken: string) => ({ Authorization: `Bearer ${accessToken}` });
const sidOf = (accessToken: string) => claimsOf(accessToken)['sid'];

onEachDatabase('V4 accounts', (database) => {
  let users = 0;
  const newUser = async () => {
    const account = { email: `user${(users += 1)}@example.com`, password: 'long enough a secret' };
    const made = await addUser(
      database(),
      { email: account.email, name: 'User', role: 'user' },
      account.password,
    );
    assert.ok(made !== undefined);
    return account;
  };
  const start = (t: TestContext) => startServer(t, database(), { loginAttemptsPerMinute: 3 });

  test('V4 the list of sessions: one’s own that live, with the current one marked; each can be ended', async (t) => {
    const server = await start(t);
    const { origin } = server;
    const account = await newUser();
    const [first, second] = [await logIn(origin, account), await logIn(origin, account)];
    const ada = await logIn(origin);
    server.advance(5);
    await refreshed(origin, first.refreshToken);
    const list = async () =>
      (await jsonOf(await callApi(origin, second.accessToken, '/account/sessions')))['sessions'];
    const begin = server.now() - 5000;
    const common = { channel: 'bearer', createdAt: begin };
    assert.deepEqual(await list(), [
      {
        ...common,
        id: sidOf(first.accessToken),
        lastUsedAt: begin + 5000,
        endsAt: begin + 604_805_000,
        current: false,
      },
      {
        ...common,
        id: sidOf(second.accessToken),
        lastUsedAt: begin,
        endsAt: begin + 604_800_000,
        current: true,
      },
    ]);
    const end = (id: unknown) =>
      fetch(`${origin}/account/sessions/${String(id)}`, {
        method: 'DELETE',
        headers: bearer(second.accessToken),
      });
    assert.equal((await end(sidOf(ada.accessToken))).status, 404, 'somebody else’s');
    assert.equal((await end(sidOf(first.accessToken))).status, 204);
    assert.equal((await callApi(origin, first.accessToken)).status, 401);
    assert.equal((await callApi(origin, ada.accessToken)).status, 200);
    assert.equal((await fetch(`${origin}/account/sessions`)).status, 401);
  });

  test('V4 sign out everywhere ends all sessions, by cookie too, and nobody else’s', async (t) => {
    const server = await start(t);
    const { origin } = server;
    const account = await newUser();
    const [one, ada] = [await logIn(origin, account), await logIn(origin)];
    const browser = new Browser(server);
    await browser.logIn('cookie', account);
    assert.equal((await browser.send('POST', '/account/sign-out-everywhere', {})).status, 403);
    const answer = await browser.send('POST', '/account/sign-out-everywhere', SAME_ORIGIN);
    assert.equal(answer.status, 204);
    assert.equal(browser.jar.header, '');
    assert.equal((await callApi(origin, one.accessToken)).status, 401);
    await assertRefused(origin, one.refreshToken);
    assert.equal((await callApi(origin, ada.accessToken)).status, 200);
    const family = await jsonOf(
      await fetch(`${origin}/demo/families/${String(sidOf(one.accessToken))}`),
    );
    assert.deepEqual(family['ended'], { at: server.now(), reason: 'signed_out_everywhere' });
  });

  test('V4 a new password ends the other sessions, and the old one opens nothing', async (t) => {
    const { origin } = await start(t);
    const account = await newUser();
    const [mine, other] = [await logIn(origin, account), await logIn(origin, account)];
    const change = (currentPassword: string, newPassword: string, token = mine.accessToken) =>
      postJson(`${origin}/account/password`, { currentPassword, newPassword }, bearer(token));
    const next = 'another secret that is long';
    assert.equal((await change('wrong', next)).status, 403);
    for (const bad of ['short', `${next}\0`, ''])
      assert.equal((await change(account.password, bad)).status, 400, bad);
    assert.equal((await change(account.password, next)).status, 204);
    assert.equal((await callApi(origin, mine.accessToken)).status, 200);
    assert.equal((await callApi(origin, other.accessToken)).status, 401);
    await assertRefused(origin, other.refreshToken);
    assert.equal((await postJson(`${origin}/auth/login`, account)).status, 401);
    await logIn(origin, { ...account, password: next });

    assert.equal((await change('wrong', next)).status, 403);
    assert.equal((await change(next, next)).status, 429, 'guesses are counted with the logins');
    const ada = await logIn(origin);
    assert.equal((await change(ADA.password, next, ada.accessToken)).status, 403, 'a demo account');
    await logIn(origin);
  });

  test('V4 who has given the old password gets no session once there is a new one', async () => {
    const { email, password } = await newUser();
    const verified = await authenticate(database(), new HashingQueue(1, 0), email, password);
    assert.ok(verified !== undefined);
    await setPassword(database(), verified.user.id, await hashPassword('a newer one'), Date.now());
    const rules = {
      ...{ successorKey: KEYS.refreshSuccessor, clock: Date.now, refreshGraceSeconds: 0 },
      ...{ refreshTokenSeconds: 60, sessionSeconds: 60, accessTokenSeconds: 60 },
    };
    assert.equal(await startFamily(database(), rules, verified, 'bearer'), undefined);
  });

  test('V5 GET /cookie/session says who is signed in by cookie, and whether a refresh is due', async (t) => {
    const server = await start(t);
    const browser = new Browser(server);
    const ask = async () => {
      const answer = await browser.send('GET', '/cookie/session', {});
      assert.equal(answer.status, 200);
      return jsonOf(answer);
    };
    assert.deepEqual(await ask(), { user: null, expiresIn: 0 });
    const { user } = await jsonOf(await browser.logIn('cookie'));
    assert.deepEqual({ ...(await ask()), expiresIn: 0 }, { user, expiresIn: 0 });
    assert.ok(Number((await ask())['expiresIn']) > 890);
    server.advance(901);
    assert.deepEqual(await ask(), { user, expiresIn: 0 });
    const before = browser.jar.header;
    await browser.send('POST', '/cookie/logout', SAME_ORIGIN);
    const stolen = await fetch(`${server.origin}/cookie/session`, { headers: { Cookie: before } });
    assert.deepEqual(await jsonOf(stolen), { user: null, expiresIn: 0 });
  });
});
