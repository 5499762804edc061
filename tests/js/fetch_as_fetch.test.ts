// F11, F12, F15: what fetch does with a caller's Request, stream and signal, in every state of the
// client. Each case is compared with fetch itself, at the same server.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AuthClient, Fetch } from 'bearerkit';

import { type AuthServer, startAuthServer } from './support/auth_server.ts';
import { Clock, signIn, startClient } from './support/client.ts';
import { MapStorage } from './support/storages.ts';
import { type Gate, settled, turns } from './support/wait.ts';

const POST = { method: 'POST', body: 'x' };

interface State {
  server: AuthServer;
  auth: AuthClient;
  /** Opened, lets go of what waits. */
  gate?: Gate;
}

const STATES: Record<string, (t: TestContext) => Promise<State>> = {
  'signed out': async (t) => {
    const server = await startAuthServer(t);
    return { server, ...startClient(t, server) };
  },
  'signed in': async (t) => {
    const server = await startAuthServer(t);
    return { server, ...(await signIn(t, server)) };
  },
  'waiting for a refresh': async (t) => {
    const server = await startAuthServer(t, { expiresIn: 60 });
    const clock = new Clock();
    const client = await signIn(t, server, { clock });
    clock.advance(61);
    return { server, gate: server.hold('/refresh'), ...client };
  },
  'waiting for a retry': async (t) => {
    const server = await startAuthServer(t);
    const client = await signIn(t, server);
    server.expire();
    return { server, gate: server.hold('/refresh'), ...client };
  },
};

const outcome = async (call: Promise<Response>): Promise<unknown> =>
  call.then(
    ({ ok }) => (ok ? 'answered' : 'refused'),
    (error: unknown) => (error instanceof Error ? error.name : error),
  );

/** A stream that is never read to its end, and why it was cancelled. */
function neverEnding(): { stream: ReadableStream; reasons: unknown[] } {
  const reasons: unknown[] = [];
  return { reasons, stream: new ReadableStream({ cancel: (why) => void reasons.push(why) }) };
}

for (const [state, start] of Object.entries(STATES)) {
  test(`F12 a Request is used up at the call: ${state}`, async (t) => {
    const { server, auth, gate } = await start(t);
    const url = server.url('/api/a');
    const native = new Request(url, POST);
    const request = new Request(url, POST);
    const calls: Promise<unknown>[] = [];
    for (const [send, sent] of [[fetch, native] as const, [auth.fetchWithAuth, request] as const]) {
      calls.push(outcome(send(sent)));
      assert.equal(sent.bodyUsed, true, 'at once');
      calls.push(outcome(send(sent)));
    }
    await turns(1);
    gate?.open();
    const [, nativeAgain, first, again] = await settled(Promise.all(calls), 'all calls');
    assert.equal(nativeAgain, 'TypeError');
    assert.equal(again, 'TypeError', 'the second call');
    assert.equal(first, state === 'signed out' ? 'refused' : 'answered');
    for (const { body } of server.to('/api/a')) assert.equal(body.toString(), 'x');
    assert.equal(server.to('/api/a').length, state === 'waiting for a retry' ? 3 : 2);
  });

  test(`F12 a Request without a body, or with another in init, may be used again: ${state}`, async (t) => {
    const { server, auth, gate } = await start(t);
    const url = server.url('/api/a');
    const used = new Request(url, { ...POST, headers: { 'X-A': '1' } });
    await used.text();
    const cases: [Request, RequestInit?][] = [
      [new Request(url)],
      [new Request(url, { method: 'DELETE' })],
      [used, { body: 'other' }],
      [new Request(url, POST), { body: 'other' }],
      [new Request(url, POST), { body: '' }],
    ];
    for (const [request, init] of cases) {
      const before = request.bodyUsed;
      const calls = [fetch, auth.fetchWithAuth, auth.fetchWithAuth].map((send) =>
        outcome(send(request, init)),
      );
      gate?.open();
      const [native, ...mine] = await settled(Promise.all(calls), 'all calls');
      assert.equal(native, 'refused', 'it was sent');
      assert.deepEqual(new Set(mine).size, 1);
      assert.match(String(mine[0]), /answered|refused/);
      assert.equal(request.bodyUsed, before);
      for (const { body, headers } of server.requests.splice(0)) {
        if (headers['content-type']?.includes('form') === true) continue; // a refresh
        assert.equal(body.toString(), init?.body ?? '');
        if (request === used) assert.equal(headers['x-a'], '1');
      }
      assert.equal(used.headers.has('authorization'), false);
    }
  });

  test(`F11 a signal that was aborted before: as fetch, untracked and without a token: ${state}`, async (t) => {
    const { server, auth } = await start(t);
    const url = server.url('/api/a');
    const signal = AbortSignal.abort('mine');
    const seen: unknown[][] = [];
    for (const send of [fetch, auth.fetchWithAuth] satisfies Fetch[]) {
      const inInit = neverEnding();
      const inRequest = neverEnding();
      const streams = [inInit, inRequest];
      const init = { method: 'POST', body: inInit.stream, duplex: 'half', signal } as RequestInit;
      const request = new Request(url, { ...init, body: inRequest.stream });
      const text = new Request(url, { ...POST, signal });
      const results = [
        await outcome(send(url, init)),
        await outcome(send(request)),
        await outcome(send(text)),
        await outcome(send(url, { ...POST, signal })),
        await outcome(send(url, { method: 'GET', body: 'x', signal })),
        await outcome(send('http://', { signal })),
        await outcome(send(url, { headers: { 'no name': '' }, signal })),
      ];
      await turns(1);
      seen.push([results, streams.map(({ reasons }) => reasons), request.bodyUsed, text.bodyUsed]);
    }
    assert.deepEqual(seen[1], seen[0]);
    const [results] = seen;
    assert.deepEqual(results?.[0], [
      ...Array<string>(4).fill('mine'),
      ...Array<string>(3).fill('TypeError'),
    ]);
    assert.equal(server.requests.length, 0);
  });
}

for (const form of ['a stream', 'a Request with a stream'] as const) {
  test(`F11 F4 an abort while the call waits cancels the caller's stream: ${form}`, async (t) => {
    const { server, auth, gate } = await (STATES['waiting for a refresh'] ?? assert.fail())(t);
    const { stream, reasons } = neverEnding();
    const controller = new AbortController();
    const { signal } = controller;
    const init = { method: 'POST', body: stream, duplex: 'half', signal } as RequestInit;
    const url = server.url('/api/a');
    const call =
      form === 'a stream'
        ? auth.fetchWithAuth(url, init)
        : auth.fetchWithAuth(new Request(url, init));
    await gate?.until(1);
    controller.abort('mine');
    assert.equal(await settled(outcome(call), 'the call'), 'mine');
    await turns(1);
    assert.equal(reasons.length, 1);
    gate?.open();
    assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 200);
    assert.equal(server.to('/api/a').length, 0);
  });
}

test('F11 F8 close() while a stream waits cancels it', async (t) => {
  const { server, auth, gate } = await (STATES['waiting for a refresh'] ?? assert.fail())(t);
  const { stream, reasons } = neverEnding();
  const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
  const call = outcome(auth.fetchWithAuth(server.url('/api/a'), init));
  await gate?.until(1);
  auth.close();
  assert.equal(await settled(call, 'the call'), 'AuthError');
  await turns(1);
  assert.equal(reasons.length, 1);
  gate?.open();
});

test('F13 a signal that is none: TypeError as with fetch, and no place is lost', async (t) => {
  for (const start of Object.values(STATES)) {
    const { server, auth, gate } = await start(t);
    const signal = {} as AbortSignal;
    const calls = [
      outcome(auth.fetchWithAuth(server.url('/api/a'), { signal })),
      outcome(auth.fetchWithAuth(server.url('/api/a'), { ...POST, signal })),
    ];
    await turns(1);
    gate?.open();
    assert.equal(await outcome(fetch(server.url('/api/a'), { signal })), 'TypeError');
    for (const call of calls) assert.equal(await settled(call, 'a call'), 'TypeError');
    assert.equal(server.to('/api/a').length, 0);
  }
});

// A clone of such a Request has such headers as well.
function withFixedHeaders(request: Request): Request {
  const refuse = (): never => {
    throw new TypeError('Headers are immutable');
  };
  Object.assign(request.headers, { set: refuse, append: refuse, delete: refuse });
  const clone = request.clone.bind(request);
  request.clone = () => withFixedHeaders(clone());
  return request;
}

test('F15 a Request whose headers cannot be changed, as a FetchEvent has it', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.expire();
  for (const method of ['GET', 'POST']) {
    const init = { method, headers: { 'X-A': '1' }, ...(method === 'POST' && { body: 'x' }) };
    const request = withFixedHeaders(new Request(server.url('/api/a'), init));
    assert.equal((await auth.fetchWithAuth(request)).status, 200);
    assert.equal(request.headers.has('authorization'), false);
    const { headers, body } = server.to('/api/a').at(-1) ?? assert.fail();
    assert.deepEqual([headers['x-a'], body.toString()], ['1', method === 'POST' ? 'x' : '']);
    server.expire();
  }
  assert.equal(server.refreshes.length, 2);
});

test('F12 a Request of a session that is restored by and by', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const get = (): Promise<null> => Promise.resolve(null);
  const { auth } = startClient(t, server, { storage: Object.assign(storage, { get }) });
  const request = new Request(server.url('/api/a'), POST);
  const calls = [outcome(auth.fetchWithAuth(request)), outcome(auth.fetchWithAuth(request))];
  assert.equal(request.bodyUsed, true);
  assert.deepEqual(await Promise.all(calls), ['refused', 'TypeError']);
  assert.equal(server.calls.length, 1);
});
