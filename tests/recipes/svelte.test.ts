// bearerkit/svelte with Svelte's own stores: as `$session` in a component uses them.
import './support/dom.ts';

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AuthClient } from 'bearerkit';
import { authStore, type AuthStore } from 'bearerkit/svelte';
import { createTestAuth, type TestAuth } from 'bearerkit/testing';
import { get } from 'svelte/store';

import { assertNothingIsGuessed, reloadSlowly } from './support/slow_start.ts';

function open(t: TestContext): { world: TestAuth; auth: AuthClient; session: AuthStore } {
  const world = createTestAuth();
  t.after(world.close);
  const { auth } = world;
  return { world, auth, session: authStore(auth) };
}

test('L3 Svelte: the store follows sign-in and sign-out while somebody looks at it', async (t) => {
  const { world, auth, session } = open(t);
  await auth.ready();
  const seen: string[] = [];
  const unsubscribe = session.subscribe(({ state, claims }) =>
    seen.push(`${state} ${claims?.sub ?? ''}`.trim()),
  );
  await world.clock.settle();
  await world.signedIn({ claims: { sub: 'ada' } });
  await auth.signOut();
  await world.clock.settle();
  assert.deepEqual(seen, ['restoring', 'signed-out', 'signed-in ada', 'signed-out']);
  unsubscribe();
  await world.signedIn();
  assert.equal(seen.length, 4);
  // Looked at anew, it says what is so now, not what it last said.
  assert.equal(get(session).state, 'signed-in');
});

test('C9 Svelte: a page is hydrated with what a server says, whatever the client knows, and follows at once', async (t) => {
  const { world, session } = open(t);
  await world.signedIn();
  const seen: string[] = [];
  const subscribe = (component: string): (() => void) =>
    session.subscribe(({ state }) => seen.push(`${component} ${state}`));
  // One that is gone again while the page is hydrated hears nothing more.
  const unsubscribe = [subscribe('layout'), subscribe('page')];
  subscribe('gone')();
  await Promise.resolve();
  unsubscribe.push(subscribe('late'));
  assert.deepEqual(seen, [
    ...['layout restoring', 'page restoring', 'gone restoring'],
    ...['layout signed-in', 'page signed-in', 'late signed-in'],
  ]);
  for (const end of unsubscribe) end();
});

for (const signedIn of [true, false]) {
  test(`C5 Svelte: hybrid reload with a slow refresh: nothing, then ${signedIn ? 'the page' : 'the form'}`, async (t) => {
    const { auth, gate } = await reloadSlowly(t, signedIn);
    const seen: string[] = [];
    t.after(authStore(auth).subscribe(({ state }) => seen.push(state)));
    await assertNothingIsGuessed(seen, gate, signedIn);
  });
}
