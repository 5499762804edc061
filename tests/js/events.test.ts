// L3: why a session is over, and what a view is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SignOutReason } from 'bearerkit';

import { type AuthServer, startAuthServer } from './support/auth_server.ts';
import { signIn, startClient, type TestClient } from './support/client.ts';
import { MapStorage } from './support/storages.ts';
import { settled, turns } from './support/wait.ts';

interface Case extends TestClient {
  server: AuthServer;
  storage: MapStorage;
  /** Another tab of the same session. */
  other: TestClient;
}

// `replaced` is in replaced_user.test.ts: somebody is signed in after it.
const ENDS: Record<Exclude<SignOutReason, 'replaced'>, (given: Case) => unknown> = {
  signed_out: ({ auth }) => auth.signOut(),
  signed_out_elsewhere: ({ other }) => other.auth.signOut(),
  refresh_rejected: ({ auth, server }) => {
    server.expire();
    server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
    return auth.fetchWithAuth(server.url('/api/a'));
  },
  expired: async ({ auth, server }) => {
    await auth.setTokens({ access_token: server.accessToken });
    server.expire();
    return auth.fetchWithAuth(server.url('/api/a'));
  },
  storage_corrupt: ({ auth, server, storage }) => {
    storage.map.set(storage.key, '{"version":');
    server.expire();
    return auth.fetchWithAuth(server.url('/api/a'));
  },
  storage_cleared: ({ auth, server, storage }) => {
    storage.map.clear();
    server.expire();
    return auth.fetchWithAuth(server.url('/api/a'));
  },
};

for (const [reason, end] of Object.entries(ENDS)) {
  test(`L3 every sign-out has a reason: ${reason}, told once`, async (t) => {
    const server = await startAuthServer(t);
    const storage = new MapStorage();
    const options = { storage, tabs: true, name: `reasons-${process.pid}-${reason}` };
    const other = startClient(t, server, options);
    const client = await signIn(t, server, options);
    await other.events.until('signedin');
    await end({ ...client, server, storage, other });
    await client.events.until('signedout');
    assert.deepEqual(client.events.reasons, [reason]);
    assert.equal(client.auth.state, 'signed-out');
    await assert.rejects(settled(client.auth.refresh(), 'refresh()'), {
      code: 'signed_out',
      reason,
    });
    await turns();
    assert.equal(client.events.count('signedout'), 1);
  });
}

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
  assert.deepEqual(getSnapshot(), { state: 'signed-out', claims: null, reason: 'signed_out' });
});
