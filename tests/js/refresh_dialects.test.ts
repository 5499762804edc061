// R3–R5: how a refresh is asked for, and what is taken for a success.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AuthError, type AuthClientOptions } from 'bearerkit';

import { readRefresh, startAuthServer } from './support/auth_server.ts';
import { signIn } from './support/client.ts';
import type { Answer } from './support/http_server.ts';

test('R3 OAuth tokens are refreshed in the OAuth dialect: a form', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server, {}, 'oauth');
  const refreshToken = server.refreshToken;
  await auth.refresh();
  const [sent] = server.refreshes;
  assert.ok(sent);
  assert.equal(sent.method, 'POST');
  assert.match(sent.headers['content-type'] ?? '', /^application\/x-www-form-urlencoded\b/);
  assert.deepEqual(readRefresh(sent).fields, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
  });
  assert.equal(await auth.getAccessToken(), server.accessToken);
});

test('R3 camelCase tokens are refreshed in the JSON dialect', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server, {}, 'json');
  const refreshToken = server.refreshToken;
  await auth.refresh();
  const [sent] = server.refreshes;
  assert.ok(sent);
  assert.match(sent.headers['content-type'] ?? '', /^application\/json\b/);
  assert.deepEqual(readRefresh(sent).fields, { refreshToken });
  assert.equal(await auth.getAccessToken(), server.accessToken);
});

test('R3 a dialect that is set goes before that of the tokens; client_id is sent', async (t) => {
  const server = await startAuthServer(t);
  const url = new URL(server.url('/refresh'));
  const oauth = await signIn(
    t,
    server,
    { refresh: { url, dialect: 'oauth', clientId: 'demo & co' } },
    'json',
  );
  await oauth.auth.refresh();
  assert.equal(readRefresh(server.refreshes[0] ?? assert.fail()).dialect, 'oauth');
  assert.equal(readRefresh(server.refreshes[0] ?? assert.fail()).fields['client_id'], 'demo & co');
  const json = await signIn(t, server, { refresh: { url, dialect: 'json' } }, 'oauth');
  await json.auth.refresh();
  assert.equal(readRefresh(server.refreshes[1] ?? assert.fail()).dialect, 'json');
});

test('R3 the answer may come in the other dialect', async (t) => {
  const server = await startAuthServer(t);
  for (const [dialect, other] of [
    ['oauth', 'json'],
    ['json', 'oauth'],
  ] as const) {
    const { auth } = await signIn(t, server, {}, dialect);
    server.refreshAnswers.push(() => {
      server.rotate();
      return { json: server.tokens(other) };
    });
    await auth.refresh();
    assert.equal(await auth.getAccessToken(), server.accessToken);
    await auth.refresh();
    assert.equal(await auth.getAccessToken(), server.accessToken, 'with the new refresh token');
  }
});

test('R3 tokens with characters that a form escapes arrive as they are', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const refresh_token = 'a+b/c==&x=y %20é🦊"\\';
  for (const tokens of [
    { access_token: 'a', refresh_token },
    { accessToken: 'a', refreshToken: refresh_token },
  ]) {
    await auth.setTokens(tokens);
    server.refreshAnswers.push(() => ({ json: { access_token: 'b' } }));
    await auth.refresh();
    assert.equal(readRefresh(server.refreshes.at(-1) ?? assert.fail()).refreshToken, refresh_token);
  }
});

test('R3 a function of the app: either dialect, or a Response', async (t) => {
  const server = await startAuthServer(t);
  const answers = [
    { access_token: 'one', expires_in: 60 },
    { accessToken: 'two', refreshToken: 'r2' },
    new Response('{"access_token":"three"}', { headers: { 'content-type': 'application/json' } }),
  ];
  const seen: (string | null)[] = [];
  const refresh: AuthClientOptions['refresh'] = ({ refreshToken }) => {
    seen.push(refreshToken);
    return Promise.resolve(answers[seen.length - 1] ?? assert.fail());
  };
  const { auth } = await signIn(t, server, { refresh });
  const first = server.refreshToken;
  for (const token of ['one', 'two', 'three']) {
    await auth.refresh();
    assert.equal(await auth.getAccessToken(), token);
  }
  assert.deepEqual(seen, [first, first, 'r2'], 'R5 no new refresh token keeps the old one');
});

test('R6 a function ends the session with AuthError refresh_rejected, and with nothing else', async (t) => {
  const server = await startAuthServer(t);
  let failure = new Error();
  const { auth, events } = await signIn(t, server, {
    refresh: () => Promise.reject(failure),
  });
  for (failure of [
    new Error('x'),
    new TypeError('x'),
    'text',
    undefined,
    null,
    new AuthError('refresh_failed'),
  ] as Error[]) {
    await assert.rejects(auth.refresh(), { name: 'AuthError', code: 'refresh_failed' });
    assert.equal(auth.state, 'signed-in');
  }
  failure = new AuthError('refresh_rejected');
  await assert.rejects(auth.refresh(), { code: 'refresh_rejected' });
  assert.equal(auth.state, 'signed-out');
  assert.deepEqual(events.reasons, ['refresh_rejected']);
});

test('R3 a function that throws at once, or answers with nonsense, keeps the session', async (t) => {
  const server = await startAuthServer(t);
  const nonsense: (() => unknown)[] = [
    () => {
      throw new Error('at once');
    },
    () => undefined,
    () => Promise.resolve(null),
    () => Promise.resolve({}),
    () => Promise.resolve('text'),
    () => Promise.resolve({ access_token: 'a b' }),
    () => Promise.resolve({ access_token: 5 }),
    () => Promise.resolve(new Response('<html>', { status: 200 })),
    () => Promise.resolve(new Response(null, { status: 500 })),
    () => Promise.resolve({ access_token: 1n }),
  ];
  let index = 0;
  const refresh = (() => nonsense[index]?.()) as NonNullable<AuthClientOptions['refresh']>;
  const { auth } = await signIn(t, server, { refresh });
  for (index = 0; index < nonsense.length; index++) {
    await assert.rejects(auth.refresh(), { code: 'refresh_failed' }, `case ${index}`);
    assert.equal(auth.state, 'signed-in');
    assert.equal(
      await auth.getAccessToken().catch(() => 'expired'),
      server.accessToken,
      `case ${index}`,
    );
  }
});

const NO_SUCCESS: Record<string, () => Answer> = {
  'an HTML 200': () => ({
    headers: { 'Content-Type': 'text/html' },
    body: '<!doctype html><title>Sign in</title>',
  }),
  'an empty 200': () => ({ body: '' }),
  'a 204': () => ({ status: 204 }),
  'broken JSON': () => ({
    headers: { 'Content-Type': 'application/json' },
    body: '{"access_token":"x',
  }),
  'JSON that is no object': () => ({ json: ['access_token'] }),
  'JSON without a token': () => ({ json: { ok: true } }),
  'an empty token': () => ({ json: { access_token: '' } }),
  'a token that is no string': () => ({ json: { access_token: { a: 1 } } }),
  'a token that no header can carry': () => ({ json: { access_token: 'a\nb' } }),
  'another token type': () => ({ json: { access_token: 'x', token_type: 'mac' } }),
  'an error of the client in a 200': () => ({ json: { error: 'invalid_client' } }),
  'an unknown error in a 200': () => ({ json: { error: 'bad_refresh_token' } }),
  'invalid UTF-8': () => ({ body: Uint8Array.of(0x7b, 0xff, 0x7d) }),
  '5 MiB of spaces': () => ({ body: ' '.repeat(5 * 1024 * 1024) }),
  'deeply nested JSON': () => ({ body: '['.repeat(200_000) }),
};

for (const [what, answer] of Object.entries(NO_SUCCESS)) {
  test(`R4 no success: ${what}. Nothing is stored, the session is kept, the next one works`, async (t) => {
    const server = await startAuthServer(t);
    const { auth, events } = await signIn(t, server);
    const before = server.accessToken;
    server.refreshAnswers.push(answer);
    await assert.rejects(auth.refresh(), { name: 'AuthError', code: 'refresh_failed' });
    assert.equal(auth.state, 'signed-in');
    assert.equal(events.count('refreshed'), 0);
    assert.equal(events.count('refreshfailed'), 1);
    assert.deepEqual(events.reasons, []);
    await auth.refresh();
    assert.notEqual(await auth.getAccessToken(), before);
    assert.equal(await auth.getAccessToken(), server.accessToken);
  });
}

for (const token_type of ['bearer', 'BEARER', 'Bearer', null]) {
  test(`R4 a success: token_type ${token_type}, and any 2xx`, async (t) => {
    const server = await startAuthServer(t);
    const { auth } = await signIn(t, server);
    server.refreshAnswers.push(() => ({
      status: 201,
      headers: { 'Content-Type': 'text/plain' },
      body: JSON.stringify({ access_token: 'x', token_type }),
    }));
    await auth.refresh();
    assert.equal(await auth.getAccessToken(), 'x');
  });
}
