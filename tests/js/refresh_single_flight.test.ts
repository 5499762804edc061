// R1, R2: one refresh for all, and none for those who come late.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { TokenResponse } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { Clock, signIn } from './support/client.ts';
import { Gate, until } from './support/wait.ts';

const HUNDRED = Array.from({ length: 100 }, (_, i) => i);

const statuses = async (calls: Promise<Response>[]): Promise<Record<number, number>> => {
  const counts: Record<number, number> = {};
  for (const call of calls) {
    const { status } = await call;
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
};

test('R1 100 concurrent 401s: exactly one refresh, 100 answers 200', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  server.expire();
  const calls = HUNDRED.map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
  assert.deepEqual(await statuses(calls), { 200: 100 });
  assert.equal(server.refreshes.length, 1);
  assert.equal(server.calls.length, 200);
  assert.deepEqual(events.of('refreshed'), [{ generation: 2, elsewhere: false }]);
});

test('R2 100 401s in four waves, three of them after the refresh: still exactly one', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  server.expire();
  // The first attempts were made with the old token; their 401s come when the gates open.
  const gates = [0, 1, 2, 3].map((wave) => server.hold(`/api/wave${wave}`));
  const calls = HUNDRED.map((i) => auth.fetchWithAuth(server.url(`/api/wave${i % 4}`)));
  for (const gate of gates) await gate.until(25);
  for (const [wave, gate] of gates.entries()) {
    gate.open();
    const answered = calls.filter((_, i) => i % 4 === wave);
    assert.deepEqual(await statuses(answered), { 200: 25 });
    assert.equal(server.refreshes.length, 1, `after wave ${wave}`);
  }
  assert.equal(events.count('refreshed'), 1);
  assert.equal(server.calls.length, 200);
});

test('R2 a late 401 is retried without a refresh', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const gate = server.hold('/api/late');
  server.expire();
  const late = auth.fetchWithAuth(server.url('/api/late'));
  await gate.until(1);
  await auth.refresh();
  await auth.refresh();
  gate.open();
  assert.equal((await late).status, 200);
  assert.equal(server.refreshes.length, 2, 'those that were asked for');
});

test('R1 401s that come while the refresh is under way wait for it', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.expire();
  const refresh = server.hold('/refresh');
  const late = server.hold('/api/late');
  const calls = [
    auth.fetchWithAuth(server.url('/api/first')),
    auth.fetchWithAuth(server.url('/api/late')),
  ];
  await refresh.until(1);
  late.open();
  calls.push(auth.fetchWithAuth(server.url('/api/new')));
  await until(() => late.arrived === 1, 'the late one is answered');
  refresh.open();
  assert.deepEqual(await statuses(calls), { 200: 3 });
  assert.equal(server.refreshes.length, 1);
});

test('R1 100 calls with an expired token: one refresh before, nothing sent in vain', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 60 });
  const clock = new Clock();
  const { auth } = await signIn(t, server, { clock });
  clock.advance(61);
  const calls = HUNDRED.map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
  assert.deepEqual(await statuses(calls), { 200: 100 });
  assert.equal(server.refreshes.length, 1);
  assert.equal(server.calls.length, 100);
});

test('R1 refresh(), getAccessToken() and calls share one refresh', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 60 });
  const clock = new Clock();
  const { auth } = await signIn(t, server, { clock });
  clock.advance(61);
  const gate = server.hold('/refresh');
  const waiting = [
    auth.refresh(),
    auth.refresh(),
    auth.getAccessToken(),
    auth.fetchWithAuth(server.url('/api/a')),
  ] as const;
  await gate.until(1);
  gate.open();
  const [, , token, response] = await Promise.all(waiting);
  assert.equal(token, server.accessToken);
  assert.equal(response.status, 200);
  assert.equal(server.refreshes.length, 1);
});

test('R1 a new expiry is a new refresh: five rounds of 100', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  for (let round = 1; round <= 5; round++) {
    server.expire();
    const calls = HUNDRED.map((i) =>
      auth.fetchWithAuth(server.url(`/api/${i}`), { method: 'POST', body: `${i}` }),
    );
    assert.deepEqual(await statuses(calls), { 200: 100 });
    assert.equal(server.refreshes.length, round);
  }
  assert.deepEqual(
    events.of('refreshed').map(({ generation }) => generation),
    [2, 3, 4, 5, 6],
  );
  const bodies = server.to('/api/42').map(({ body }) => body.toString());
  assert.deepEqual(
    bodies,
    Array.from({ length: 10 }, () => '42'),
  );
});

test('R1 a refresh function is called once for 100', async (t) => {
  const server = await startAuthServer(t);
  const gate = new Gate();
  const seen: (string | null)[] = [];
  const refresh = async ({
    refreshToken,
    signal,
  }: {
    refreshToken: string | null;
    signal: AbortSignal;
  }): Promise<TokenResponse> => {
    seen.push(refreshToken);
    assert.ok(signal instanceof AbortSignal && !signal.aborted);
    await gate.pass();
    server.rotate();
    return server.tokens('json');
  };
  const { auth } = await signIn(t, server, { refresh });
  const before = server.refreshToken;
  server.expire();
  const calls = HUNDRED.map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
  await gate.until(1);
  gate.open();
  assert.deepEqual(await statuses(calls), { 200: 100 });
  assert.deepEqual(seen, [before]);
});

test('F8 fetchWithAuth may be called from within the refresh function: it does not wait for itself', async (t) => {
  const server = await startAuthServer(t);
  const refresh = async (): Promise<TokenResponse> => {
    // Another origin, and a header of its own: none of these calls for the session.
    const plain = await auth.fetchWithAuth(server.url('/api/x'), {
      headers: { Authorization: 'Basic abc' },
    });
    assert.equal(plain.status, 401);
    server.rotate();
    return server.tokens('oauth');
  };
  const { auth } = await signIn(t, server, { refresh });
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
});
