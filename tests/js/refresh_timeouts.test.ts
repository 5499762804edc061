// R9: a refresh takes so long and no longer, whatever the network or the app's function does.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { TokenResponse } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { signIn } from './support/client.ts';
import type { Answer } from './support/http_server.ts';
import { MapStorage } from './support/storages.ts';
import { Gate, settled, turns, until } from './support/wait.ts';

/** Stands still, so that no time is up before the test says so, however slow the machine is. */
class StoppedClock {
  #now = Date.now();
  now(): number {
    return this.#now;
  }
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
// Longer than the longest wait after one failure.
const NEXT_TRY = 60_000;

const HALF_OPEN: Record<string, () => Answer> = {
  'no answer at all': () => ({ fault: 'silence' }),
  'a head, and never a body': () => ({ fault: 'stall' }),
};

for (const [what, answer] of Object.entries(HALF_OPEN)) {
  test(`R9 half-open network: a refresh that gets ${what} ends by its own timeout, the session is kept`, async (t) => {
    const server = await startAuthServer(t);
    const refresh = { url: server.url('/refresh'), timeout: 150 };
    const clock = new StoppedClock();
    const { auth, events } = await signIn(t, server, { refresh, clock });
    server.expire();
    server.refreshAnswers.push(answer);
    const calls = [1, 2, 3].map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
    await until(() => server.refreshes.length === 1, 'the refresh');
    clock.advance(150);
    for (const call of calls) assert.equal((await settled(call, 'a call')).status, 401);
    assert.equal(auth.state, 'signed-in');
    clock.advance(NEXT_TRY);
    await events.until('refreshed');
    assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 200);
    assert.equal(server.refreshes.length, 2, 'the second one by itself');
    assert.deepEqual(events.reasons, []);
  });
}

test('R9 a refresh function is told by its signal that its time is up', async (t) => {
  const server = await startAuthServer(t);
  let aborted = false;
  const refresh = ({ signal }: { signal: AbortSignal }): Promise<never> =>
    new Promise(() => signal.addEventListener('abort', () => (aborted = true)));
  const { auth } = await signIn(t, server, { refresh, refreshTimeout: 100 });
  await assert.rejects(settled(auth.refresh(), 'refresh()'), { code: 'refresh_failed' });
  await until(() => aborted, 'the signal');
  assert.equal(auth.state, 'signed-in');
});

test('R9 an answer after the timeout is let go, and not revoked: the next refresh may be given the same', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const gates = [new Gate(), new Gate()];
  let calls = 0;
  // Does not listen to its signal. A server inside its grace window gives the same successor again.
  const refresh = async (): Promise<TokenResponse> => {
    await gates[calls++]?.pass();
    return { access_token: 'second', refresh_token: 'successor' };
  };
  const signOut = server.url('/revoke');
  const clock = new StoppedClock();
  const { auth, events } = await signIn(t, server, {
    refresh,
    refreshTimeout: 100,
    storage,
    signOut,
    clock,
  });
  const before = storage.record;
  const refreshed = settled(auth.refresh(), 'refresh()');
  await gates[0]?.until(1);
  clock.advance(100);
  await assert.rejects(refreshed, { code: 'refresh_failed' });
  clock.advance(NEXT_TRY);
  await gates[1]?.until(1);
  for (const gate of gates) {
    gate.open();
    await turns(10);
    if (gate === gates[0]) assert.equal(storage.record, before, 'not stored');
  }
  await events.until('refreshed');
  assert.ok(storage.record?.includes('successor'));
  await turns(10);
  assert.deepEqual(server.to('/revoke'), []);
  await auth.signOut();
  assert.equal(server.to('/revoke').length, 1, 'L1 the sign-out still is told');
});
