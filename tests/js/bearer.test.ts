// B1–B7: what is sent to whom, and which 401 calls for a refresh.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AuthError, memoryStorage, type TokenResponse } from 'bearerkit';

import { startAuthServer, UNAUTHORIZED_BODY } from './support/auth_server.ts';
import { signIn, startClient } from './support/client.ts';
import { startHttpServer } from './support/http_server.ts';

test('B1 the token goes to an allowed origin as Authorization: Bearer', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const response = await auth.fetchWithAuth(server.url('/api/me'));
  assert.equal(response.status, 200);
  const [sent] = server.to('/api/me');
  assert.ok(sent);
  assert.equal(sent.headers.authorization, `Bearer ${server.accessToken}`);
  const names = sent.rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  assert.equal(names.filter((name) => name === 'authorization').length, 1);
});

test('B2 a request to another origin goes out as fetch would send it; its 401 is delivered', async (t) => {
  const server = await startAuthServer(t);
  const foreign = await startHttpServer(t, '127.0.0.2');
  const answer = { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } };
  foreign.route('/api/me', () => answer);
  const { auth, events } = await signIn(t, server);
  const init = { method: 'POST', headers: { 'X-Mine': '1' }, body: 'text' };
  const response = await auth.fetchWithAuth(foreign.url('/api/me'), init);
  assert.equal(response.status, 401);
  await fetch(foreign.url('/api/me'), init);
  const [mine, plain] = foreign.to('/api/me');
  assert.deepEqual(mine?.rawHeaders, plain?.rawHeaders);
  assert.deepEqual(mine?.body, plain?.body);
  assert.equal(server.refreshes.length, 0);
  assert.deepEqual(
    events.all.map(({ type }) => type),
    ['signedin', 'warning'], // B10
  );
});

test('B1 two addresses of one machine, or two ports, are different origins', async (t) => {
  const server = await startAuthServer(t);
  const other = await startHttpServer(t);
  const another = await startHttpServer(t, '127.0.0.2');
  const { auth } = await signIn(t, server);
  for (const foreign of [other, another]) {
    await auth.fetchWithAuth(foreign.url('/'));
    assert.equal(foreign.to('/').length, 1);
    assert.equal(foreign.to('/')[0]?.headers.authorization, undefined);
  }
  assert.equal(server.refreshes.length, 0);
});

/** What servers issue: Laravel Sanctum the first one, and none of them a b64token of RFC 6750. */
const UNCOMMON = ['1|Zq8xUfW2k', '123:abc', 'a=b', '=a', 'a,b', '"a"', '{a}', String.raw`a\b`];

test('B3 any visible ASCII is a token: sent as it is, stored, and read again', async (t) => {
  const server = await startAuthServer(t);
  server.route('/api/echo', ({ headers }) => ({ body: headers.authorization ?? '' }));
  for (const access_token of UNCOMMON) {
    const storage = memoryStorage();
    const { auth } = startClient(t, server, { storage });
    await auth.setTokens({ access_token, refresh_token: 'r', expires_in: 900 });
    const answer = await auth.fetchWithAuth(server.url('/api/echo'));
    assert.equal(await answer.text(), `Bearer ${access_token}`);
    const { auth: next, events } = startClient(t, server, { storage });
    await next.ready();
    assert.equal(await next.getAccessToken(), access_token);
    assert.deepEqual(events.reasons, [], 'the record is none that is broken');
  }
});

test('B3 a token that cannot stand in a header is refused when it is set, and nothing has changed', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = startClient(t, server);
  const wrong = [
    'a b',
    ' a',
    'a\n',
    'a\r\nX-Evil: 1',
    'a\0b',
    'tök',
    '李',
    'Bearer a',
    'a\u007f',
    'a\u0080',
  ];
  for (const access_token of wrong) {
    for (const response of [{ access_token, refresh_token: 'r' }, { accessToken: access_token }]) {
      await assert.rejects(auth.setTokens(response), (error) => {
        assert.ok(error instanceof AuthError, JSON.stringify(access_token));
        assert.equal(error.code, 'invalid_access_token');
        return true;
      });
    }
  }
  await assert.rejects(auth.setTokens({ access_token: 'a\ud800' }), {
    code: 'invalid_access_token',
  });
  assert.equal(auth.state, 'signed-out');
  assert.deepEqual(events.all, []);
  for (const access_token of [...UNCOMMON, 'a', 'a==', '-._~+/', '0.1.2', 'A'.repeat(9000)]) {
    await auth.setTokens({ access_token });
    assert.equal(await auth.getAccessToken(), access_token);
  }
  await assert.rejects(auth.setTokens({ access_token: 'a b' }), { code: 'invalid_access_token' });
  assert.equal(await auth.getAccessToken(), 'A'.repeat(9000), 'the session before is still there');
});

test('R4 a token response that is none is refused when it is set', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = startClient(t, server);
  const wrong = [
    {},
    { access_token: '' },
    { access_token: null },
    { access_token: 5 },
    null,
    undefined,
    'text',
    [],
    5,
  ];
  for (const response of wrong) {
    await assert.rejects(auth.setTokens(response as TokenResponse), {
      name: 'AuthError',
      code: 'invalid_token_response',
    });
  }
  await assert.rejects(auth.setTokens({ access_token: 'a', token_type: 'DPoP' }), {
    code: 'unsupported_token_type',
  });
  for (const token_type of ['Bearer', 'bearer', 'BEARER', null, '']) {
    await auth.setTokens({ access_token: 'a', token_type });
  }
  assert.equal(auth.state, 'signed-in');
});

test('R4 tokens are not thrown away for a flaw beside them, neither set nor refreshed', async (t) => {
  const flaws: Record<string, unknown>[] = [
    ...[-5, '15m', '3600s', '', true, '2030-01-01T00:00:00Z'].map((expires_in) => ({ expires_in })),
    ...[-5, 'soon', 1e12, '2030-01-01'].map((expires_at) => ({ expires_at })),
    ...['', 5, {}].map((token_type) => ({ token_type })),
  ];
  const server = await startAuthServer(t);
  for (const flaw of [...flaws, { refresh_token: false }, { user: { name: 'Ada \ud83e' } }]) {
    const { auth } = startClient(t, server);
    await auth.setTokens({ access_token: 'a', refresh_token: 'r', ...flaw });
    assert.equal(await auth.getAccessToken(), 'a', JSON.stringify(flaw));
  }
  const { auth } = await signIn(t, server);
  for (const [i, flaw] of [...flaws, { user: '\ud83e' }].entries()) {
    server.refreshAnswers.push(() => ({
      json: { access_token: `a${i}`, refresh_token: `r${i}`, ...flaw },
    }));
    await auth.refresh();
    assert.equal(await auth.getAccessToken(), `a${i}`, JSON.stringify(flaw));
    assert.equal(server.refreshes.length, i + 1, 'the spent token is not redeemed again');
  }
});

test("B4 the caller's own Authorization is left alone, and its 401 is the caller's", async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const url = server.url('/api/me');
  const own = 'Basic dXNlcjpwdw==';
  const forms: [string, () => Promise<Response>][] = [
    ['an object', () => auth.fetchWithAuth(url, { headers: { Authorization: own } })],
    ['any case', () => auth.fetchWithAuth(url, { headers: { aUTHORIZATION: own } })],
    [
      'an array',
      () =>
        auth.fetchWithAuth(url, {
          headers: [
            ['X-A', '1'],
            ['authorization', own],
          ],
        }),
    ],
    ['Headers', () => auth.fetchWithAuth(url, { headers: new Headers({ authorization: own }) })],
    ['a Request', () => auth.fetchWithAuth(new Request(url, { headers: { authorization: own } }))],
    [
      'init over a Request',
      () => auth.fetchWithAuth(new Request(url), { headers: { authorization: own } }),
    ],
  ];
  for (const [form, call] of forms) {
    const response = await call();
    assert.equal(response.status, 401, form);
    assert.equal(await response.text(), UNAUTHORIZED_BODY);
    assert.equal(server.to('/api/me').at(-1)?.headers.authorization, own, form);
  }
  assert.equal(server.to('/api/me').length, forms.length, 'none was sent again');
  assert.equal(server.refreshes.length, 0);
});

test('B4 headers of a Request that init replaces are not there any more', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const request = new Request(server.url('/api/me'), {
    headers: { authorization: 'Basic abc', 'x-a': '1' },
  });
  const response = await auth.fetchWithAuth(request, { headers: { 'x-b': '2' } });
  assert.equal(response.status, 200);
  const sent = server.to('/api/me')[0]?.headers;
  assert.deepEqual([sent?.['x-a'], sent?.['x-b']], [undefined, '2']);
  assert.equal(sent?.authorization, `Bearer ${server.accessToken}`);
});

test('B5 the token is in no URL and in no header but Authorization', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server, { signOut: server.url('/revoke') });
  const tokens = [server.accessToken, server.refreshToken];
  await auth.fetchWithAuth(server.url('/api/a?x=1'));
  server.expire();
  await auth.fetchWithAuth(server.url('/api/b'), { method: 'POST', body: 'b' });
  tokens.push(server.accessToken, server.refreshToken);
  await auth.signOut();
  assert.ok(server.requests.length >= 5);
  for (const { path, query, headers } of server.requests) {
    const text = path + query + JSON.stringify({ ...headers, authorization: '' });
    for (const token of tokens) assert.ok(!text.includes(token), path);
  }
});

test('B6 401 with insufficient_scope, and 403: delivered, no refresh', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const challenge = 'Bearer error="insufficient_scope", scope="admin"';
  for (const [path, status] of [
    ['/api/scope', 401],
    ['/api/forbidden', 403],
  ] as const) {
    server.route(path, () => ({ status, headers: { 'WWW-Authenticate': challenge }, body: 'no' }));
    const response = await auth.fetchWithAuth(server.url(path));
    assert.equal(response.status, status);
    assert.equal(await response.text(), 'no');
    assert.equal(server.to(path).length, 1);
  }
  assert.equal(server.refreshes.length, 0);
  assert.equal(auth.state, 'signed-in');
});

test('B6 B7 any other 401: one refresh, whatever its challenge looks like', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const challenges: (string | string[] | undefined)[] = [
    undefined,
    'Bearer',
    'Bearer error="invalid_token"',
    'bEaReR realm=x, ERROR=invalid_token',
    ['Basic realm="a"', 'Bearer error="invalid_token"'],
    'Basic realm="x, Bearer error=\\"insufficient_scope\\"", Bearer',
    'DPoP error="insufficient_scope", Bearer realm="x"',
    'Bearer realm="insufficient_scope"',
    'Bearer error="token_expired"',
    'Negotiate YWJj==, Bearer error="invalid_token", scope="a,b"',
    'Bearer error="invalid_token',
    ',,, ,= "',
    '\u00e9\u00ff"\u0080',
    `Bearer realm="${'x'.repeat(8000)}"`,
  ];
  for (const [i, challenge] of challenges.entries()) {
    let answers = 0;
    server.route('/api/challenge', () =>
      ++answers === 1
        ? { status: 401, headers: challenge === undefined ? {} : { 'WWW-Authenticate': challenge } }
        : { body: 'yes' },
    );
    const response = await auth.fetchWithAuth(server.url('/api/challenge'));
    assert.equal(response.status, 200, String(challenge));
    assert.equal(server.refreshes.length, i + 1, String(challenge));
  }
});

test('B6 a 401 that no new token can help is delivered: no refresh, sent once', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const challenges: (string | string[])[] = [
    'Bearer error="insufficient_user_authentication", acr_values="urn:mfa", max_age="0"',
    'Bearer error="insufficient_claims"',
    'Bearer error="invalid_request", error_description="two tokens"',
    ['DPoP algs="ES256"', 'Bearer error="insufficient_user_authentication"'],
    'Basic realm="x"',
    'DPoP error="invalid_token", algs="ES256"',
    'OTP',
    ['Negotiate', 'NTLM'],
    'Basic realm="x, Bearer error=\\"invalid_token\\""',
  ];
  for (const [i, challenge] of challenges.entries()) {
    const path = `/api/help${i}`;
    server.route(path, () => ({
      status: 401,
      headers: { 'WWW-Authenticate': challenge },
      body: 'no',
    }));
    const response = await auth.fetchWithAuth(server.url(path));
    assert.equal(response.status, 401, String(challenge));
    assert.equal(await response.text(), 'no', String(challenge));
    assert.equal(server.to(path).length, 1, String(challenge));
  }
  assert.equal(server.refreshes.length, 0);
  assert.equal(auth.state, 'signed-in');
});

test('B7 insufficient_scope is found among several challenges, in any case and spelling', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const challenges: (string | string[])[] = [
    'bearer error=insufficient_scope',
    'BEARER scope="a b" , Error="insufficient_scope"',
    'Basic realm="a, b", Bearer realm="c", error="insufficient_scope"',
    'Negotiate YWJjZA==, Bearer error="insufficient_scope"',
    ['Basic realm="a"', 'Bearer error="insufficient_scope"'],
    'Bearer realm="with \\"quotes\\", and commas", error="insufficient_scope"',
    'Bearer error="insufficient\\_scope"',
  ];
  for (const challenge of challenges) {
    server.route('/api/scope', () => ({ status: 401, headers: { 'WWW-Authenticate': challenge } }));
    assert.equal((await auth.fetchWithAuth(server.url('/api/scope'))).status, 401);
    assert.equal(server.refreshes.length, 0, String(challenge));
  }
});

test('R9 the refresh sends no access token, unless asked to', async (t) => {
  const server = await startAuthServer(t);
  const plain = await signIn(t, server);
  await plain.auth.refresh();
  assert.equal(server.refreshes[0]?.headers.authorization, undefined);
  const refresh = {
    url: server.url('/refresh'),
    sendAccessToken: true,
    headers: { 'X-More': '1' },
  };
  const { auth } = await signIn(t, server, { refresh });
  const before = server.accessToken;
  await auth.refresh();
  assert.equal(server.refreshes[1]?.headers.authorization, `Bearer ${before}`);
  assert.equal(server.refreshes[1].headers['x-more'], '1');
});
