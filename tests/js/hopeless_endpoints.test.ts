// R14: endpoints that answer 401 whatever the token is.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AuthClient } from 'bearerkit';

import { type AuthServer, startAuthServer } from './support/auth_server.ts';
import { Clock, type Events, signIn } from './support/client.ts';

const PATH = '/api/check-password';

interface Started {
  server: AuthServer;
  auth: AuthClient;
  events: Events;
  /** What the endpoint answers. */
  answer: { status: number };
}

async function start(t: TestContext, options: { clock?: Clock } = {}): Promise<Started> {
  const server = await startAuthServer(t);
  const answer = { status: 401 };
  server.route(PATH, () => ({ status: answer.status }));
  return { server, answer, ...(await signIn(t, server, options)) };
}

// In each form that has a way of its own through the client.
const FORMS: Record<string, (auth: AuthClient, url: string) => Promise<Response>> = {
  'a URL': (auth, url) => auth.fetchWithAuth(url),
  'a POST': (auth, url) => auth.fetchWithAuth(new URL(url), { method: 'POST', body: 'x' }),
  'a Request': (auth, url) => auth.fetchWithAuth(new Request(url, { method: 'PUT', body: 'x' })),
};

for (const [form, send] of Object.entries(FORMS)) {
  test(`R14 an endpoint that answers 401 to a fresh token starts no further refresh: ${form}`, async (t) => {
    const { server, auth, events, answer } = await start(t);
    const url = server.url(PATH);
    for (let i = 0; i < 5; i++) assert.equal((await send(auth, `${url}?try=${i}#x`)).status, 401);
    assert.equal(server.refreshes.length, 1);
    assert.equal(server.to(PATH).length, 6);

    server.expire();
    assert.equal((await send(auth, server.url('/api/other'))).status, 200);
    assert.equal(server.refreshes.length, 2, "another endpoint's 401 refreshes");
    assert.equal((await send(auth, url)).status, 401);
    assert.equal(server.refreshes.length, 2, 'and changes nothing here');

    answer.status = 200;
    assert.equal((await send(auth, url)).status, 200);
    answer.status = 401;
    assert.equal((await send(auth, url)).status, 401);
    assert.equal(server.refreshes.length, 3, 'it has answered otherwise in between');
    assert.equal((await send(auth, url)).status, 401);
    assert.equal(server.refreshes.length, 3);

    await auth.setTokens(server.signIn());
    assert.equal((await send(auth, url)).status, 401);
    assert.equal(server.refreshes.length, 4, 'after a new sign-in');
    assert.deepEqual(events.reasons, []);
  });
}

test('R14 an endpoint that answers 401 to streams costs one refresh, not one for each', async (t) => {
  const clock = new Clock();
  const { server, auth, events } = await start(t, { clock });
  const send = async (): Promise<number> => {
    const body = new Blob(['a', 'b']).stream();
    const init = { method: 'POST', body, duplex: 'half' as const };
    return (await auth.fetchWithAuth(server.url(PATH), init)).status;
  };
  clock.advance(61);
  for (let i = 0; i < 5; i++) assert.equal(await send(), 401);
  assert.equal(server.refreshes.length, 1);
  assert.equal((await auth.fetchWithAuth(server.url('/api/other'))).status, 200);
  assert.equal(server.refreshes.length, 1, 'the token is still good elsewhere');
  assert.deepEqual(events.reasons, []);
});

test('R14 an endpoint is a method and a path', async (t) => {
  const { server, auth } = await start(t);
  const url = server.url(PATH);
  assert.equal((await auth.fetchWithAuth(url)).status, 401);
  assert.equal((await auth.fetchWithAuth(url, { method: 'POST' })).status, 401);
  assert.equal(server.refreshes.length, 2, 'GET says nothing of POST');
  assert.equal((await auth.fetchWithAuth(url, { method: 'get' })).status, 401);
  assert.equal((await auth.fetchWithAuth(new Request(`${url}?q=1`))).status, 401);
  assert.equal((await auth.fetchWithAuth(`${server.origin}/api/x/..${PATH.slice(4)}`)).status, 401);
  assert.equal(server.refreshes.length, 2);
});

test('R14 the current token is refreshed at its time, and calls of other endpoints go on', async (t) => {
  const { server, auth } = await start(t);
  for (let i = 0; i < 3; i++) await auth.fetchWithAuth(server.url(PATH));
  const calls = Array.from({ length: 20 }, (_, i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
  for (const call of calls) assert.equal((await call).status, 200);
  assert.equal(server.calls.length, 4 + 20);
  await auth.refresh();
  assert.equal(server.refreshes.length, 2);
  assert.equal((await auth.fetchWithAuth(server.url(PATH))).status, 401);
  assert.equal(server.refreshes.length, 2, 'a new token is no reason to try again');
});
