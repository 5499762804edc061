// L3, L4, X5: what a client tells, and what listeners may do.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { AuthEventType } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { Events, signIn } from './support/client.ts';
import { settled, turns, until } from './support/wait.ts';

test('X5 a listener that throws harms neither the client nor the other listeners', async (t) => {
  const reported = t.mock.method(console, 'error', () => undefined);
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const types: AuthEventType[] = [
    'signedin',
    'signedout',
    'refreshed',
    'refreshfailed',
    'timeline',
  ];
  for (const type of types) {
    auth.addEventListener(type, () => {
      throw new Error('mine');
    });
    auth.addEventListener(type, { handleEvent: () => assert.fail('mine, too') });
  }
  auth.subscribe(() => {
    throw new Error('a subscriber');
  });
  const events = new Events(auth);
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  await auth.signOut();
  await auth.setTokens(server.signIn());
  await turns(1);
  assert.deepEqual(
    events.all.map(({ type }) => type),
    ['refreshed', 'signedout', 'signedin'],
  );
  assert.ok(reported.mock.callCount() > 0, 'told to the app like any uncaught error');
});

test('X5 a listener that calls back into the client, or never comes to an end, harms nothing', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  const answers: Promise<unknown>[] = [];
  const never = (): unknown => new Promise(() => {});
  auth.addEventListener('refreshed', never);
  auth.addEventListener('refreshed', () => {
    answers.push(auth.fetchWithAuth(server.url('/api/nested')).then(({ status }) => status));
    answers.push(auth.getAccessToken());
    if (events.count('refreshed') === 1) answers.push(auth.refresh());
    else answers.push(auth.signOut());
  });
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  await until(() => events.reasons.length === 1, 'signed out by the listener');
  await settled(Promise.all(answers.splice(0)), 'the nested calls');
  await auth.setTokens(server.signIn());
  auth.addEventListener('refreshed', () => auth.close());
  await settled(auth.refresh(), 'refresh()');
  await turns(1);
  assert.equal(auth.state, 'signed-out', 'closed');
  await settled(Promise.allSettled(answers), 'what the listeners called');
});

test('L3 subscribe and getSnapshot: the same object until something changes', async (t) => {
  const server = await startAuthServer(t, { claims: () => ({ sub: 'ada' }) });
  const { auth } = await signIn(t, server);
  // Off the client, as frameworks take them.
  const { subscribe, getSnapshot } = auth;
  const first = getSnapshot();
  assert.equal(first, getSnapshot());
  assert.equal(first.state, 'signed-in');
  assert.equal(first.claims?.sub, 'ada');
  assert.equal(auth.claims, first.claims);
  let calls = 0;
  const stop = subscribe(() => calls++);
  await auth.refresh();
  await turns(1);
  assert.equal(calls, 1);
  assert.notEqual(getSnapshot(), first);
  stop();
  await auth.signOut();
  assert.equal(calls, 1);
  assert.deepEqual(getSnapshot(), { state: 'signed-out', claims: null });
});
