// F2: what is sent again is what was sent first.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAuthClient } from 'bearerkit';

import { type AuthServer, startAuthServer } from './support/auth_server.ts';
import { signIn } from './support/client.ts';
import type { Recorded } from './support/http_server.ts';
import { Random } from './support/random.ts';

const BINARY = new Random().bytes(70_000);

function form(): FormData {
  const data = new FormData();
  data.append('name', 'José 🦊');
  data.append('name', 'a second one');
  data.append('file', new File([BINARY], 'ünï.bin', { type: 'application/x-thing' }));
  return data;
}

function request(url: string, body: BodyInit): [Request] {
  return [new Request(url, { method: 'PUT', body, headers: { 'X-A': '1' } })];
}

const post = (url: string, body: unknown): [string, RequestInit] => [
  url,
  { method: 'POST', body: body as BodyInit },
];

/** Each is made anew for each call. */
const BODIES: Record<string, (url: string) => [string | Request, RequestInit?]> = {
  'a string': (url) => post(url, 'José 🦊 李'),
  'an empty string': (url) => post(url, ''),
  'a Blob with a type': (url) => post(url, new Blob([BINARY, 'end'], { type: 'image/png' })),
  'a Blob without a type': (url) => post(url, new Blob([BINARY])),
  'an ArrayBuffer': (url) => post(url, BINARY.slice().buffer),
  'a typed array': (url) => post(url, BINARY.slice()),
  'a part of a buffer': (url) => post(url, new Uint8Array(BINARY.slice().buffer, 100, 5000)),
  'a DataView': (url) => post(url, new DataView(BINARY.slice().buffer, 7, 33)),
  'a wide array': (url) => post(url, new Float64Array([1.5, NaN, -0])),
  URLSearchParams: (url) => post(url, new URLSearchParams({ a: 'é&=', b: '🦊 +' })),
  FormData: (url) => post(url, form()),
  'a Request with text': (url) => request(url, 'text'),
  'a Request with bytes': (url) => request(url, BINARY.slice()),
  'a Request with URLSearchParams': (url) => request(url, new URLSearchParams({ a: '1' })),
  'a Request with FormData': (url) => request(url, form()),
  'a Request with a stream': (url) => [
    new Request(url, {
      method: 'POST',
      body: new Blob([BINARY]).stream(),
      duplex: 'half',
    } as RequestInit),
  ],
  'a body over a Request': (url) => [...request(url, 'old'), { body: BINARY.slice() }],
  'no body': (url) => [url, { method: 'POST' }],
  null: (url) => post(url, null),
};

/** What a request holds; of a form its fields, since each sending has a boundary of its own. */
async function contentOf({ body, headers }: Recorded): Promise<unknown> {
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return { type, body: body.toString('base64') };
  const data = await new Response(body, { headers: { 'content-type': type } }).formData();
  return Promise.all(
    [...data].map(async ([name, value]) =>
      typeof value === 'string'
        ? { name, value }
        : {
            name,
            file: value.name,
            type: value.type,
            bytes: Buffer.from(await value.arrayBuffer()),
          },
    ),
  );
}

const path = '/api/body';

async function plain(
  server: AuthServer,
  make: (url: string) => [string | Request, RequestInit?],
): Promise<unknown> {
  await fetch(...make(server.url('/api/plain')));
  const sent = server.to('/api/plain').at(-1);
  assert.ok(sent);
  return contentOf(sent);
}

for (const [kind, make] of Object.entries(BODIES)) {
  test(`F2 replayed after a 401: ${kind}`, async (t) => {
    const server = await startAuthServer(t);
    const { auth } = await signIn(t, server);
    server.expire();
    const response = await auth.fetchWithAuth(...make(server.url(path)));
    assert.equal(response.status, 200);
    const [first, second, ...more] = server.to(path);
    assert.ok(first && second && more.length === 0);
    const expected = await plain(server, make);
    assert.deepEqual(await contentOf(first), expected);
    assert.deepEqual(await contentOf(second), expected);
    assert.equal(second.method, first.method);
    assert.equal(second.headers['x-a'], first.headers['x-a']);
    assert.equal(server.refreshes.length, 1);
  });
}

type Change = [string, () => { init: RequestInit; change: () => void }];

const CHANGED: Change[] = [
  [
    'a typed array',
    () => ((body) => ({ init: { body }, change: () => body.fill(0) }))(BINARY.slice()),
  ],
  [
    'an ArrayBuffer',
    () => ((body) => ({ init: { body: body.buffer }, change: () => body.fill(0) }))(BINARY.slice()),
  ],
  [
    'URLSearchParams',
    () =>
      ((body) => ({ init: { body }, change: () => body.append('afterwards', '1') }))(
        new URLSearchParams('a=1'),
      ),
  ],
  [
    'FormData',
    () => ((body) => ({ init: { body }, change: () => body.append('afterwards', '1') }))(form()),
  ],
  [
    'Headers',
    () =>
      ((headers) => ({
        init: { body: 'x', headers },
        change: () => headers.set('x-a', 'afterwards'),
      }))(new Headers({ 'x-a': '1' })),
  ],
  [
    'an object of headers',
    () =>
      ((headers: Record<string, string>) => ({
        init: { body: 'x', headers },
        change: () => (headers['x-a'] = 'afterwards'),
      }))({ 'x-a': '1' }),
  ],
  [
    'an array of headers',
    () =>
      ((headers: [string, string][]) => ({
        init: { body: 'x', headers },
        change: () => headers.push(['x-b', 'afterwards']),
      }))([['x-a', '1']]),
  ],
  [
    'init itself',
    () =>
      ((init: RequestInit) => ({
        init,
        change: () => Object.assign(init, { body: 'afterwards', method: 'PUT' }),
      }))({ body: 'x' }),
  ],
];

for (const [kind, make] of CHANGED) {
  test(`F2 changed by the caller after the call, sent as it was: ${kind}`, async (t) => {
    const server = await startAuthServer(t, { expiresIn: 3600 });
    const { auth } = await signIn(t, server);
    const expected = await plain(server, (url) => [url, { method: 'POST', ...make().init }]);
    const gate = server.hold('/refresh');

    // The first sending is done, its 401 waits for the refresh.
    server.expire();
    const replayed = make();
    const call = auth.fetchWithAuth(
      server.url(path),
      Object.assign(replayed.init, { method: 'POST' }),
    );
    replayed.change();
    await gate.until(1);
    // Not sent at all yet: it joins the wait.
    const late = make();
    const waiting = auth.fetchWithAuth(
      server.url('/api/waits'),
      Object.assign(late.init, { method: 'POST' }),
    );
    late.change();
    gate.open();
    assert.deepEqual([(await call).status, (await waiting).status], [200, 200]);
    const sent = [...server.to(path), ...server.to('/api/waits')];
    assert.equal(sent.length, 3);
    for (const each of sent) {
      assert.equal(each.method, 'POST');
      assert.deepEqual(await contentOf(each), expected);
      assert.doesNotMatch(JSON.stringify(each.headers), /afterwards/);
    }
  });
}

test('F2 referrer, integrity, keepalive, priority, cache, credentials and what else there is are kept', async (t) => {
  const url = 'https://api.example.com/x';
  const seen: [RequestInfo | URL, RequestInit | undefined][] = [];
  const auth = createAuthClient({
    origins: [url.slice(0, -2)],
    refresh: () => Promise.resolve({ access_token: 'second' }),
    fetch: (input, init) => {
      seen.push([input, init]);
      return Promise.resolve(new Response(null, { status: seen.length % 2 === 1 ? 401 : 200 }));
    },
  });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'first', refresh_token: 'r' });
  const options = {
    method: 'POST',
    body: 'x',
    referrer: 'about:client',
    referrerPolicy: 'origin',
    integrity: 'sha256-abc',
    keepalive: true,
    priority: 'high',
    cache: 'no-store',
    credentials: 'include',
    redirect: 'error',
    signal: new AbortController().signal,
    next: { revalidate: 5 },
  } as const;
  assert.equal((await auth.fetchWithAuth(url, options)).status, 200);
  for (const [, init] of seen) {
    const kept = init as Record<string, unknown>;
    for (const [name, value] of Object.entries(options)) assert.equal(kept[name], value, name);
  }
  seen.length = 0;
  await auth.fetchWithAuth(new Request(url, options));
  await auth.fetchWithAuth(new Request(url, options), {});
  assert.equal(seen.length, 4);
  for (const [input, init] of seen) {
    const sent = new Request(input, init);
    for (const name of [
      'method',
      'referrerPolicy',
      'integrity',
      'keepalive',
      'cache',
      'credentials',
      'redirect',
    ] as const) {
      assert.equal(sent[name], options[name], name);
    }
    assert.match(sent.headers.get('authorization') ?? '', /^Bearer (first|second)$/);
  }
});
