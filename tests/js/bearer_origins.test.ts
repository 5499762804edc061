// B1 and B8 where URLs and redirects try to lead the token astray.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AuthError, createAuthClient } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { signIn } from './support/client.ts';
import { startHttpServer } from './support/http_server.ts';

test('B1 origins are compared parsed and exact', async () => {
  // No server can be had at these names: a stub tells what would be sent.
  const sent: { url: string; authorization: string | null }[] = [];
  const auth = createAuthClient({
    origins: ['https://api.example.com', new URL('https://other.example.com:8443')],
    fetch: (input, init) => {
      const request = new Request(input, init);
      sent.push({ url: request.url, authorization: request.headers.get('authorization') });
      return Promise.resolve(new Response(null));
    },
  });
  await auth.setTokens({ access_token: 'secret', refresh_token: 'r' });
  const allowed = [
    'https://api.example.com',
    'https://api.example.com/a?b#c',
    'HTTPS://API.EXAMPLE.COM/a',
    'https://api.example.com:443/a',
    'https:\\\\api.example.com\\a',
    ' https://api.example.com/a ',
    'https://other.example.com:8443/',
  ];
  const others = [
    'https://api.example.com.evil.test/',
    'https://evil.test/api.example.com',
    'https://evil.test/?https://api.example.com',
    'https://evil.test#https://api.example.com',
    'https://xapi.example.com/',
    'https://example.com/',
    'https://api.example.com:8443/',
    'https://api.example.com./',
    'https://other.example.com/',
    'http://api.example.com/',
    'http://api.example.com:443/',
    'https://evil.test\\@api.example.com/',
    'https://api.example.co\u043c/',
    'data:,null',
    'blob:https://api.example.com/8f3b3d1e-0000-4000-8000-000000000000',
  ];
  for (const url of [...allowed, ...others]) {
    for (const input of [url, new URL(url), new Request(url)]) {
      await auth.fetchWithAuth(input);
      const expected = allowed.includes(url) ? 'Bearer secret' : null;
      assert.equal(sent.at(-1)?.authorization, expected, url);
    }
  }
  auth.close();
});

test('B1 http never gets a token meant for https, the loopback excepted; null is no origin', () => {
  for (const origin of [
    'http://api.example.com',
    'null',
    'ftp://a.example',
    'file:///',
    '',
    '*',
    'https://*.example.com',
  ]) {
    assert.throws(
      () => createAuthClient({ origins: [origin] }),
      (error) => error instanceof AuthError && error.code === 'invalid_config',
      origin,
    );
  }
  for (const origin of [
    'http://localhost:3000',
    'http://127.0.0.1:8080',
    'http://[::1]:80',
    'http://app.localhost',
  ]) {
    createAuthClient({ origins: [origin] }).close();
  }
});

test('B1 B8 a redirect to another origin: no token arrives, and its 401 starts no refresh', async (t) => {
  const server = await startAuthServer(t);
  for (const status of [301, 302, 303, 307, 308]) {
    for (const host of ['127.0.0.1', '127.0.0.2']) {
      const foreign = await startHttpServer(t, host);
      foreign.route('/evil', () => ({
        status: 401,
        headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
      }));
      server.route('/api/away', () => ({ status, headers: { Location: foreign.url('/evil') } }));
      const { auth } = await signIn(t, server);
      const response = await auth.fetchWithAuth(server.url('/api/away'));
      assert.equal(response.status, 401);
      assert.equal(response.url, foreign.url('/evil'));
      const [arrived] = foreign.to('/evil');
      assert.equal(arrived?.headers.authorization, undefined);
      assert.ok(!JSON.stringify(arrived?.rawHeaders).includes(server.accessToken));
      assert.equal(foreign.requests.length, 1, 'not sent again');
      assert.equal(server.refreshes.length, 0);
      assert.equal(auth.state, 'signed-in');
    }
  }
});

test('B1 a retry that is redirected takes no token along either', async (t) => {
  const server = await startAuthServer(t);
  const foreign = await startHttpServer(t, '127.0.0.2');
  const { auth } = await signIn(t, server);
  let calls = 0;
  server.route('/api/away', () =>
    ++calls === 1 ? { status: 401 } : { status: 307, headers: { Location: foreign.url('/evil') } },
  );
  await auth.fetchWithAuth(server.url('/api/away'), { method: 'POST', body: 'x' });
  assert.equal(server.refreshes.length, 1);
  assert.equal(foreign.to('/evil').length, 1);
  assert.equal(foreign.to('/evil')[0]?.headers.authorization, undefined);
});

test('B2 a foreign origin that redirects to the API brings no token there', async (t) => {
  const server = await startAuthServer(t);
  const foreign = await startHttpServer(t, '127.0.0.2');
  foreign.route('/in', () => ({ status: 302, headers: { Location: server.url('/api/me') } }));
  const { auth } = await signIn(t, server);
  const response = await auth.fetchWithAuth(foreign.url('/in'));
  assert.equal(response.status, 401);
  assert.deepEqual(server.calls, [{ path: '/api/me', token: undefined }]);
  assert.equal(server.refreshes.length, 0);
});

test('B6 a 401 behind a redirect within the API: one refresh, one retry from the start', async (t) => {
  const server = await startAuthServer(t);
  server.route('/api/moved', () => ({ status: 307, headers: { Location: '/api/me' } }));
  const { auth } = await signIn(t, server);
  server.expire();
  const response = await auth.fetchWithAuth(server.url('/api/moved'));
  assert.equal(response.status, 200);
  assert.equal(response.redirected, true);
  assert.equal(server.refreshes.length, 1);
  assert.equal(server.to('/api/moved').length, 2);
});

test('B1 a refresh endpoint that redirects to another origin: no token arrives there', async (t) => {
  for (const status of [307, 308]) {
    // Each its own: the client before tries again by itself, and would take this one's answer.
    const server = await startAuthServer(t);
    const foreign = await startHttpServer(t, '127.0.0.2');
    const { auth } = await signIn(t, server);
    server.refreshAnswers.push(() => ({ status, headers: { Location: foreign.url('/evil') } }));
    await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
    for (const { body, rawHeaders } of foreign.requests) {
      const all = `${body.toString()} ${rawHeaders.join(' ')}`;
      assert.ok(!all.includes(server.refreshToken) && !all.includes(server.accessToken));
    }
    assert.equal(auth.state, 'signed-in');
  }
});

test('P1 R3 a fetch that knows no `error` for redirects, as that of Cloudflare’s workers, refreshes and signs out', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server, {
    signOut: server.url('/revoke'),
    fetch: (input, init) => {
      if (init?.redirect === 'error') throw new TypeError('Invalid redirect value');
      return fetch(input, init);
    },
  });
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  await auth.signOut();
  assert.deepEqual([server.refreshes.length, server.to('/revoke').length], [1, 1]);
});
