// R17–R19: how long the client has patience, what ends a session later, and why a refresh failed.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  AuthError,
  type AuthClientOptions,
  type RefreshCause,
  type TokenResponse,
} from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { Clock, signIn } from './support/client.ts';
import type { Answer } from './support/http_server.ts';

const refused = (answer: Answer) => (): Answer => answer;

const UNCLEAR: Record<string, Answer> = {
  'a 403': { status: 403, json: { message: 'no' } },
  'a 404': { status: 404, body: '' },
  'a 422': { status: 422, json: {} },
  'a 200 with its tokens elsewhere': { json: { data: { accessToken: 'x' } } },
  'an invalid_client': { status: 401, json: { error: 'invalid_client' } },
};

for (const [what, answer] of Object.entries(UNCLEAR)) {
  test(`R17 ${what}: the session ends after three tries over a minute and a half`, async (t) => {
    const server = await startAuthServer(t);
    const clock = new Clock();
    const { auth, events } = await signIn(t, server, { clock });
    server.route('/refresh', refused(answer));
    for (let i = 0; i < 4; i++) {
      await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
      clock.advance(22);
      assert.equal(auth.state, 'signed-in');
    }
    clock.advance(10);
    await assert.rejects(auth.refresh(), { code: 'refresh_rejected' });
    assert.equal(auth.state, 'signed-out');
    assert.deepEqual(events.reasons, ['refresh_rejected']);
    assert.ok(events.of('signedout')[0]?.cause, 'and it is told why');
  });
}

test("R17 a minute's bad deploy ends nothing", async (t) => {
  const server = await startAuthServer(t);
  const clock = new Clock();
  const { auth, events } = await signIn(t, server, { clock });
  for (let i = 0; i < 12; i++) {
    server.refreshAnswers.push(refused({ status: 400, json: { error: 'invalid_client' } }));
    await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
    clock.advance(5);
  }
  await auth.refresh();
  assert.deepEqual(events.reasons, []);
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
});

test('R18 a refresh ahead of expiry that is refused: the session ends with its token', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 100 });
  const clock = new Clock();
  const { auth, events } = await signIn(t, server, { clock, refreshMargin: 25 });
  server.route('/refresh', refused({ status: 400, json: { error: 'invalid_grant' } }));
  clock.advance(80);
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  await events.until('refreshfailed');
  const cause = { kind: 'oauth_error', status: 400, error: 'invalid_grant' };
  assert.deepEqual(events.of('refreshfailed'), [{ retryAt: Infinity, cause }]);
  assert.equal(auth.state, 'signed-in');
  clock.advance(15);
  assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 200);
  assert.equal(await auth.getAccessToken(), server.accessToken);
  clock.advance(5);
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/c'))).status, 401);
  assert.deepEqual(events.of('signedout'), [{ reason: 'refresh_rejected', cause }]);
  assert.equal(server.refreshes.length, 1, 'and the server is not asked again');
});

test('R18 a sign-in supersedes it', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 100 });
  const clock = new Clock();
  const { auth, events } = await signIn(t, server, { clock, refreshMargin: 25 });
  server.refreshAnswers.push(refused({ status: 401 }));
  clock.advance(80);
  await auth.fetchWithAuth(server.url('/api/a'));
  await events.until('refreshfailed');
  await auth.setTokens(server.signIn());
  clock.advance(99);
  assert.equal(auth.state, 'signed-in');
  await auth.refresh();
  assert.deepEqual(events.reasons, []);
});

const mine = new TypeError('mine');
const endpoint = (url: string): AuthClientOptions => ({ refresh: { url, timeout: 50 } });

const CAUSES: Record<
  string,
  { answer?: Answer; options?: (url: string) => AuthClientOptions; cause: RefreshCause }
> = {
  'a connection that breaks': { answer: { fault: 'reset' }, cause: { kind: 'network' } },
  'no answer in time': {
    answer: { fault: 'silence' },
    options: endpoint,
    cause: { kind: 'timeout' },
  },
  'a 503': { answer: { status: 503 }, cause: { kind: 'status', status: 503 } },
  'a 403': { answer: { status: 403, json: {} }, cause: { kind: 'status', status: 403 } },
  HTML: { answer: { body: '<html>' }, cause: { kind: 'not_json', status: 200 } },
  'broken JSON': { answer: { body: '{"acc' }, cause: { kind: 'not_json', status: 200 } },
  'a 200 without tokens': {
    answer: { json: { data: {} } },
    cause: { kind: 'no_access_token', status: 200 },
  },
  'an OAuth error': {
    answer: { status: 400, json: { error: 'invalid_scope' } },
    cause: { kind: 'oauth_error', status: 400, error: 'invalid_scope' },
  },
  'an error of its own, which may hold anything': {
    answer: { status: 400, json: { error: 'secret-1' } },
    cause: { kind: 'oauth_error', status: 400, error: 'other' },
  },
  "the app's function throws": {
    options: () => ({ refresh: () => Promise.reject(mine) }),
    cause: { kind: 'threw' },
  },
  "the app's csrf throws": {
    options: () => ({
      mode: 'hybrid',
      csrf: () => {
        throw mine;
      },
    }),
    cause: { kind: 'threw' },
  },
};

const messages = new Map<string, string>();

for (const [what, { answer, options, cause }] of Object.entries(CAUSES)) {
  test(`R19 ${what}: told by the error and by the event`, async (t) => {
    const server = await startAuthServer(t);
    if (answer) server.route('/refresh', refused(answer));
    const { auth, events } = await signIn(t, server, options?.(server.url('/refresh')));
    events.all.length = 0;
    const error: unknown = await auth.refresh().catch((e: unknown) => e);
    assert.ok(error instanceof AuthError);
    assert.equal(error.code, 'refresh_failed');
    assert.deepEqual(error.failure, cause);
    if (cause.kind === 'threw') assert.equal(error.cause, mine);
    else assert.deepEqual(error.cause, cause);
    assert.deepEqual(events.of('refreshfailed').at(-1)?.cause, cause);
    assert.doesNotMatch(error.message, /secret/);
    const known = messages.get(cause.kind) ?? error.message;
    messages.set(cause.kind, known);
    assert.equal(
      [...messages.values()].filter((message) => message === known).length,
      1,
      'each kind has its own sentence',
    );
  });
}

const TAKEN: Record<string, (response: Response) => unknown> = {
  'was read': (response) => response.text(),
  'is being read': (response) => response.body?.getReader(),
};

for (const [how, take] of Object.entries(TAKEN)) {
  test(`R19 a refresh function that gives a Response whose body ${how} has made a mistake, not the network`, async (t) => {
    const server = await startAuthServer(t);
    const { auth } = await signIn(t, server, {
      refresh: async ({ refreshToken, fetch }) => {
        const body = JSON.stringify({ refreshToken });
        const response = await fetch(server.url('/refresh'), { method: 'POST', body });
        await take(response);
        return response;
      },
    });
    const error: unknown = await auth.refresh().catch((e: unknown) => e);
    assert.ok(error instanceof AuthError);
    assert.deepEqual(error.failure, { kind: 'threw' });
    assert.ok(error.cause instanceof TypeError, 'the words of the platform');
    assert.equal(auth.state, 'signed-in');
  });
}

test('R19 the end of a session has its cause, also for calls after it', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  server.route('/refresh', refused({ status: 401 }));
  const cause = { kind: 'status', status: 401 };
  await assert.rejects(auth.refresh(), { code: 'refresh_rejected', failure: cause, cause });
  await assert.rejects(auth.refresh(), { code: 'signed_out', failure: cause });
  assert.deepEqual(events.of('signedout'), [{ reason: 'refresh_rejected', cause }]);
  await auth.setTokens(server.signIn());
  await auth.signOut();
  assert.deepEqual(events.of('signedout').at(-1), { reason: 'signed_out' });
});

test('R6 classify is asked about a 2xx without tokens, too', async (t) => {
  const server = await startAuthServer(t);
  const asked: number[] = [];
  const refresh: AuthClientOptions['refresh'] = {
    url: server.url('/refresh'),
    classify: ({ status, body }) => {
      asked.push(status);
      return (body as { over?: boolean }).over ? 'terminal' : undefined;
    },
  };
  const { auth, events } = await signIn(t, server, { refresh });
  await auth.refresh();
  assert.deepEqual(asked, [], 'not on a success');
  server.refreshAnswers.push(
    refused({ json: { ok: false } }),
    refused({ status: 200, json: { over: true } }),
  );
  await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
  await assert.rejects(auth.refresh(), { code: 'refresh_rejected' });
  assert.deepEqual(asked, [200, 200]);
  assert.deepEqual(events.reasons, ['refresh_rejected']);
});

test('R6 C1 in cookie mode classify may deny what would be a success, if it is an error or no JSON', async (t) => {
  const server = await startAuthServer(t);
  const asked: unknown[] = [];
  const refresh: AuthClientOptions['refresh'] = {
    url: server.url('/refresh'),
    classify: ({ body }) => {
      asked.push(body);
      return 'terminal';
    },
  };
  const { auth } = await signIn(t, server, { refresh, mode: 'cookie' });
  server.refreshAnswers.push(
    refused({ json: {} }),
    refused({ status: 204 }),
    refused({ body: 'no' }),
    refused({ body: 'no, R24' }),
  );
  await auth.refresh();
  await auth.refresh();
  assert.deepEqual(asked, []);
  await assert.rejects(auth.refresh(), { code: 'refresh_rejected' });
  assert.deepEqual(asked, ['no', 'no, R24']);
});

test('R4 what cannot be used beside good tokens is told by a warning', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  const all = { expires_at: 'soon', refresh_token: false, token_type: '' };
  await auth.setTokens({ access_token: 'a', expires_in: '15m' });
  await auth.setTokens({ access_token: 'a', ...all } as unknown as TokenResponse);
  await events.until('warning', 2);
  assert.deepEqual(events.of('warning'), [
    { code: 'token_response_flaw', flaws: ['expires'] },
    { code: 'token_response_flaw', flaws: ['expires', 'refresh_token', 'token_type'] },
  ]);
  assert.equal(await auth.getAccessToken(), 'a');
});
