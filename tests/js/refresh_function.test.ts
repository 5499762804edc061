// R20, R21: what a refresh function is given, and what it must not wait for.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AuthError, type RefreshFunction } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { Clock, signIn, startClient } from './support/client.ts';
import { startHttpServer } from './support/http_server.ts';
import { settled } from './support/wait.ts';

type Context = Parameters<RefreshFunction>[0];

test('R20 a refresh function gets the access token, too', async (t) => {
  const server = await startAuthServer(t);
  const seen: Context[] = [];
  const refresh: RefreshFunction = (context) => {
    seen.push(context);
    return Promise.resolve({ access_token: 'next' });
  };
  const { auth } = await signIn(t, server, { refresh });
  await auth.refresh();
  assert.equal(seen[0]?.accessToken, server.accessToken);
  assert.equal(seen[0].refreshToken, server.refreshToken);
});

// tymon/jwt-auth: one token, that is refreshed by itself.
test('R20 a session without a refresh token refreshes where the endpoint wants the access token', async (t) => {
  const server = await startHttpServer(t);
  server.route('/refresh', ({ headers }) =>
    headers.authorization === 'Bearer one' ? { json: { access_token: 'two' } } : { status: 401 },
  );
  server.route('/api/', ({ headers }) => ({
    status: headers.authorization === 'Bearer two' ? 200 : 401,
  }));
  const { auth, events } = startClient(t, server, {
    refresh: { url: server.url('/refresh'), sendAccessToken: true },
  });
  await auth.setTokens({ access_token: 'one', token_type: 'bearer', expires_in: 3600 });
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.equal(server.to('/refresh')[0]?.body.length, 0);
  assert.deepEqual(events.reasons, []);
});

const CALLS: Record<
  string,
  (auth: ReturnType<typeof startClient>['auth'], url: string) => unknown
> = {
  getAccessToken: (auth) => auth.getAccessToken(),
  'refresh()': (auth) => auth.refresh(),
  fetchWithAuth: (auth, url) => auth.fetchWithAuth(url),
  'fetchWithAuth with a body': (auth, url) =>
    auth.fetchWithAuth(url, { method: 'POST', body: 'x', signal: new AbortController().signal }),
};

for (const [what, call] of Object.entries(CALLS)) {
  test(`R21 ${what} within the refresh function is told that it would wait for itself`, async (t) => {
    const server = await startAuthServer(t);
    const clock = new Clock();
    let fails = true;
    const { auth } = startClient(t, server, {
      clock,
      refresh: async () => {
        if (fails) await call(auth, server.url('/api/a'));
        return { access_token: 'next', expires_in: 900 };
      },
    });
    await auth.setTokens({ ...server.signIn(), expires_in: 60 });
    clock.advance(61);
    const error: unknown = await settled(
      auth.refresh().catch((e: unknown) => e),
      'the refresh',
    );
    assert.ok(error instanceof AuthError && error.cause instanceof AuthError);
    assert.equal(error.failure?.kind, 'threw');
    assert.equal(error.cause.code, 'waits_for_itself');
    fails = false;
    await auth.refresh();
    assert.equal(await auth.getAccessToken(), 'next', 'and all goes on');
  });
}

test('R21 the fetch that it is given waits for nothing', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server, {
    refresh: async ({ fetch, refreshToken, signal }) =>
      fetch(server.url('/refresh'), {
        method: 'POST',
        body: new URLSearchParams({ refresh_token: refreshToken ?? '' }),
        signal,
      }),
  });
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.equal(server.refreshes[0]?.headers.authorization, undefined);
});

test('R21 other calls wait for it as ever', async (t) => {
  const server = await startAuthServer(t);
  let give: (tokens: { access_token: string }) => void = () => undefined;
  const { auth } = await signIn(t, server, {
    refresh: () => new Promise((resolve) => (give = resolve)),
  });
  const first = auth.refresh();
  const second = auth.refresh();
  give({ access_token: 'next' });
  await first;
  await second;
  assert.equal(await auth.getAccessToken(), 'next');
});
