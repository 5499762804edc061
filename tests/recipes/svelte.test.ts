// bearerkit/svelte with Svelte's own stores: as `$session` in a component uses them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { authStore } from 'bearerkit/svelte';
import { createTestAuth } from 'bearerkit/testing';
import { get } from 'svelte/store';

import { assertNothingIsGuessed, reloadSlowly } from './support/slow_start.ts';

test('L3 Svelte: the store follows sign-in and sign-out while somebody looks at it', async (t) => {
  const world = createTestAuth();
  t.after(world.close);
  const { auth } = world;
  const session = authStore(auth);
  const seen: string[] = [];
  const unsubscribe = session.subscribe(({ state, claims }) =>
    seen.push(`${state} ${claims?.sub ?? ''}`.trim()),
  );
  await world.signedIn({ claims: { sub: 'ada' } });
  await auth.signOut();
  await world.clock.settle();
  assert.deepEqual(seen, ['signed-out', 'signed-in ada', 'signed-out']);
  unsubscribe();
  await world.signedIn();
  assert.equal(seen.length, 3);
  // Looked at anew, it says what is so now, not what it last said.
  assert.equal(get(session).state, 'signed-in');
});

for (const signedIn of [true, false]) {
  test(`C5 Svelte: hybrid reload with a slow refresh: nothing, then ${signedIn ? 'the page' : 'the form'}`, async (t) => {
    const { auth, gate } = await reloadSlowly(t, signedIn);
    const seen: string[] = [];
    t.after(authStore(auth).subscribe(({ state }) => seen.push(state)));
    await assertNothingIsGuessed(seen, gate, signedIn);
  });
}
