// bearerkit/testing (P7): the package's own client on a platform that the test plays.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { createAuthClient, decodeJwt, inspectJwt, memoryStorage } from 'bearerkit';
import * as external from 'bearerkit/external';
import { createTestAuth, type TestAuth, type TestAuthOptions } from 'bearerkit/testing';

import { startAuthServer } from './support/auth_server.ts';
import { Events, signIn } from './support/client.ts';
import { settled } from './support/wait.ts';

/** With a route to call. */
function start(t: TestContext, options?: TestAuthOptions): TestAuth {
  const world = createTestAuth(options);
  t.after(() => world.close());
  world.server.on('GET /a', { json: { ok: true } });
  return world;
}

const statusOf = async (answer: Promise<Response>): Promise<number> => (await answer).status;

function refreshesOf({ server }: TestAuth): number[] {
  return server.calls.filter(({ path }) => path === '/auth/refresh').map(({ status }) => status);
}

test('P7 the client is the package’s own, and does what it does at a real server', async (t) => {
  const { auth, server, revoke } = start(t);
  const own = createAuthClient();
  assert.equal(Object.getPrototypeOf(auth), Object.getPrototypeOf(own));
  own.close();

  const real = await startAuthServer(t, { expiresIn: 300 });
  const { auth: realAuth } = await signIn(t, real, { tabs: true });
  await auth.setTokens(server.issue());
  const causes = async (
    client: typeof auth,
    url: string,
    expire: () => void,
  ): Promise<string[]> => {
    const events = new Events(client, true);
    assert.equal(await statusOf(client.fetchWithAuth(url)), 200);
    expire();
    assert.equal(await statusOf(client.fetchWithAuth(url)), 200);
    return events.of('timeline').map(({ cause }) => cause);
  };
  const played = await causes(auth, '/a', revoke);
  assert.deepEqual(played, await causes(realAuth, real.url('/api/a'), () => real.expire()));
  assert.ok(played.includes('request_retried'));
});

test('P7 its tokens decode, and live by the virtual clock', async (t) => {
  const world = start(t, { now: new Date('2031-05-05T00:00:00Z'), expiresIn: 60 });
  await world.signedIn({ claims: { sub: 'ada', name: 'Ada “Ä” 🌍' } });
  const { auth, clock } = world;
  const token = (await auth.getAccessToken()) ?? '';
  const now = clock.now() / 1000;
  const claims = decodeJwt(token);
  assert.deepEqual(claims, {
    ...{ iss: 'http://localhost', sub: 'ada', name: 'Ada “Ä” 🌍', jti: '1' },
    ...{ iat: now, exp: now + 60 },
  });
  assert.deepEqual(auth.claims, claims);
  const inspection = inspectJwt(token);
  assert.ok(inspection.ok && inspection.findings.includes('unsecured'), 'no real server takes it');
});

test('P7 R1 a token that has expired, or was taken back: one refresh for all calls', async (t) => {
  const world = start(t);
  const { auth, clock } = world;
  const begin = clock.now();
  await world.signedIn();
  const call20 = (): Promise<number[]> =>
    Promise.all(Array.from({ length: 20 }, () => statusOf(auth.fetchWithAuth('/a'))));
  await world.expire();
  assert.equal(clock.now(), begin + 300_000);
  assert.deepEqual(new Set(await call20()), new Set([200]));
  assert.deepEqual(refreshesOf(world), [200]);
  world.revoke();
  assert.deepEqual(new Set(await call20()), new Set([200]));
  assert.deepEqual(refreshesOf(world), [200, 200]);
  assert.equal(clock.now(), begin + 300_000, 'time stands still where nobody waits for it');
});

test('P7 L3 a refresh that is refused ends the session', async (t) => {
  const world = start(t);
  const events = new Events(world.auth);
  await world.signedIn();
  world.refuseNext();
  await world.expire();
  assert.equal(await statusOf(world.auth.fetchWithAuth('/a')), 401);
  assert.equal(world.auth.state, 'signed-out');
  await world.clock.settle();
  assert.deepEqual(events.of('signedout'), [
    {
      reason: 'refresh_rejected',
      cause: { kind: 'oauth_error', status: 400, error: 'invalid_grant' },
    },
  ]);
  await world.signedIn();
  assert.equal(await statusOf(world.auth.fetchWithAuth('/a')), 200, 'and another one may begin');
});

test('P7 R8 offline nobody is signed out; once online it goes on at once', async (t) => {
  const world = start(t);
  const { auth, clock } = world;
  const events = new Events(auth);
  await world.signedIn();
  world.goOffline();
  await world.expire();
  await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
  await assert.rejects(auth.fetchWithAuth('/a'), TypeError);
  assert.equal(auth.state, 'signed-in');
  const [failure] = events.of('refreshfailed');
  assert.equal(failure?.cause?.kind, 'network');
  const before = clock.now();
  world.goOnline();
  assert.equal(await statusOf(auth.fetchWithAuth('/a')), 200);
  assert.equal(clock.now(), before, 'it does not wait for its backoff');
});

test('P7 R9 a call that waits lets time pass, and no real one: a slow answer, a timeout, a backoff', async (t) => {
  const world = start(t, { refreshTimeout: 10_000 });
  const { auth, clock, server } = world;
  server.on('GET /slow', { json: 1, delay: 3_600_000 });
  await world.signedIn();
  const hour = clock.now() + 3_600_000;
  assert.equal(await statusOf(auth.fetchWithAuth('/slow')), 200);
  assert.equal(clock.now(), hour);
  world.failNext('slow', 'refresh');
  const failed = auth.refresh().catch((error: unknown) => error);
  assert.equal(((await settled(failed, 'a refresh')) as { code?: string }).code, 'refresh_failed');
  assert.ok(clock.now() >= hour + 10_000);
  await clock.advance(60_000);
  await auth.refresh();
  assert.deepEqual(refreshesOf(world), [0, 200, 200], 'the client has tried again by itself');
});

test('P7 R11 keepAlive refreshes ahead of time, as time is put forward', async (t) => {
  const world = start(t, { keepAlive: true, expiresIn: 300 });
  await world.signedIn();
  await world.clock.advance(200_000);
  assert.deepEqual(refreshesOf(world), []);
  await world.clock.advance(100_000);
  assert.deepEqual(refreshesOf(world), [200]);
  assert.equal(world.auth.claims?.jti, '2');
});

test('P7 X1 X3 tabs share the storage, the locks and the messages of their origin', async (t) => {
  const world = start(t);
  const { auth, clock } = world;
  const other = world.openTab();
  const heard = new Events(other);
  await world.signedIn({ claims: { sub: 'ada' } });
  assert.equal(other.claims?.sub, 'ada');
  assert.deepEqual(heard.of('signedin'), [{ elsewhere: true, restored: false }]);
  await world.expire();
  const calls = [auth, other, auth, other].map((tab) => statusOf(tab.fetchWithAuth('/a')));
  assert.deepEqual(await Promise.all(calls), [200, 200, 200, 200]);
  assert.deepEqual(refreshesOf(world), [200], 'one refresh for both');
  other.close();
  assert.equal(await world.openTab().ready(), 'signed-in', 'a reload');
  assert.equal(
    await world.openTab({ storage: memoryStorage(), tabs: false }).ready(),
    'signed-out',
  );
  const third = world.openTab();
  await auth.signOut();
  await clock.settle();
  assert.deepEqual(third.getSnapshot().reason, 'signed_out_elsewhere');
  assert.deepEqual(world.server.calls.at(-1)?.path, '/auth/logout');
});

test('P7 X3 a tab without messages learns from the storage', async (t) => {
  const world = start(t);
  const quiet = world.openTab({ tabs: false });
  await world.signedIn({ claims: { sub: 'ada' } });
  assert.equal(quiet.claims?.sub, 'ada');
});

test('P7 R9 while a route works, time stands still; a test may put it forward all the same', async (t) => {
  const world = start(t);
  const { auth, clock, server } = world;
  await world.signedIn();
  await world.expire();
  let answer = (): void => {};
  server.on('POST /auth/refresh', async () => {
    await new Promise<void>((resolve) => (answer = resolve));
    return { json: server.issue() };
  });
  const begin = clock.now();
  const call = statusOf(auth.fetchWithAuth('/a'));
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(clock.now(), begin);
  answer();
  assert.equal(await settled(call, 'a call'), 200);
  const late = auth.refresh().catch((error: unknown) => (error as { code: string }).code);
  await clock.advance(10_000);
  assert.equal(await settled(late, 'a refresh'), 'refresh_failed');
});

test('P7 two tests know nothing of each other', async (t) => {
  const [one, two] = [start(t), start(t)];
  await one.signedIn();
  await one.expire();
  assert.equal(two.auth.state, 'signed-out');
  assert.notEqual(one.clock.now(), two.clock.now());
});

for (const mode of ['hybrid', 'cookie'] as const) {
  test(`P7 C1 C4 mode ${mode}: a cookie that the page never sees`, async (t) => {
    const world = start(t, { mode });
    const { auth } = world;
    assert.equal(await auth.ready(), 'signed-out');
    await world.signedIn({ claims: { sub: 'ada' } });
    await world.expire();
    assert.equal(await statusOf(auth.fetchWithAuth('/a')), 200);
    assert.equal(refreshesOf(world).at(-1), 200);
    assert.equal(auth.claims?.sub, mode === 'hybrid' ? 'ada' : undefined);
    auth.close();
    const reloaded = world.openTab();
    assert.equal(await reloaded.ready(), 'signed-in');
    assert.equal(await statusOf(reloaded.fetchWithAuth('/a')), 200);
  });
}

test('P7 a client of the app’s own, of any entry of the package, on the same platform', async (t) => {
  const world = start(t, { refresh: '/token' });
  await world.signedIn();
  const auth = external.createAuthClient({ refresh: '/token', ...world.platform() });
  t.after(() => auth.close());
  assert.equal(await auth.ready(), 'signed-in');
  await world.expire();
  assert.equal(await statusOf(auth.fetchWithAuth('/a')), 200);
  assert.deepEqual(
    world.server.calls.map(({ path }) => path),
    ['/token', '/a'],
  );
});

test('P7 R3 R22 the server’s own words: dialects, and answers of another shape', async (t) => {
  const json = start(t, { refresh: { url: '/refresh', dialect: 'json' } });
  await json.signedIn();
  await json.expire();
  assert.equal(await statusOf(json.auth.fetchWithAuth('/a')), 200);

  const wrapped = createTestAuth({
    tokens: (answer: { data: { access_token: string } }) => answer.data,
    answers: (data) => ({ data }),
  });
  t.after(() => wrapped.close());
  wrapped.server.on('GET /a', {});
  await wrapped.signedIn();
  await wrapped.expire();
  assert.equal(await statusOf(wrapped.auth.fetchWithAuth('/a')), 204);
});
