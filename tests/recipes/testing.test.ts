// The recipe for an app's unit tests: its tests are run here, and what it says beside them is tried.
import './code/todos_test.ts';

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type AuthClient, type AuthClientOptions, createAuthClient } from 'bearerkit';
import { createTestAuth } from 'bearerkit/testing';
import { JSDOM } from 'jsdom';

import { installGlobal } from '../js/support/storages.ts';
import { loadTodos } from './code/todos.ts';

test('P7 in jsdom the app is at the page’s own origin, and nothing of the page is used', async (t) => {
  const { window } = new JSDOM('', { url: 'http://localhost:3000/deep/page' });
  t.after(() => window.close());
  for (const name of ['window', 'document', 'location', 'localStorage', 'AbortController']) {
    installGlobal(t, name, { value: Reflect.get(window, name) as unknown, writable: true });
  }
  const world = createTestAuth();
  t.after(world.close);
  assert.equal(world.server.origin, window.location.origin);
  world.server.on('GET /todos', { json: [] });
  await world.signedIn();
  await world.expire();
  assert.deepEqual(await loadTodos(world.auth), []);
  const response = await world.auth.fetchWithAuth(new URL('/todos', window.location.href));
  assert.equal(response.status, 200);
  assert.equal(window.localStorage.length, 0);
});

test('P7 the client that the app has made, on the platform of a test', async (t) => {
  const world = createTestAuth();
  t.after(world.close);
  world.server.on('GET /todos', { json: ['one'] });
  await world.signedIn();
  // As an app may make it, in a function that takes what tests replace.
  const makeAuth = (platform: AuthClientOptions = {}): AuthClient =>
    createAuthClient({ refresh: '/auth/refresh', ...platform });
  const auth = makeAuth(world.platform());
  t.after(() => auth.close());
  assert.deepEqual(await loadTodos(auth), ['one']);
});
