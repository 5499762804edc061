// The package against the reference server: real tokens, real rotation, in every mode and dialect.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { type AuthClientOptions, createAuthClient, isExpired, type TokenResponse } from 'bearerkit';

import { useEmbedded } from '../server/support/databases.ts';
import { ADA, GRACE } from '../server/support/requests.ts';
import { startServer, type TestServer } from '../server/support/server.ts';
import { Events, type TestClient } from './support/client.ts';
import { Jar } from './support/cookies.ts';
import { MapStorage } from './support/storages.ts';

const database = useEmbedded();
const start = (t: TestContext): Promise<TestServer> => startServer(t, database());

function client(t: TestContext, server: TestServer, options: AuthClientOptions): TestClient {
  const auth = createAuthClient({ origins: [server.origin], ...options });
  t.after(() => auth.close());
  return { auth, events: new Events(auth) };
}

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

const CLIENT_ID = 'demo';
const KINDS: Record<
  string,
  {
    options: (server: TestServer) => AuthClientOptions;
    logIn: (server: TestServer) => Promise<Response>;
  }
> = {
  'the JSON dialect': {
    options: (server) => ({
      refresh: server.url('/auth/refresh'),
      signOut: server.url('/auth/logout'),
    }),
    logIn: (server) => fetch(server.url('/auth/login'), json(ADA)),
  },
  'the OAuth dialect': {
    options: (server) => ({
      refresh: { url: server.url('/oauth/token'), clientId: CLIENT_ID },
      signOut: server.url('/oauth/revoke'),
    }),
    logIn: (server) =>
      fetch(server.url('/oauth/token'), {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'password',
          username: ADA.email,
          password: ADA.password,
          client_id: CLIENT_ID,
        }),
      }),
  },
};

for (const [kind, { options, logIn }] of Object.entries(KINDS)) {
  test(`R1 R3 ${kind}: sign in, expire, 50 calls at once, sign out`, async (t) => {
    const server = await start(t);
    const { auth, events } = client(t, server, options(server));
    const response = await logIn(server);
    assert.equal(response.status, 200, await response.clone().text());
    const tokens = (await response.json()) as TokenResponse;
    await auth.setTokens(tokens);
    assert.equal(auth.claims?.['email'], ADA.email);
    assert.equal(isExpired((await auth.getAccessToken()) ?? ''), false);
    assert.equal((await auth.fetchWithAuth(server.url('/api/protected'))).status, 200);

    // The server's clock runs ahead of this one: by ours the token is good for long.
    server.advance(1000);
    const calls = Array.from({ length: 50 }, (_, i) =>
      auth.fetchWithAuth(server.url('/api/echo'), json({ i })),
    );
    for (const [i, call] of calls.entries()) {
      const answer = await call;
      assert.equal(answer.status, 200);
      assert.equal(((await answer.json()) as { text: string }).text, JSON.stringify({ i }));
    }
    assert.equal((await server.stats()).refreshRequests, 1);
    assert.equal(events.count('refreshed'), 1);

    const token = (await auth.getAccessToken()) ?? '';
    await auth.signOut();
    const stolen = await fetch(server.url('/api/me'), {
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.equal(stolen.status, 401, 'the session is over at the server, too');
  });

  for (const [fault, what] of [
    ['503', 'a 503'],
    ['html', 'captive portal, HTML with status 200'],
    ['drop', 'a connection that breaks'],
    ['drop_after', 'lost refresh answer'],
  ] as const) {
    test(`R8 ${what} (${kind}): the session is kept, and recovers by itself`, async (t) => {
      const server = await start(t);
      const { auth, events } = client(t, server, options(server));
      await auth.setTokens((await (await logIn(server)).json()) as TokenResponse);
      server.advance(1000);
      await server.fault(fault);
      assert.equal((await auth.fetchWithAuth(server.url('/api/me'))).status, 401);
      assert.equal(auth.state, 'signed-in');
      await events.until('refreshed');
      assert.equal((await auth.fetchWithAuth(server.url('/api/me'))).status, 200);
      assert.deepEqual(events.reasons, []);
    });
  }

  test(`R6 lost refresh answer (${kind}), no grace window: the session ends, once and without a loop`, async (t) => {
    const server = await startServer(t, database(), { refreshGraceSeconds: 0 });
    const { auth, events } = client(t, server, options(server));
    await auth.setTokens((await (await logIn(server)).json()) as TokenResponse);
    server.advance(1000);
    await server.fault('drop_after');
    const first = await auth.fetchWithAuth(server.url('/api/me'));
    assert.equal(first.status, 401, 'the answer is lost, and nothing known');
    assert.equal(auth.state, 'signed-in');
    await events.until('signedout');
    assert.deepEqual(events.reasons, ['refresh_rejected']);
    assert.equal((await server.stats()).refreshRequests, 2);
    const calls = [1, 2, 3].map(() => auth.fetchWithAuth(server.url('/api/me')));
    for (const call of calls) assert.equal((await call).status, 401);
    assert.equal((await server.stats()).refreshRequests, 2, 'it is not asked again');
  });

  test(`R6 ${kind}: a refresh token replayed outside the grace window ends the session, reason refresh_rejected`, async (t) => {
    const server = await start(t);
    const thief = client(t, server, options(server));
    const { auth, events } = client(t, server, options(server));
    const tokens = (await (await logIn(server)).json()) as TokenResponse;
    await thief.auth.setTokens(tokens);
    await auth.setTokens(tokens);
    await thief.auth.refresh();
    server.advance(3600);
    assert.equal((await auth.fetchWithAuth(server.url('/api/me'))).status, 401);
    assert.deepEqual(events.reasons, ['refresh_rejected']);
    await assert.rejects(
      thief.auth.refresh(),
      { code: 'refresh_rejected' },
      'the whole family is revoked',
    );
  });
}

test('V4 a banned user gets 401 at the next request, and the session ends', async (t) => {
  const server = await start(t);
  const jsonKind = KINDS['the JSON dialect'] ?? assert.fail();
  const { auth, events } = client(t, server, jsonKind.options(server));
  await auth.setTokens((await (await jsonKind.logIn(server)).json()) as TokenResponse);
  const admin = client(t, server, jsonKind.options(server));
  await admin.auth.setTokens(
    (await (await fetch(server.url('/auth/login'), json(GRACE))).json()) as TokenResponse,
  );
  const id = String(auth.claims?.sub);
  const ban = await admin.auth.fetchWithAuth(server.url(`/admin/users/${id}/ban`), {
    method: 'POST',
  });
  assert.ok(ban.ok, `${ban.status}`);
  assert.equal((await auth.fetchWithAuth(server.url('/api/me'))).status, 401);
  assert.deepEqual(events.reasons, ['refresh_rejected']);
  const unban = await admin.auth.fetchWithAuth(server.url(`/admin/users/${id}/unban`), {
    method: 'POST',
  });
  assert.ok(unban.ok);
});

for (const mode of ['cookie', 'hybrid'] as const) {
  test(`C1 C4 ${mode} mode: sign in, expire, 50 calls at once, reload, sign out`, async (t) => {
    const server = await start(t);
    const jar = new Jar();
    const storage = new MapStorage();
    const options = {
      mode,
      refresh: server.url(`/${mode}/refresh`),
      signOut: server.url(`/${mode}/logout`),
      fetch: jar.fetch,
      storage,
    };
    const { auth, events } = client(t, server, options);
    await auth.ready();
    const before = (await server.stats()).refreshRequests;
    const csrf = { 'Content-Type': 'application/json', 'X-CSRF': '1' };
    const login = await jar.fetch(server.url(`/${mode}/login`), {
      method: 'POST',
      credentials: 'include',
      headers: csrf,
      body: JSON.stringify(ADA),
    });
    assert.equal(login.status, 200);
    await auth.setTokens((await login.json()) as TokenResponse);
    assert.equal((await auth.fetchWithAuth(server.url('/api/protected'))).status, 200);
    assert.equal((await auth.fetchWithAuth(server.url('/api/echo'), json({ a: 1 }))).status, 200);

    server.advance(1000);
    const calls = Array.from({ length: 50 }, (_, i) =>
      auth.fetchWithAuth(server.url('/api/echo'), json({ i })),
    );
    for (const call of calls) assert.equal((await call).status, 200);
    assert.equal((await server.stats()).refreshRequests - before, 1);
    for (const value of jar.cookies.values()) assert.ok(!(storage.record ?? '').includes(value));
    assert.doesNotMatch(storage.record ?? '', /eyJ/);

    auth.close();
    const again = client(t, server, options);
    assert.equal(await again.auth.ready(), 'signed-in');
    assert.equal((await again.auth.fetchWithAuth(server.url('/api/me'))).status, 200);
    await again.auth.signOut();
    assert.equal(jar.cookies.size, 0);
    assert.equal(storage.map.size, 0);
    assert.deepEqual([...events.reasons, ...again.events.reasons], ['signed_out']);
    const next = client(t, server, options);
    assert.equal((await next.auth.fetchWithAuth(server.url('/api/me'))).status, 401);
    assert.equal(next.auth.state, 'signed-out');
  });
}
