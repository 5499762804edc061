// The recipes for backends: each against a small server that answers as the backend's documentation
// says (support/backends.ts, support/open_id_backends.ts).
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AuthClient, JwtPayload } from 'bearerkit';

import { Events } from '../js/support/client.ts';
import { type Answer, startHttpServer } from '../js/support/http_server.ts';
import { FakeWebStorage, installGlobal } from '../js/support/storages.ts';
import { until } from '../js/support/wait.ts';
import { sanctumTokens } from './code/backends/laravel.ts';
import { API, type Backend, type BackendServer, startBackend } from './support/backend.ts';
import { BACKENDS } from './support/backends.ts';
import { OPEN_ID_BACKENDS } from './support/open_id_backends.ts';

interface SignedIn {
  readonly server: BackendServer;
  readonly auth: AuthClient<JwtPayload, never>;
  readonly events: Events;
}

async function signIn(t: TestContext, backend: Backend): Promise<SignedIn> {
  installGlobal(t, 'sessionStorage', { value: new FakeWebStorage() });
  const server = await startBackend(t, backend);
  const auth = backend.make(server.origin);
  t.after(() => auth.close());
  const events = new Events(auth);
  await auth.setTokens(backend.signedIn(server.tokens) as never);
  assert.equal(await auth.getAccessToken(), server.tokens.access);
  return { server, auth, events };
}

/** The first of the answers to an expired token. */
const expiredAt = ({ expired }: Backend): Answer => Object.values(expired)[0] ?? {};

function testBackend(name: string, backend: Backend): void {
  test(`R5 ${name}: an expired token is refreshed, again and again`, async (t) => {
    const { server, auth, events } = await signIn(t, backend);
    const answers = Object.entries(backend.expired);
    for (const [i, [kind, answer]] of [...answers, ...answers, ...answers].entries()) {
      server.expire(answer);
      const responses = await Promise.all([1, 2, 3].map(() => auth.fetchWithAuth(server.url(API))));
      assert.deepEqual(
        responses.map(({ status }) => status),
        [200, 200, 200],
        kind,
      );
      assert.equal(server.refreshes, i + 1, kind);
    }
    assert.deepEqual([events.reasons, events.of('warning')], [[], []]);
  });

  for (const [kind, refusal] of Object.entries(backend.refresh.refusals)) {
    test(`R6 ${name}: ${kind}, and the session is over`, async (t) => {
      const { server, auth, events } = await signIn(t, backend);
      server.expire(expiredAt(backend));
      server.fail(refusal);
      const response = await auth.fetchWithAuth(server.url(API));
      assert.equal(response.status, expiredAt(backend).status, 'the server’s own answer');
      assert.equal(auth.state, 'signed-out');
      await events.until('signedout');
      assert.deepEqual(events.reasons, ['refresh_rejected']);
      assert.equal(server.refreshes, 1);
    });
  }

  for (const [kind, failure] of Object.entries(backend.refresh.passing)) {
    test(`R8 ${name}: ${kind}, and the session is kept, however often`, async (t) => {
      const { server, auth, events } = await signIn(t, backend);
      server.expire(expiredAt(backend));
      server.fail(failure);
      const response = await auth.fetchWithAuth(server.url(API));
      assert.equal(response.status, expiredAt(backend).status, 'the server’s own answer');
      // R17: an unclear refusal would end the session now.
      const { now } = Date;
      for (const minutes of [1, 2]) {
        t.mock.method(Date, 'now', () => now() + minutes * 60_000);
        await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
      }
      server.fail(undefined);
      await auth.refresh();
      assert.equal((await auth.fetchWithAuth(server.url(API))).status, 200);
      assert.deepEqual(events.reasons, []);
    });
  }

  const { signOut } = backend;
  if (signOut === undefined) return;
  test(`L1 ${name}: the server is told of a sign-out`, async (t) => {
    const { server, auth } = await signIn(t, backend);
    await auth.signOut();
    await until(() => server.to(signOut.path).length === 1, 'told');
    const [told] = server.to(signOut.path);
    assert.ok(told !== undefined && signOut.takes(told, server.tokens));
  });
}

for (const backends of [BACKENDS, OPEN_ID_BACKENDS]) {
  for (const [name, backend] of Object.entries(backends)) testBackend(name, backend);
}

// https://laravel.com/docs/sanctum#api-token-authentication
test('R12 Sanctum’s tokens: nothing refreshes them, and the session ends with its token', async (t) => {
  const server = await startHttpServer(t);
  const token = '1|laravel_sanctum_q7Pz0s';
  let answer: Answer = { json: { id: 1 } };
  server.route('/api/user', ({ headers }) =>
    headers.authorization === `Bearer ${token}` ? answer : { status: 500 },
  );
  const auth = sanctumTokens(server.origin);
  t.after(() => auth.close());
  const events = new Events(auth as unknown as AuthClient);
  await auth.setTokens({ token });
  assert.equal((await auth.fetchWithAuth(server.url('/api/user'))).status, 200);
  answer = {
    status: 429,
    headers: { 'Retry-After': '60' },
    json: { message: 'Too Many Attempts.' },
  };
  assert.equal((await auth.fetchWithAuth(server.url('/api/user'))).status, 429);
  assert.equal(auth.state, 'signed-in');
  answer = { status: 401, json: { message: 'Unauthenticated.' } };
  assert.equal((await auth.fetchWithAuth(server.url('/api/user'))).status, 401);
  await events.until('signedout');
  assert.deepEqual(events.reasons, ['expired']);
  await auth.setTokens({ token });
  await auth.signOut();
  await until(() => server.to('/api/logout').length === 1, 'told');
  assert.equal(server.to('/api/logout')[0]?.headers.authorization, `Bearer ${token}`);
});
