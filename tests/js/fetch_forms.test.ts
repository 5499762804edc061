// F1, F5, F8: the same calls as fetch, and the same answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAuthClient, type Fetch } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { signIn, startClient } from './support/client.ts';
import { startHttpServer } from './support/http_server.ts';
import { recordOf } from './support/storages.ts';
import { Gate } from './support/wait.ts';

const ORIGIN = 'https://api.example.com';

function withAuthorization(pairs: readonly string[] | undefined, token: string): string[] {
  const names = (pairs ?? []).filter((_, i) => i % 2 === 0);
  const values = (pairs ?? []).filter((_, i) => i % 2 === 1);
  const all = names.map((name, i) => `${name.toLowerCase()}: ${values[i] ?? ''}`);
  return [...all, `authorization: Bearer ${token}`].toSorted();
}

test('F1 every form of a call arrives as with fetch, the token added', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const url = server.url('/api/forms?q=1#fragment');
  const forms: [string, () => Parameters<Fetch>][] = [
    ['a string', () => [url]],
    ['a URL', () => [new URL(url)]],
    ['a Request', () => [new Request(url, { method: 'PUT', body: 'r', headers: { 'X-A': '1' } })]],
    ['something with toString', () => [{ toString: () => url } as unknown as string]],
    ['an object of headers', () => [url, { headers: { 'X-A': '1', 'x-b': '2' } }]],
    [
      'an array of headers',
      () => [
        url,
        {
          headers: [
            ['X-A', '1'],
            ['X-A', '2'],
          ],
        },
      ],
    ],
    ['Headers', () => [url, { headers: new Headers({ 'X-A': '1' }) }]],
    [
      'a Request and init',
      () => [new Request(url, { headers: { 'X-A': '1' } }), { method: 'DELETE' }],
    ],
    [
      'a Request and headers',
      () => [new Request(url, { headers: { 'X-A': '1' } }), { headers: { 'X-B': '2' } }],
    ],
    [
      'a Request and a body',
      () => [new Request(url, { method: 'POST', body: 'r' }), { body: 'init' }],
    ],
    ['a method in lower case', () => [url, { method: 'post', body: 'p' }]],
    ['a method of its own', () => [url, { method: 'REPORT' }]],
    ['empty init', () => [url, {}]],
    [
      'undefined members',
      () => [url, { method: undefined, headers: undefined, body: null } as unknown as RequestInit],
    ],
  ];
  for (const [form, make] of forms) {
    const response = await auth.fetchWithAuth(...make());
    assert.equal(response.status, 200, form);
    assert.equal(response.url, url.split('#')[0], form);
    await fetch(...make());
    const [mine, plain] = server.requests.splice(0);
    assert.equal(mine?.method, plain?.method, form);
    assert.deepEqual(mine?.body, plain?.body, form);
    assert.deepEqual(
      withAuthorization(mine?.rawHeaders, '').slice(1).length,
      (plain?.rawHeaders.length ?? 0) / 2 + 1,
    );
    const seen = withAuthorization(mine?.rawHeaders, '').filter(
      (line) => line !== 'authorization: Bearer ',
    );
    assert.deepEqual(seen, withAuthorization(plain?.rawHeaders, server.accessToken), form);
  }
});

test('F1 it gives the very Response that fetch gave, and the error that fetch threw', async (t) => {
  const response = new Response('x');
  const failure = new TypeError('the network');
  const answers: (Response | Error)[] = [response, failure];
  const auth = createAuthClient({
    origins: [ORIGIN],
    fetch: () => {
      const answer = answers.shift();
      return answer instanceof Response
        ? Promise.resolve(answer)
        : Promise.reject(answer ?? failure);
    },
  });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'a' });
  assert.equal(await auth.fetchWithAuth(`${ORIGIN}/`), response);
  await assert.rejects(auth.fetchWithAuth(`${ORIGIN}/`), (error) => error === failure);
});

test('F1 what fetch refuses is refused in the same way', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const wrong: [unknown, RequestInit?][] = [
    ['http://'],
    ['relative'],
    [''],
    [undefined],
    [server.url('/'), { method: 'GET', body: 'x' }],
    [server.url('/'), { method: 'TRACE' }],
    [server.url('/'), { headers: { 'bad name': '1' } }],
    [server.url('/'), { headers: { a: 'b\n' + 'c\u0000' } }],
    [new Request(server.url('/'), { method: 'GET' }), { body: 'x' }],
  ];
  for (const [input, init] of wrong) {
    const expected = await fetch(input as string, init).catch((error: unknown) => error);
    assert.ok(expected instanceof Error);
    const call = auth.fetchWithAuth(input as string, init);
    assert.ok(call instanceof Promise, 'it rejects and never throws');
    const seen = await call.catch((error: unknown) => error);
    assert.ok(seen instanceof Error);
    assert.equal(seen.name, expected.name);
    assert.equal(seen.message, expected.message);
  }
  assert.equal(server.requests.length, 0);
});

test('F1 with no session it behaves as fetch does, a 401 included', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = startClient(t, server);
  const init = { method: 'POST', body: 'b', headers: { 'X-A': '1' } };
  const response = await auth.fetchWithAuth(server.url('/api/me'), init);
  assert.equal(response.status, 401);
  await fetch(server.url('/api/me'), init);
  const [mine, plain] = server.requests;
  assert.deepEqual(mine?.rawHeaders, plain?.rawHeaders);
  assert.deepEqual(mine?.body, plain?.body);
  assert.equal(server.refreshes.length, 0);
  assert.deepEqual(events.all, []);
});

test('F5 no-cors requests, opaque and error responses pass untouched', async (t) => {
  const opaque = Object.defineProperties(new Response(null), {
    type: { value: 'opaque' },
    status: { value: 0 },
  });
  const answers = [opaque, Response.error(), opaque];
  const sent: (RequestInit | undefined)[] = [];
  const auth = createAuthClient({
    origins: [ORIGIN],
    refresh: () => Promise.reject(new Error('nothing to refresh')),
    fetch: (_input, init) => {
      sent.push(init);
      return Promise.resolve(answers[sent.length - 1] ?? Response.error());
    },
  });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'a', refresh_token: 'r' });
  const init: RequestInit = { mode: 'no-cors' };
  assert.equal(await auth.fetchWithAuth(`${ORIGIN}/`, init), answers[0]);
  assert.equal(new Headers(sent[0]?.headers).get('authorization'), null);
  assert.equal(await auth.fetchWithAuth(`${ORIGIN}/`), answers[1]);
  assert.equal(await auth.fetchWithAuth(new Request(`${ORIGIN}/`, init)), answers[2]);
  assert.equal(new Headers(sent[2]?.headers).get('authorization'), null);
});

test("F5 redirect: 'manual' and 'error' are as with fetch", async (t) => {
  const server = await startAuthServer(t);
  server.route('/api/moved', () => ({ status: 302, headers: { Location: '/api/me' } }));
  const { auth } = await signIn(t, server);
  const manual = await auth.fetchWithAuth(server.url('/api/moved'), { redirect: 'manual' });
  assert.equal(manual.status, 302);
  await assert.rejects(
    auth.fetchWithAuth(server.url('/api/moved'), { redirect: 'error' }),
    TypeError,
  );
  assert.equal(server.to('/api/me').length, 0);
});

test('F8 calls made before the storage was read wait for it', async (t) => {
  const server = await startAuthServer(t);
  const record = await recordOf(t, server);
  const gate = new Gate();
  const storage = {
    get: async () => {
      await gate.pass();
      return record;
    },
    set: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };
  const { auth } = startClient(t, server, { storage });
  const calls = [
    auth.fetchWithAuth(server.url('/api/1')),
    auth.fetchWithAuth(server.url('/api/2')),
  ];
  const token = auth.getAccessToken();
  await gate.until(1);
  assert.equal(server.calls.length, 0);
  gate.open();
  for (const call of calls) assert.equal((await call).status, 200);
  assert.equal(await token, server.accessToken);
  assert.equal(auth.state, 'signed-in');
});

test('F8 no global is patched', async (t) => {
  const before = new Map(
    Object.getOwnPropertyNames(globalThis).map((name) => [
      name,
      Object.getOwnPropertyDescriptor(globalThis, name),
    ]),
  );
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  await auth.fetchWithAuth(server.url('/api/me'));
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const now = Object.getOwnPropertyDescriptor(globalThis, name);
    assert.ok(before.has(name), `new global ${name}`);
    assert.deepEqual(now, before.get(name), name);
  }
});

test('F8 works as the fetch of other clients: unbound, with any this, with a Request', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const { fetchWithAuth } = auth;
  const url = server.url('/api/me');
  server.expire();
  // As ky does: a Request is made, a clone of it is sent, with init of its own.
  const likeKy = (fetcher: Fetch, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    return fetcher(request.clone(), {});
  };
  assert.equal((await likeKy(fetchWithAuth, { method: 'POST', body: '{}' })).status, 200);
  // As Apollo, urql and tRPC do: a property of an options object, called with that as this.
  const options = { fetch: fetchWithAuth };
  assert.equal((await options.fetch(url, { method: 'POST', body: '{}' })).status, 200);
  assert.equal((await Reflect.apply(fetchWithAuth, undefined, [url])).status, 200);
  assert.equal((await Reflect.apply(fetchWithAuth, globalThis, [url])).status, 200);
  // As openapi-fetch does: a Request that it reads headers from later on.
  const request = new Request(url, { headers: { 'X-A': '1' } });
  assert.equal((await fetchWithAuth(request)).status, 200);
  assert.equal(request.headers.get('authorization'), null, "the caller's Request is not changed");
  assert.equal(server.refreshes.length, 1);
});

test('F8 the global fetch is looked up at each call; an own one replaces it', async (t) => {
  const server = await startHttpServer(t);
  const original = globalThis.fetch;
  t.after(() => (globalThis.fetch = original));
  const auth = createAuthClient({ origins: [server.origin] });
  t.after(() => auth.close());
  let calls = 0;
  globalThis.fetch = (...args: Parameters<typeof fetch>) => {
    calls++;
    return original(...args);
  };
  await auth.fetchWithAuth(server.url('/'));
  assert.equal(calls, 1);
  await auth.setTokens({ access_token: 'a' });
  await auth.fetchWithAuth(server.url('/'));
  assert.equal(calls, 2);
});

test('F1 Headers that no plain object holds arrive as with fetch', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const headers = new Headers({ constructor: 'a', 'X-A': 'b' });
  headers.append('set-cookie', 'c=1');
  headers.append('set-cookie', 'd=2');
  await auth.fetchWithAuth(server.url('/api/odd'), { headers });
  await fetch(server.url('/api/odd'), { headers });
  const [ours, plain] = server.requests.slice(-2).map((request) => request.rawHeaders);
  assert.deepEqual(
    withAuthorization(ours, '').filter((line) => !line.startsWith('authorization')),
    withAuthorization(plain, '').filter((line) => !line.startsWith('authorization')),
  );
});
