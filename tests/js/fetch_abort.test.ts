// F4: an AbortSignal ends its own call, at any point, with the caller's reason, and nobody else's.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';

import { createAuthClient } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { signIn, startClient } from './support/client.ts';
import { MapStorage, recordOf } from './support/storages.ts';
import { Gate, settled, until } from './support/wait.ts';

const rejectsWith = (call: Promise<unknown>, reason: unknown): Promise<void> =>
  assert.rejects(settled(call, 'an aborted call'), (error) => error === reason);

test('F4 aborted before the call: nothing is sent', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  for (const reason of [new Error('mine'), 'a string', { any: 'thing' }]) {
    await rejectsWith(
      auth.fetchWithAuth(server.url('/api/a'), { signal: AbortSignal.abort(reason) }),
      reason,
    );
    const request = new Request(server.url('/api/a'), { signal: AbortSignal.abort(reason) });
    await rejectsWith(auth.fetchWithAuth(request), reason);
  }
  await assert.rejects(auth.fetchWithAuth(server.url('/api/a'), { signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });
  assert.equal(server.calls.length, 0);
});

test('F4 aborted before the call while the token is expired: no refresh is waited for', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 60 });
  let ahead = 0;
  const { auth } = await signIn(t, server, { clock: { now: () => Date.now() + ahead } });
  ahead = 61_000;
  const gate = server.hold('/refresh');
  const reason = new Error('mine');
  await rejectsWith(
    auth.fetchWithAuth(server.url('/api/a'), { signal: AbortSignal.abort(reason) }),
    reason,
  );
  gate.open();
  assert.equal(server.calls.length, 0);
});

test('F4 P6 a signal without a reason, as React Native has it: an AbortError, in the wait for a token, too', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.expire();
  const gate = server.hold('/refresh');
  const controller = new AbortController();
  Object.defineProperty(controller.signal, 'reason', { value: undefined });
  const call = auth.fetchWithAuth(server.url('/api/a'), { signal: controller.signal });
  await gate.until(1);
  controller.abort();
  await assert.rejects(settled(call, 'an aborted call'), { name: 'AbortError' });
  gate.open();
});

test('F4 aborted while the answer is awaited', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const gate = server.hold('/api/slow');
  const controller = new AbortController();
  const reason = { mine: true };
  const call = auth.fetchWithAuth(server.url('/api/slow'), { signal: controller.signal });
  await gate.until(1);
  controller.abort(reason);
  await rejectsWith(call, reason);
  gate.open();
  assert.equal((await auth.fetchWithAuth(server.url('/api/next'))).status, 200);
});

for (const form of ['init', 'a Request'] as const) {
  test(`F4 aborted while waiting for a refresh (signal in ${form}): others go on`, async (t) => {
    const server = await startAuthServer(t);
    const { auth } = await signIn(t, server);
    server.expire();
    const gate = server.hold('/refresh');
    const controller = new AbortController();
    const { signal } = controller;
    const url = server.url('/api/aborted');
    const aborted =
      form === 'init'
        ? auth.fetchWithAuth(url, { signal })
        : auth.fetchWithAuth(new Request(url, { signal }));
    const others = [1, 2, 3].map((i) => auth.fetchWithAuth(server.url(`/api/other${i}`)));
    await gate.until(1);
    await until(() => server.calls.length === 4, 'all four got their 401');
    const reason = new Error('mine');
    controller.abort(reason);
    await rejectsWith(aborted, reason);
    gate.open();
    for (const other of others) assert.equal((await other).status, 200);
    assert.equal(server.refreshes.length, 1, 'the shared refresh was not aborted');
    assert.equal(server.to('/api/aborted').length, 1, 'the aborted one was not sent again');
  });
}

test('F4 the only one who waits aborts: the refresh is finished and kept all the same', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  server.expire();
  const gate = server.hold('/refresh');
  const controller = new AbortController();
  const call = auth.fetchWithAuth(server.url('/api/a'), { signal: controller.signal });
  await gate.until(1);
  controller.abort('mine');
  await rejectsWith(call, 'mine');
  gate.open();
  await events.until('refreshed');
  assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 200);
  assert.equal(server.refreshes.length, 1);
});

test('F4 aborted during the retry', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const gate = new Gate();
  let calls = 0;
  server.route('/api/a', async () => {
    if (++calls === 1) return { status: 401 };
    await gate.pass();
    return { body: 'late' };
  });
  const controller = new AbortController();
  const call = auth.fetchWithAuth(server.url('/api/a'), {
    signal: controller.signal,
    method: 'POST',
    body: 'x',
  });
  await gate.until(1);
  controller.abort('mine');
  await rejectsWith(call, 'mine');
  gate.open();
});

test('F4 aborted while the storage is read at the start', async (t) => {
  const server = await startAuthServer(t);
  const record = await recordOf(t, server);
  const gate = new Gate();
  const storage = Object.assign(new MapStorage(), {
    get: async () => {
      await gate.pass();
      return record;
    },
  });
  const { auth } = startClient(t, server, { storage });
  const controller = new AbortController();
  const call = auth.fetchWithAuth(server.url('/api/a'), { signal: controller.signal });
  const other = auth.fetchWithAuth(server.url('/api/b'));
  controller.abort('mine');
  await rejectsWith(call, 'mine');
  gate.open();
  assert.equal((await other).status, 200);
  assert.equal(server.to('/api/a').length, 0);
});

test('F4 aborted after the answer: reading its body fails, as with fetch', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.expire();
  server.route('/api/large', () => ({ body: Buffer.alloc(8e6) }));
  const controller = new AbortController();
  const { signal } = controller;
  const response = await auth.fetchWithAuth(server.url('/api/large'), { signal });
  const plain = await fetch(server.url('/api/large'), { signal });
  controller.abort(new Error('mine'));
  const [mine, expected] = await Promise.allSettled([response.arrayBuffer(), plain.arrayBuffer()]);
  assert.equal(expected.status, 'rejected');
  assert.deepEqual(mine, expected);
});

test('F4 AbortSignal.timeout ends a wait with its TimeoutError', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.expire();
  const gate = server.hold('/refresh');
  const call = auth.fetchWithAuth(server.url('/api/a'), { signal: AbortSignal.timeout(100) });
  await assert.rejects(settled(call, 'the call'), { name: 'TimeoutError' });
  gate.open();
  assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 200);
});

test('F4 one signal for many calls: all of them end, and it keeps no listener', async (t) => {
  const origin = 'https://api.example.com';
  const refreshed = new Gate();
  let valid = 'none';
  const auth = createAuthClient({
    origins: [origin],
    refresh: async () => {
      await refreshed.pass();
      valid = 'second';
      return { access_token: valid };
    },
    fetch: (input, init) => {
      const token = new Request(input, { headers: init?.headers ?? {} }).headers.get(
        'authorization',
      );
      return Promise.resolve(
        new Response(null, { status: token === `Bearer ${valid}` ? 200 : 401 }),
      );
    },
  });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'first', refresh_token: 'r' });
  const { signal } = new AbortController();
  const calls = Array.from({ length: 50 }, () => auth.fetchWithAuth(`${origin}/a`, { signal }));
  await refreshed.until(1);
  refreshed.open();
  for (const call of calls) assert.equal((await call).status, 200);
  assert.equal(getEventListeners(signal, 'abort').length, 0);

  valid = 'none';
  const controller = new AbortController();
  const waiting = Array.from({ length: 50 }, () =>
    auth.fetchWithAuth(`${origin}/a`, { signal: controller.signal }),
  );
  controller.abort('mine');
  for (const call of waiting) await rejectsWith(call, 'mine');
});

test('F4 1000 aborts at random moments: every call settles, and the client works on', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const outcomes = { aborted: 0, answered: 0 };
  for (let round = 0; round < 20; round++) {
    if (round % 2 === 0) server.expire();
    const calls = Array.from({ length: 50 }, (_, i) => {
      const controller = new AbortController();
      if (i % 2 === 0) setTimeout(() => controller.abort('mine'), (i * round) % 30);
      return auth.fetchWithAuth(server.url('/api/a'), { signal: controller.signal }).then(
        (response) => {
          assert.equal(response.status, 200);
          outcomes.answered++;
          return response.arrayBuffer().catch(() => undefined);
        },
        (error: unknown) => {
          assert.equal(error, 'mine');
          outcomes.aborted++;
        },
      );
    });
    await settled(Promise.all(calls), `round ${round}`);
  }
  assert.equal(outcomes.aborted + outcomes.answered, 1000);
  assert.ok(outcomes.answered >= 500);
  assert.equal(server.refreshes.length, 10);
});
