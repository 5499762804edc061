// R15: servers that refuse a token otherwise than by a 401.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { type AuthClient, type AuthClientOptions, createAuthClient } from 'bearerkit';

import { type AuthServer, startAuthServer } from './support/auth_server.ts';
import { type Events, signIn } from './support/client.ts';
import { type Answer, type HttpServer, startHttpServer } from './support/http_server.ts';
import { Gate, settled } from './support/wait.ts';

type Refused = NonNullable<AuthClientOptions['refused']>;

interface Started {
  server: AuthServer;
  auth: AuthClient;
  events: Events;
  /** What `refused` was asked about. */
  asked: number[];
}

/** A server that answers `refusal` where others answer 401. */
async function start(t: TestContext, refusal: Answer, refused: Refused): Promise<Started> {
  const server = await startAuthServer(t);
  server.route('/own/', ({ headers }) =>
    server.generationOf(headers.authorization?.slice(7) ?? '') === undefined
      ? refusal
      : { json: { data: 1 } },
  );
  const asked: number[] = [];
  const client = await signIn(t, server, {
    refused: (response) => {
      asked.push(response.status);
      return refused(response);
    },
  });
  return { server, asked, ...client };
}

interface GraphqlAnswer {
  errors?: { extensions?: { code?: string } }[];
}

const GRAPHQL: Answer = { json: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } };
const unauthenticated: Refused = async (response) => {
  const { errors } = (await response.json()) as GraphqlAnswer;
  return errors?.some((error) => error.extensions?.code === 'UNAUTHENTICATED') ?? false;
};

const WAYS: Record<string, [Answer, Refused]> = {
  'a 403': [{ status: 403, body: 'no' }, ({ status }) => status === 403],
  'a 419': [{ status: 419 }, ({ status }) => Promise.resolve(status === 419)],
  'a GraphQL answer': [GRAPHQL, unauthenticated],
  'a 401 that names another scheme': [
    { status: 401, headers: { 'WWW-Authenticate': 'jwt-auth' }, body: 'no' },
    ({ status }) => status === 401,
  ],
};

// In each form that has a way of its own through the client.
const FORMS: Record<string, (auth: AuthClient, url: string) => Promise<Response>> = {
  'a URL': (auth, url) => auth.fetchWithAuth(url),
  'a POST': (auth, url) => auth.fetchWithAuth(url, { method: 'POST', body: 'x' }),
  'a Request': (auth, url) => auth.fetchWithAuth(new Request(url, { method: 'PUT', body: 'x' })),
};

for (const [way, [refusal, refused]] of Object.entries(WAYS)) {
  for (const [form, send] of Object.entries(FORMS)) {
    test(`R15 ${way} counts as a 401: one refresh, one retry (${form})`, async (t) => {
      const { server, auth } = await start(t, refusal, refused);
      server.expire();
      const calls = Array.from({ length: 5 }, () => send(auth, server.url('/own/a')));
      for (const call of calls) {
        const response = await call;
        assert.equal(response.status, 200);
        assert.deepEqual(await response.json(), { data: 1 });
      }
      assert.equal(server.refreshes.length, 1);
      assert.equal(server.to('/own/a').length, 10);
    });

    test(`R15 R14 ${way} to a fresh token is delivered whole, and starts no further refresh (${form})`, async (t) => {
      const { server, auth } = await start(t, refusal, refused);
      server.route('/own/never', () => refusal);
      const plain = await (await fetch(server.url('/own/never'))).text();
      for (let i = 0; i < 4; i++) {
        const response = await send(auth, server.url('/own/never'));
        assert.equal(response.status, refusal.status ?? 200);
        assert.equal(response.bodyUsed, false);
        assert.equal(await response.text(), plain);
      }
      assert.equal(server.refreshes.length, 1);
      assert.equal(server.to('/own/never').length, 1 + 5);
    });
  }
}

test('R15 it is asked about each answer but a 401, and only where the core may retry', async (t) => {
  const { server, auth, asked } = await start(t, { status: 403 }, () => false);
  const foreign = await startHttpServer(t, '127.0.0.2');
  const url = server.url('/own/a');
  assert.equal((await auth.fetchWithAuth(url)).status, 200);
  server.route('/own/404', () => ({ status: 404 }));
  assert.equal((await auth.fetchWithAuth(server.url('/own/404'))).status, 404);
  assert.deepEqual(asked.splice(0), [200, 404]);

  server.route('/own/away', () => ({ status: 302, headers: { Location: foreign.url('/') } }));
  server.route('/own/moved', () => ({ status: 302, headers: { Location: '/own/a' } }));
  await auth.fetchWith({ retry: false })(url); // F9
  await auth.fetchWithAuth(url, { headers: { Authorization: 'Bearer own' } }); // B4
  await auth.fetchWithAuth(foreign.url('/')); // B2
  await auth.fetchWithAuth(server.url('/own/away')); // B8
  assert.deepEqual(asked, []);
  await auth.fetchWithAuth(server.url('/own/moved'));
  assert.deepEqual(asked.splice(0), [200]);

  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.deepEqual(asked.splice(0), [200], 'not about the 401 before it');
  await auth.signOut();
  await auth.fetchWithAuth(url);
  assert.deepEqual(asked, []);
});

test('R15 the app may read the body in any way, and the caller still gets it', async (t) => {
  const readers: ((response: Response) => unknown)[] = [
    (response) => response.text(),
    (response) => response.arrayBuffer(),
    (response) => response.clone().json(),
    (response) => response.body?.cancel(),
    (response) => response.body?.getReader().cancel(),
    (response) => (response.body === null ? '' : response.text()),
    (response) => [response.headers.get('content-type'), response.url],
  ];
  for (const reader of readers) {
    const { server, auth } = await start(t, {}, async (response) => {
      assert.equal(response.ok, true);
      assert.ok(response instanceof Response);
      await settled(Promise.resolve(reader(response)), 'the reader');
      return false;
    });
    const response = await auth.fetchWithAuth(server.url('/own/a'));
    assert.equal(response.bodyUsed, false);
    assert.deepEqual(await response.json(), { data: 1 });
  }
});

test('R15 the very Response is delivered, and no copy is made of what is not read', async (t) => {
  const given = new Response('x');
  const clone = t.mock.method(given, 'clone');
  const auth = createAuthClient({
    origins: ['https://api.example.com'],
    fetch: () => Promise.resolve(given),
    refused: ({ status }) => status === 403,
  });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'a', refresh_token: 'r' });
  assert.equal(await auth.fetchWithAuth('https://api.example.com/'), given);
  assert.equal(await auth.fetchWithAuth('https://api.example.com/', { method: 'POST' }), given);
  assert.equal(clone.mock.callCount(), 0);
});

for (const how of ['throws', 'rejects'] as const) {
  test(`R15 X5 if it ${how}, the answer is delivered and the error reported`, async (t) => {
    const reported = t.mock.method(console, 'error', () => undefined);
    const mine = new Error('mine');
    const { server, auth } = await start(t, { status: 403 }, () => {
      if (how === 'throws') throw mine;
      return Promise.reject(mine);
    });
    server.expire();
    assert.equal((await auth.fetchWithAuth(server.url('/own/a'))).status, 403);
    assert.equal(reported.mock.calls[0]?.arguments[0], mine);
    assert.equal(server.refreshes.length, 0);
  });
}

/** With a call whose answer waits for the app's word. */
async function startWaiting(
  t: TestContext,
  init?: RequestInit,
): Promise<Started & { gate: Gate; call: Promise<Response> }> {
  const gate = new Gate();
  const started = await start(t, { status: 403 }, async () => {
    await gate.pass();
    return true;
  });
  started.server.expire();
  const call = started.auth.fetchWithAuth(started.server.url('/own/a'), init);
  await gate.until(1);
  return { ...started, gate, call };
}

test('R15 F4 an abort ends the wait for its word', async (t) => {
  const controller = new AbortController();
  const { server, auth, gate, call } = await startWaiting(t, { signal: controller.signal });
  controller.abort('mine');
  await assert.rejects(settled(call, 'the call'), (error) => error === 'mine');
  gate.open();
  assert.equal((await auth.fetchWithAuth(server.url('/own/b'))).status, 200);
  assert.equal(server.refreshes.length, 1);
});

test('R15 R10 a client that is closed meanwhile delivers the answer', async (t) => {
  const { auth, gate, call } = await startWaiting(t);
  auth.close();
  gate.open();
  assert.equal((await settled(call, 'the call')).status, 403);
});

test('R15 C1 in cookie mode, too', async (t) => {
  const server: HttpServer = await startHttpServer(t);
  let good = true;
  server.route('/api', () => ({ status: good ? 200 : 419 }));
  server.route('/refresh', () => {
    good = true;
    return { json: { expiresIn: 900 } };
  });
  const auth = createAuthClient({
    mode: 'cookie',
    refresh: server.url('/refresh'),
    origins: [server.origin],
    refused: ({ status }) => status === 419,
  });
  t.after(() => auth.close());
  await auth.setTokens({ expiresIn: 900 });
  good = false;
  assert.equal((await auth.fetchWithAuth(server.url('/api'))).status, 200);
  assert.equal(server.to('/refresh').length, 1);
});

test('R15 what is no function is refused by its name', () => {
  for (const refused of [true, 403, {}, null]) {
    assert.throws(() => createAuthClient({ refused } as unknown as AuthClientOptions), {
      code: 'invalid_config',
      message: /^refused must be a function\./,
    });
  }
});
