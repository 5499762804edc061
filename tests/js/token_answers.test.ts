// R3, R22, L5, L9: answers in other words, whose they are, and what is kept of them.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import {
  AuthError,
  createAuthClient,
  type AuthClientOptions,
  type SignOutFunction,
  type TokenResponse,
} from 'bearerkit';

import { type Events, startClient, type TestClient } from './support/client.ts';
import { type Answer, type HttpServer, startHttpServer } from './support/http_server.ts';
import { MapStorage } from './support/storages.ts';
import { makeJwt } from './support/tokens.ts';
import { turns } from './support/wait.ts';

interface Started extends TestClient {
  server: HttpServer;
  /** The answers of /refresh, the last one again and again. */
  answers: Answer[];
}

async function start(
  t: TestContext,
  options: AuthClientOptions,
  ...answers: Answer[]
): Promise<Started> {
  const server = await startHttpServer(t);
  server.route('/refresh', () => (answers.length > 1 ? answers.shift() : answers[0]) ?? {});
  server.route('/api/', ({ headers }) => ({ json: headers.authorization ?? null }));
  return { server, answers, ...startClient(t, server, options) };
}

const typesOf = (events: Events): string[] => events.all.map(({ type }) => type);

// ---- R3 ----

test('R3 json_snake: JSON with the names of OAuth, for the refresh and the sign-out', async (t) => {
  const server = await startHttpServer(t);
  server.route('/token', () => ({ json: { access_token: 'b', refresh_token: 's' } }));
  const { auth } = startClient(t, server, {
    refresh: { url: server.url('/token?grant_type=refresh_token'), dialect: 'json_snake' },
    signOut: { url: server.url('/logout'), dialect: 'json_snake' },
  });
  await auth.setTokens({ access_token: 'a', refresh_token: 'r' });
  await auth.refresh();
  await auth.signOut();
  const [sent] = server.to('/token');
  assert.equal(sent?.headers['content-type'], 'application/json');
  assert.equal(sent.query, '?grant_type=refresh_token');
  assert.equal(sent.body.toString(), '{"refresh_token":"r"}');
  assert.equal(server.to('/logout')[0]?.body.toString(), '{"refresh_token":"s"}');
});

// ---- R22 ----

interface Wrapped {
  data: { access: string; refresh: string };
}

// As an app has it whose types know nothing of the wrapping.
const wrap = (access: string, refresh: string): TokenResponse =>
  ({ data: { access, refresh } }) as unknown as TokenResponse;
const tokens = (answer: TokenResponse): TokenResponse => {
  const { data } = answer as unknown as Wrapped;
  return { accessToken: data.access, refreshToken: data.refresh };
};

test('R22 tokens finds them in any answer, for setTokens and for the refresh', async (t) => {
  const { server, auth } = await start(
    t,
    { tokens },
    {
      json: wrap('b', 's'),
    },
  );
  await auth.setTokens(wrap('a', 'r'));
  assert.equal(await auth.getAccessToken(), 'a');
  await auth.refresh();
  assert.equal(await auth.getAccessToken(), 'b');
  await auth.refresh();
  assert.deepEqual(
    server.to('/refresh').map(({ body }) => body.toString()),
    ['{"refreshToken":"r"}', '{"refreshToken":"s"}'],
  );
});

test('R22 what tokens throws is the cause of setTokens', async (t) => {
  const mine = new TypeError('mine');
  const { auth } = await start(t, {
    tokens: () => {
      throw mine;
    },
  });
  await assert.rejects(auth.setTokens({ access_token: 'a' }), (error) => {
    assert.ok(error instanceof AuthError);
    assert.equal(error.code, 'invalid_token_response');
    assert.equal(error.cause, mine);
    return true;
  });
  assert.equal(auth.state, 'signed-out');
});

test('R22 where tokens throws or finds none, the answer itself may have them', async (t) => {
  const options = { tokens } as AuthClientOptions;
  const plain = { json: { accessToken: 'b', data: { access: undefined } } };
  const { auth } = await start(t, options, { json: { accessToken: 'b' } }, plain);
  await auth.setTokens(wrap('a', 'r'));
  await auth.refresh();
  assert.equal(await auth.getAccessToken(), 'b');
  await auth.refresh();
  assert.equal(await auth.getAccessToken(), 'b');
});

test('R22 else the refresh has failed by what it threw, unless the server says more', async (t) => {
  const options = { tokens } as AuthClientOptions;
  const over = { json: { error: 'invalid_grant' } };
  const { auth, events } = await start(t, options, { json: { nothing: 1 } }, over);
  await auth.setTokens(wrap('a', 'r'));
  await assert.rejects(auth.refresh(), (error) => {
    assert.ok(error instanceof AuthError && error.cause instanceof TypeError);
    assert.deepEqual(error.failure, { kind: 'threw', status: 200 });
    return true;
  });
  await assert.rejects(auth.refresh(), { code: 'refresh_rejected' });
  assert.equal(events.of('signedout')[0]?.cause?.error, 'invalid_grant');
});

test('R22 a refresh function answers in the same words', async (t) => {
  const refresh = () => Promise.resolve(wrap('b', 's'));
  const { auth } = await start(t, { tokens, refresh });
  await auth.setTokens(wrap('a', 'r'));
  await auth.refresh();
  assert.equal(await auth.getAccessToken(), 'b');
});

// ---- L5 ----

const identify: AuthClientOptions['identify'] = ({ user }) =>
  (user as { id: number } | undefined)?.id;

for (const mode of ['bearer', 'hybrid', 'cookie'] as const) {
  test(`L5 identify tells that a refresh brought another user: ${mode}`, async (t) => {
    const { server, auth, events } = await start(
      t,
      { mode, identify, storage: new MapStorage() },
      { json: { access_token: 'a', refresh_token: 'r', user: { id: 1 } } },
    );
    await auth.ready();
    const answer = { access_token: 'a', refresh_token: 'r', user: { id: 1 } };
    await auth.setTokens(answer);
    await auth.refresh();
    const next = { access_token: 'b', refresh_token: 's' };
    server.route('/refresh', () => ({ json: next }));
    await auth.refresh();
    assert.ok(!typesOf(events).includes('signedout'), 'unknown is equal');
    events.all.length = 0;
    server.route('/refresh', () => ({ json: { ...next, user: { id: 2 } } }));
    let expired = true;
    server.route('/api/', () => ({ status: expired ? 401 : 200 }));
    const call = await auth.fetchWithAuth(server.url('/api/a'), { method: 'POST', body: "Ada's" });
    assert.equal(call.status, 401);
    assert.equal(server.to('/api/a').length, 1, 'sent once');
    await events.until('signedin');
    assert.deepEqual(typesOf(events), ['signedout', 'signedin']);
    assert.deepEqual(events.reasons, ['replaced']);
    expired = false;
    assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 200);
  });
}

test('L5 identify that throws says nothing, and no answer is lost for it', async (t) => {
  const { auth } = await start(
    t,
    {
      identify: () => {
        throw new Error('mine');
      },
    },
    { json: { access_token: 'b' } },
  );
  await auth.setTokens({ access_token: 'a', refresh_token: 'r' });
  await auth.refresh();
  assert.equal(await auth.getAccessToken(), 'b');
});

for (const [what, odd] of Object.entries({
  'a promise': Promise.resolve('ada'),
  'an object': { id: 'ada' },
  'an object that is no text': Object.create(null) as unknown,
})) {
  test(`L5 identify that gives ${what} makes no two users one: the tokens say whose they are`, async (t) => {
    const reported = t.mock.method(console, 'error', () => {});
    const [ada, grace] = ['ada', 'grace'].map((sub) => makeJwt({ sub }));
    const { auth, events } = await start(
      t,
      { identify: () => odd as string },
      {
        json: { access_token: grace },
      },
    );
    await auth.setTokens({ access_token: String(ada), refresh_token: 'r' });
    await auth.refresh().catch(() => {});
    assert.deepEqual(events.reasons, ['replaced']);
    assert.ok(reported.mock.callCount() > 0, 'told to the app like any uncaught error');
  });
}

test('L5 a user may be a number', async (t) => {
  const { server, auth, events } = await start(
    t,
    {},
    {
      json: { access_token: makeJwt({ sub: 2 }) },
    },
  );
  await auth.setTokens({ access_token: makeJwt({ sub: 1 }), refresh_token: 'r' });
  server.route('/api/', () => ({ status: 401 }));
  const call = await auth.fetchWithAuth(server.url('/api/a'), { method: 'POST', body: "Ada's" });
  assert.equal(call.status, 401);
  assert.equal(server.to('/api/a').length, 1, 'sent once');
  assert.deepEqual(events.reasons, ['replaced']);
});

// ---- R4, L2: the app's own refresh function ----

test('R4 tokens of a refresh function are not thrown away for what stands beside them', async (t) => {
  const raw: Record<string, unknown> = { status: 200 };
  raw['self'] = raw;
  let asked = 0;
  const refresh = (): Promise<TokenResponse> => {
    asked++;
    return Promise.resolve({ access_token: 'b', refresh_token: 's', raw, count: 1n });
  };
  const { auth } = await start(t, { refresh, keep: ['count'] });
  await auth.setTokens({ access_token: 'a', refresh_token: 'r', raw } as TokenResponse);
  await auth.refresh();
  assert.equal(await auth.getAccessToken(), 'b');
  assert.equal(asked, 1);
});

test('L2 a refresh function that signs in by itself, and gives the same tokens, loses none', async (t) => {
  const revoked: unknown[] = [];
  const next = { access_token: 'b', refresh_token: 's' };
  const auth = createAuthClient({
    name: 'signs in by itself',
    refresh: async () => {
      await auth.setTokens(next);
      return next;
    },
    signOut: ({ refreshToken }) => Promise.resolve(revoked.push(refreshToken)),
  });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'a', refresh_token: 'r' });
  await auth.refresh();
  assert.equal(await auth.getAccessToken(), 'b');
  // What the function gave comes after what it did.
  await turns();
  assert.deepEqual(revoked, []);
});

// ---- L9 ----

const keep = ['id_token', 'scope', '__proto__'];

test('L9 named members are kept with the record, over refreshes and reloads, until the sign-out', async (t) => {
  const storage = new MapStorage();
  const handed: unknown[] = [];
  const signOut: SignOutFunction = ({ kept }) => Promise.resolve(handed.push(kept));
  const options = { keep, storage, signOut };
  const { server, auth } = await start(t, options, { json: { access_token: 'b', scope: ['x'] } });
  assert.deepEqual(auth.kept, {});
  const answer = { access_token: 'a', refresh_token: 'r', id_token: 'id-1', other: 1 };
  await auth.setTokens(answer);
  assert.deepEqual(auth.kept, { id_token: 'id-1' });
  assert.equal(auth.kept, auth.kept);
  assert.ok(Object.isFrozen(auth.kept));
  await auth.refresh();
  assert.deepEqual(auth.kept, { id_token: 'id-1', scope: ['x'] });

  const again = startClient(t, server, options).auth;
  assert.deepEqual(again.kept, { id_token: 'id-1', scope: ['x'] });
  await again.signOut();
  assert.deepEqual(handed, [{ id_token: 'id-1', scope: ['x'] }]);
  assert.deepEqual(again.kept, {});
  assert.equal(storage.record, undefined);
});

test('L9 a sign-in begins anew, and a name that means something is plain data', async (t) => {
  const { auth } = await start(t, { keep });
  await auth.setTokens({ access_token: 'a', id_token: 'id-1' });
  await auth.setTokens(JSON.parse('{"access_token":"a","__proto__":{"x":1}}') as TokenResponse);
  assert.deepEqual(Object.keys(auth.kept), ['__proto__']);
  assert.equal(({} as { x?: number }).x, undefined);
});

for (const mode of ['hybrid', 'cookie'] as const) {
  test(`L9 C3 ${mode}: what is kept is in memory only`, async (t) => {
    const storage = new MapStorage();
    const { auth } = await start(
      t,
      { mode, keep, storage },
      { json: { access_token: 'b', id_token: 'secret-1' } },
    );
    await auth.ready();
    await auth.setTokens({ access_token: 'a', id_token: 'secret-1' });
    assert.deepEqual(auth.kept, { id_token: 'secret-1' });
    await auth.refresh();
    assert.deepEqual(auth.kept, { id_token: 'secret-1' });
    assert.doesNotMatch(storage.record ?? '', /secret/);
  });
}

test('L9 what is more than 16 KiB is not kept, with a warning', async (t) => {
  const { auth, events } = await start(t, { keep });
  await auth.setTokens({ access_token: 'a', id_token: 'x'.repeat(20_000) });
  assert.deepEqual(auth.kept, {});
  await events.until('warning');
  assert.deepEqual(events.of('warning'), [{ code: 'token_response_flaw', flaws: ['kept'] }]);
});

test('R22 L9 options of the wrong kind are refused by their names', () => {
  for (const [option, value] of [
    ['tokens', 1],
    ['identify', 'sub'],
    ['keep', 'id_token'],
    ['keep', [1]],
  ] as const) {
    const options = { [option]: value } as unknown as AuthClientOptions;
    assert.throws(
      () => createAuthClient(options),
      (error) => error instanceof AuthError && error.message.startsWith(option),
    );
  }
});
