// bearerkit/svelte with Svelte's own stores: as `$session` in a component uses them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { authStore } from 'bearerkit/svelte';
import { get } from 'svelte/store';

import { startAuthServer } from '../js/support/auth_server.ts';
import { startClient } from '../js/support/client.ts';
import { until } from '../js/support/wait.ts';
import { assertNothingIsGuessed, reloadSlowly } from './support/slow_start.ts';

test('L3 Svelte: the store follows sign-in and sign-out while somebody looks at it', async (t) => {
  const server = await startAuthServer(t, { claims: () => ({ sub: 'ada' }) });
  const { auth } = startClient(t, server);
  const session = authStore(auth);
  const seen: string[] = [];
  const unsubscribe = session.subscribe(({ state, claims }) =>
    seen.push(`${state} ${claims?.sub ?? ''}`.trim()),
  );
  await auth.setTokens(server.signIn());
  await until(() => seen.at(-1) === 'signed-in ada', 'signed in');
  await auth.signOut();
  await until(() => seen.at(-1) === 'signed-out', 'signed out');
  assert.deepEqual(seen, ['signed-out', 'signed-in ada', 'signed-out']);
  unsubscribe();
  await auth.setTokens(server.signIn());
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
