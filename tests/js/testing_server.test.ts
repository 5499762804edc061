// bearerkit/testing (P7): what its server says, and what it says to a test that is wrong.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { createTestAuth, type TestAuth, type TestAuthOptions } from 'bearerkit/testing';

import { settled } from './support/wait.ts';

function start(t: TestContext, options?: TestAuthOptions): TestAuth {
  const world = createTestAuth(options);
  t.after(() => world.close());
  return world;
}

async function bodyOf(answer: Promise<Response>): Promise<{ status: number; body: unknown }> {
  const response = await answer;
  const text = await response.text();
  return { status: response.status, body: text === '' ? '' : (JSON.parse(text) as unknown) };
}

test('P7 a route sees its request, and answers by an object, a function or a Response', async (t) => {
  const world = start(t, { origins: ['https://api.example.com'] });
  const { auth, server } = world;
  server.on('POST /todos/:id/notes', async ({ params, url, headers, claims, json }) => ({
    status: 201,
    json: [params['id'], url.searchParams.get('q'), headers.get('x-a'), claims?.sub, await json()],
  }));
  server.on('GET https://api.example.com/a', () => new Response('own', { status: 202 }));
  server.on('DELETE /todos', { status: 205, headers: { 'X-B': 'b' } });
  await world.signedIn({ claims: { sub: 'ada' } });
  const init = { method: 'POST', headers: { 'X-A': 'a' }, body: '{"n":1}' };
  assert.deepEqual(await bodyOf(auth.fetchWithAuth('/todos/7/notes?q=x', init)), {
    status: 201,
    body: ['7', 'x', 'a', 'ada', { n: 1 }],
  });
  const own = await auth.fetchWithAuth(new Request('https://api.example.com/a'));
  assert.deepEqual(
    [own.status, await own.text(), own.url],
    [202, 'own', 'https://api.example.com/a'],
  );
  const deleted = await auth.fetchWithAuth('/todos', { method: 'DELETE' });
  assert.deepEqual([deleted.status, deleted.headers.get('x-b')], [205, 'b']);
  server.on('DELETE /todos', { status: 204 });
  assert.equal(
    (await auth.fetchWithAuth('/todos', { method: 'DELETE' })).status,
    204,
    'the last one',
  );
  assert.deepEqual(
    server.calls.map(({ method, path, status }) => `${method} ${path} ${status}`),
    [
      'POST /todos/7/notes 201',
      'GET https://api.example.com/a 202',
      'DELETE /todos 205',
      'DELETE /todos 204',
    ],
  );
});

test('P7 bodies of all kinds', async (t) => {
  const world = start(t);
  const { auth, server } = world;
  server.on('POST /echo', async ({ text }) => ({ text: await text() }));
  await world.signedIn();
  const form = new FormData();
  form.append('name', 'Ada');
  const bodies: [BodyInit, RegExp][] = [
    [new URLSearchParams({ a: 'b' }), /^a=b$/],
    [new Blob(['blob']), /^blob$/],
    [new TextEncoder().encode('bytes'), /^bytes$/],
    [form, /name="name"\r\n\r\nAda/],
  ];
  for (const [body, pattern] of bodies) {
    const response = await auth.fetchWithAuth('/echo', { method: 'POST', body });
    assert.match(await response.text(), pattern);
  }
  const request = new Request(`${server.origin}/echo`, { method: 'POST', body: 'request' });
  assert.equal(await (await auth.fetchWithAuth(request)).text(), 'request');
});

test('P7 a login of the app’s own is an open route', async (t) => {
  const { auth, server, platform } = start(t);
  server.on('POST /auth/login', () => ({ json: server.issue({ sub: 'ada' }) }), { open: true });
  server.on('GET /me', ({ claims }) => ({ json: claims?.sub }));
  const login = await platform().fetch('/auth/login', { method: 'POST' });
  await auth.setTokens((await login.json()) as never);
  assert.deepEqual(await bodyOf(auth.fetchWithAuth('/me')), { status: 200, body: 'ada' });
});

test('P7 R4 a refresh token that comes again: within the grace the same tokens, without one the end', async (t) => {
  for (const [grace, outcome] of [
    [60, 'signed-in'],
    [0, 'signed-out'],
  ] as const) {
    const world = start(t, { grace });
    const { auth, clock } = world;
    await world.signedIn();
    world.failNext('answer_lost', 'refresh');
    await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
    await clock.advance(30_000);
    await auth.refresh().catch(() => undefined);
    assert.equal(auth.state, outcome);
  }
});

test('P7 a 401 and a 404 say why', async (t) => {
  const world = start(t);
  const { auth, server } = world;
  const other = 'https://api.example.com';
  server.on('GET /a', {});
  server.on(`GET ${other}/a`, {});
  const messageOf = async (answer: Promise<Response>): Promise<string> =>
    ((await bodyOf(answer)).body as { message: string }).message;
  assert.match(await messageOf(auth.fetchWithAuth('/a')), /no token.*Nobody was signed in/);
  await world.signedIn();
  assert.match(await messageOf(auth.fetchWithAuth(`${other}/a`)), /no token.*option origins/);
  const once = auth.fetchWith({ retry: false });
  world.revoke();
  const refused = await once('/a');
  assert.equal(
    refused.headers.get('www-authenticate'),
    'Bearer error="invalid_token", error_description="revoked"',
  );
  const missing = await messageOf(auth.fetchWithAuth('/b'));
  assert.match(
    missing,
    /no route for GET \/b.*server\.on\("GET \/b".*There are GET \/a, GET https/,
  );
});

test('P7 a mistake in a test has a code and says what is wrong', async (t) => {
  const world = start(t);
  const { auth, server, clock } = world;
  for (const route of ['GET', '/a', 'get /a', 'GET /a?b=c', 'GET a']) {
    assert.throws(() => server.on(route, {}), { name: 'TestAuthError', code: 'bad_route' });
  }
  await assert.rejects(world.expire(), { code: 'signed_out', message: /signedIn\(\)/ });
  await assert.rejects(clock.advance(-1), { code: 'bad_option' });
  assert.throws(() => world.failNext('typo' as never), {
    code: 'bad_option',
    message: /answer_lost/,
  });
  assert.throws(() => world.failNext('unclear', 'api'), { code: 'bad_option' });
  assert.throws(() => world.faults({ seed: 1, rate: 2 }), { code: 'bad_option' });
  for (const options of [{ origin: 'app' }, { seed: NaN }, { now: NaN }, { expiresIn: -1 }]) {
    assert.throws(() => createTestAuth(options), { code: 'bad_option' });
  }
  assert.throws(() => createTestAuth({ mode: 'typo' as never }), { code: 'invalid_config' });
  await world.signedIn();
  server.on('GET /nothing', () => undefined as never);
  await assert.rejects(auth.fetchWithAuth('/nothing'), {
    code: 'bad_answer',
    message: /GET \/nothing/,
  });
  server.on('GET /throws', () => {
    throw new RangeError('mine');
  });
  await assert.rejects(auth.fetchWithAuth('/throws'), RangeError);
  const { fetch } = world.platform();
  world.close();
  await assert.rejects(fetch('/a'), { code: 'closed' });
});

test('P7 F4 R13 what is under way ends: by a signal, and when the test is closed', async (t) => {
  const world = start(t);
  const { auth, server, clock } = world;
  server.on('GET /never', () => new Promise<Response>(() => {}));
  await world.signedIn();
  const controller = new AbortController();
  const aborted = auth.fetchWithAuth('/never', { signal: controller.signal });
  await clock.settle();
  controller.abort(new Error('mine'));
  await assert.rejects(aborted, /mine/);
  const left = auth.fetchWithAuth('/never');
  const waiting = auth.refresh();
  server.on('POST /auth/refresh', () => new Promise<Response>(() => {}));
  await clock.settle();
  world.close();
  await assert.rejects(settled(left, 'a call'), TypeError);
  await settled(
    waiting.catch(() => {}),
    'a refresh',
  );
});
