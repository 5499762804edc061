// A page of hybrid mode that is reloaded, with a refresh that takes its time (C5).
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import type { AuthClient } from 'bearerkit';

import { Jar, startCookieClient, startCookieServer } from '../../js/support/cookies.ts';
import { MapStorage } from '../../js/support/storages.ts';
import { type Gate, turns, until } from '../../js/support/wait.ts';

/** A client whose quiet refresh waits at the gate. The user has a cookie, or none. */
export async function reloadSlowly(
  t: TestContext,
  signedIn: boolean,
): Promise<{ auth: AuthClient; gate: Gate }> {
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  if (signedIn) await server.logIn(jar);
  const gate = server.hold('/refresh');
  const options = { storage: new MapStorage(), presume: () => true };
  const { auth } = startCookieClient(t, server, jar, options);
  t.after(() => gate.open());
  return { auth, gate };
}

/** What a component has shown: nothing is guessed before the answer is there, and nothing after it. */
export async function assertNothingIsGuessed(
  seen: readonly string[],
  gate: Gate,
  signedIn: boolean,
): Promise<void> {
  await gate.until(1);
  await until(() => seen.length > 0, 'rendered');
  await turns();
  assert.deepEqual([...new Set(seen)], ['restoring']);
  gate.open();
  const end = signedIn ? 'signed-in' : 'signed-out';
  await until(() => seen.at(-1) === end, end);
  assert.deepEqual([...new Set(seen)], ['restoring', end]);
}
