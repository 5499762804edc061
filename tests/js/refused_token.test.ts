// E6: a token that was refused where the client did not see it, in an upload or a WebSocket.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startAuthServer } from './support/auth_server.ts';
import { signIn, startClient } from './support/client.ts';
import { startCookieServer, Jar } from './support/cookies.ts';
import { SlowStorage } from './support/storages.ts';

test('E6 getAccessToken({ refused }) gives another token', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  const refused = await auth.getAccessToken();
  assert.equal(refused, server.accessToken);
  assert.equal(await auth.getAccessToken(), refused, 'nobody knows yet');
  const next = await auth.getAccessToken({ refused });
  assert.notEqual(next, refused);
  assert.equal(next, server.accessToken);
  assert.equal(server.refreshes.length, 1);
  assert.deepEqual(events.reasons, []);
});

test('E6 R1 five reports of one refused token make one refresh, be they late or not', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const refused = server.accessToken;
  const gate = server.hold('/refresh');
  const early = [1, 2, 3, 4, 5].map(() => auth.getAccessToken({ refused }));
  await gate.until(1);
  gate.open();
  for (const token of early) assert.equal(await token, server.accessToken);
  for (let i = 0; i < 5; i++) {
    assert.equal(await auth.getAccessToken({ refused }), server.accessToken);
  }
  assert.equal(server.refreshes.length, 1);
});

test('E6 what is not the current token says nothing', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const others = [undefined, null, '', 'other', 'x'.repeat(5e6), 5, {}] as (string | undefined)[];
  for (const refused of others) {
    assert.equal(await auth.getAccessToken({ refused }), server.accessToken);
  }
  assert.equal(await auth.getAccessToken(undefined), server.accessToken);
  assert.equal(server.refreshes.length, 0);
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
});

test('E6 a report that comes before the storage has answered is not lost', async (t) => {
  const server = await startAuthServer(t);
  const storage = new SlowStorage(20);
  const before = await signIn(t, server, { storage });
  const refused = server.accessToken;
  before.auth.close();
  const { auth } = startClient(t, server, { storage });
  assert.equal(auth.state, 'restoring');
  const next = await auth.getAccessToken({ refused });
  assert.notEqual(next, refused);
  assert.equal(next, server.accessToken);
  assert.equal(server.refreshes.length, 1);
});

test('E6 requests wait for the refresh that a report has started', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const refused = server.accessToken;
  server.expire();
  const token = auth.getAccessToken({ refused });
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.equal(await token, server.accessToken);
  assert.equal(server.to('/api/a').length, 1, 'not sent with the refused one');
  assert.equal(server.refreshes.length, 1);
});

test('E6 F7 the refresh fails for the moment: the call says so, the session is kept', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.refreshAnswers.push(() => ({ status: 503 }));
  await assert.rejects(auth.getAccessToken({ refused: server.accessToken }), {
    code: 'refresh_failed',
  });
  assert.equal(auth.state, 'signed-in');
});

test('E6 signed out, closed and in cookie mode a report does no harm', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = startClient(t, server);
  assert.equal(await auth.getAccessToken({ refused: 'token' }), null);
  auth.close();
  await assert.rejects(auth.getAccessToken({ refused: 'token' }), { code: 'closed' });

  const cookies = await startCookieServer(t, 'cookie');
  const jar = new Jar();
  const inCookies = startClient(t, server, {
    mode: 'cookie',
    refresh: cookies.url('/refresh'),
    origins: [cookies.origin],
    fetch: jar.fetch,
  });
  await inCookies.auth.setTokens(await cookies.logIn(jar));
  for (const refused of ['', 'token']) {
    assert.equal(await inCookies.auth.getAccessToken({ refused }), null);
  }
  assert.equal(cookies.to('/refresh').length, 0);
});
