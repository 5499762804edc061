import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test'; // Vitest and Jest have the same

import { createTestAuth, type TestAuth } from 'bearerkit/testing';

import { loadTodos } from './todos.ts';

let world: TestAuth;

beforeEach(async () => {
  world = createTestAuth();
  world.server.on('GET /todos', ({ claims }) => ({ json: [`of ${claims?.sub}`] }));
  await world.signedIn({ claims: { sub: 'ada', role: 'admin' } });
});
afterEach(() => world.close());

test('the todos are those of the user, also when the token has run out', async () => {
  await world.expire();
  assert.deepEqual(await loadTodos(world.auth), ['of ada']);
});

test('who is signed out by the server is asked to sign in', async () => {
  world.refuseNext();
  await world.expire();
  await assert.rejects(loadTodos(world.auth), /Sign in first/);
  assert.equal(world.auth.getSnapshot().reason, 'refresh_rejected');
});

test('a temporary failure ends no session', async () => {
  world.failNext('unavailable'); // a 503
  await assert.rejects(loadTodos(world.auth), /Try again later/);
  world.goOffline();
  await assert.rejects(loadTodos(world.auth), TypeError);
  world.goOnline();
  assert.deepEqual(await loadTodos(world.auth), ['of ada']);
  await world.expire();
  world.failNext('unavailable', 'refresh');
  await assert.rejects(loadTodos(world.auth), /Try again later/);
  await world.clock.advance(60_000); // it is tried again by itself
  assert.deepEqual(await loadTodos(world.auth), ['of ada']);
});

test('a sign-out in another tab is one here', async () => {
  const other = world.openTab();
  await other.signOut();
  await world.clock.settle();
  await assert.rejects(loadTodos(world.auth), /Sign in first/);
});

test('whatever goes wrong in an hour, the user stays signed in', async () => {
  world.faults({ seed: 1 }); // lost answers, 503s, outages, clocks that jump, …
  for (let minute = 0; minute < 60; minute++) {
    await loadTodos(world.auth).catch(() => undefined);
    await world.clock.advance(60_000); // takes no time
  }
  assert.equal(world.auth.state, 'signed-in', JSON.stringify(world.met));
});
