// F9: a fetch whose 401 is its caller's. F17: one that another function sends.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AuthError, type FetchOptions } from 'bearerkit';

import { startAuthServer, UNAUTHORIZED_BODY } from './support/auth_server.ts';
import { Clock, signIn, startClient } from './support/client.ts';
import { inRealm } from './support/realm.ts';
import { installGlobal } from './support/storages.ts';

test('F9 fetchWith({ retry: false }) attaches the token and delivers a 401, without a refresh', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const once = auth.fetchWith({ retry: false });
  assert.equal((await once(server.url('/api/a'))).status, 200);
  server.expire();
  const plain = await once(server.url('/api/b'));
  assert.equal(plain.status, 401);
  assert.equal(await plain.text(), UNAUTHORIZED_BODY);
  const init = { method: 'POST', body: 'x' };
  assert.equal((await once(server.url('/api/b'), init)).status, 401);
  assert.equal((await once(new Request(server.url('/api/b'), init))).status, 401);
  assert.equal(server.to('/api/b').length, 3, 'each was sent once');
  assert.equal(server.refreshes.length, 0);
  for (const { headers } of server.to('/api/b')) {
    assert.equal(headers.authorization, `Bearer ${server.accessToken}`);
  }
  // The client's own fetch is as ever.
  assert.equal((await auth.fetchWithAuth(server.url('/api/c'))).status, 200);
  assert.equal(server.refreshes.length, 1);
  assert.equal((await once(server.url('/api/b'))).status, 200);
});

test('F9 R11 a token that has expired by the clock is refreshed before it is sent', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 900 });
  const clock = new Clock();
  const { auth } = await signIn(t, server, { clock });
  const once = auth.fetchWith({ retry: false });
  clock.advance(901);
  server.expire();
  assert.equal((await once(server.url('/api/a'))).status, 200);
  assert.equal(server.refreshes.length, 1);
  assert.equal(server.to('/api/a').length, 1);
});

test('F9 retry: true, and no option at all, is fetchWithAuth', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  for (const options of [{ retry: true }, {}, { retry: undefined }]) {
    server.expire();
    assert.equal((await auth.fetchWith(options)(server.url('/api/a'))).status, 200);
  }
  assert.equal(server.refreshes.length, 3);
});

test('F9 an option that there is not is refused by its name', async (t) => {
  const { auth } = startClient(t, await startAuthServer(t));
  const wrong: unknown[] = [
    undefined,
    null,
    5,
    { retry: 'no' },
    { retry: null },
    { retries: 0 },
    { fetch: 'no' },
  ];
  for (const options of wrong) {
    assert.throws(
      () => auth.fetchWith(options as FetchOptions),
      (error) => error instanceof AuthError && error.code === 'invalid_config',
      JSON.stringify(options),
    );
  }
});

test('F9 after close() its calls reject', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const once = auth.fetchWith({ retry: false });
  auth.close();
  await assert.rejects(once(server.url('/api/a')), { code: 'closed' });
  await assert.rejects(auth.fetchWith({ retry: false })(server.url('/api/a')), { code: 'closed' });
});

test('F9 F8 it works while the core is loaded', async (t) => {
  const server = await startAuthServer(t);
  server.route('/warm', () => ({ body: 'up' }));
  const seen = await inRealm(
    t,
    { wasm: false, warmUp: server.url('/warm') },
    async (kit, { origin, tokens }) => {
      const auth = kit.createAuthClient({ refresh: `${origin}/refresh`, origins: [origin] });
      const once = auth.fetchWith({ retry: false });
      const set = auth.setTokens(tokens);
      const first = once(`${origin}/api/a`, { method: 'POST', body: 'x' });
      await set;
      const statuses = [(await first).status, (await once(`${origin}/api/a`)).status];
      statuses.push((await auth.fetchWithAuth(`${origin}/api/a`)).status);
      auth.close();
      return statuses;
    },
    // The token is no good from the start: the server has another one by now.
    { origin: server.origin, tokens: { ...server.signIn(), access_token: 'old' } },
  );
  assert.deepEqual(seen, [401, 401, 200]);
  assert.equal(server.refreshes.length, 1);
});

test('F17 fetchWith({ fetch }) sends and retries by that fetch; the refresh is by the client’s own', async (t) => {
  const server = await startAuthServer(t);
  const sent: string[] = [];
  const by =
    (name: string): typeof fetch =>
    (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      sent.push(`${name} ${pathname}`);
      return fetch(input, init);
    };
  const { auth } = await signIn(t, server, { fetch: by('own') });
  const given = auth.fetchWith({ fetch: by('given') });
  await given(server.url('/api/plain'));
  assert.deepEqual(sent.splice(0), ['given /api/plain']);
  server.expire();
  const calls = [
    given(server.url('/api/a')),
    given(new Request(server.url('/api/b'), { method: 'POST', body: 'x' })),
    auth.fetchWithAuth(server.url('/api/c')),
  ];
  for (const answer of await Promise.all(calls)) assert.equal(answer.status, 200);
  const twice = ['given /api/a', 'given /api/b', 'own /api/c'].flatMap((call) => [call, call]);
  assert.deepEqual(sent.sort(), [...twice, 'own /refresh']);
});

test('F17 F9 both options together; what fetch throws is the caller’s', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const own = new Error('the own one');
  const broken = auth.fetchWith({ fetch: () => Promise.reject(own), retry: false });
  await assert.rejects(broken(server.url('/api/a')), own);
  await assert.rejects(broken(new Request(server.url('/api/a'))), own);
  const once = auth.fetchWith({ fetch: (input, init) => fetch(input, init), retry: false });
  server.expire();
  assert.equal((await once(server.url('/api/a'))).status, 401);
  assert.equal(server.refreshes.length, 0);
});

test('F18 what the platform’s own fetch has besides, as in Bun, the client’s have too', async (t) => {
  const server = await startAuthServer(t);
  assert.equal(Object.hasOwn((await signIn(t, server)).auth.fetchWithAuth, 'preconnect'), false);
  const preconnect = (): void => undefined;
  installGlobal(t, 'fetch', { value: Object.assign(fetch.bind(globalThis), { preconnect }) });
  const { auth } = await signIn(t, server);
  const { fetchWithAuth } = auth;
  for (const signed of [fetchWithAuth, auth.fetchWith({ retry: false })]) {
    assert.equal(Reflect.get(signed, 'preconnect'), preconnect);
    assert.equal((await signed(server.url('/api/a'))).status, 200);
  }
});
