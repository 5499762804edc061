// The recipe for OpenID Connect: authorization code with PKCE by oauth4webapi, and from there on
// bearerkit, at an oidc-provider that rotates refresh tokens and forgives nothing.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AuthClient } from 'bearerkit';

import { Events } from '../js/support/client.ts';
import { FakeWebStorage, installGlobal } from '../js/support/storages.ts';
import { pause } from '../js/support/wait.ts';
import { createOidcAuth } from './code/oidc_client.ts';
import { beginSignIn, finishSignIn, type OidcSettings } from './code/oidc_sign_in.ts';
import {
  CLIENT_ID,
  type OidcServer,
  REDIRECT_URI,
  startOidcServer,
} from '../js/support/oidc_server.ts';

interface SignedIn {
  readonly server: OidcServer;
  readonly settings: OidcSettings;
  readonly auth: AuthClient;
  readonly events: Events;
  readonly storage: FakeWebStorage;
}

async function signIn(t: TestContext, accessTokenSeconds: number): Promise<SignedIn> {
  const server = await startOidcServer(t, accessTokenSeconds);
  const storage = new FakeWebStorage();
  installGlobal(t, 'sessionStorage', { value: storage });
  const settings = { issuer: server.issuer, clientId: CLIENT_ID, redirectUri: REDIRECT_URI };
  const auth = createOidcAuth(
    { token_endpoint: server.endpoints.token, revocation_endpoint: server.endpoints.revocation },
    CLIENT_ID,
    [server.issuer.origin],
  );
  t.after(() => auth.close());
  const events = new Events(auth);
  const callback = await server.follow(await beginSignIn(settings));
  await finishSignIn(auth, settings, callback);
  return { server, settings, auth, events, storage };
}

/** The refresh token as it is stored. */
const refreshTokenOf = (storage: FakeWebStorage): string => {
  const record = JSON.stringify([...storage.map.values()]);
  return /refresh\w*\\*":\\*"([^"\\]+)/.exec(record)?.[1] ?? '';
};

test('R3 OpenID Connect: sign in by code and PKCE, refresh in the dialect of OAuth, with rotation', async (t) => {
  const { server, auth, storage } = await signIn(t, 2);
  assert.equal(auth.state, 'signed-in');
  assert.equal((await auth.fetchWithAuth(server.endpoints.userinfo)).status, 200);
  const first = await auth.getAccessToken();
  const firstRefreshToken = refreshTokenOf(storage);
  assert.notEqual(firstRefreshToken, '');
  for (let expiry = 1; expiry <= 2; expiry++) {
    const token = (await auth.getAccessToken()) ?? '';
    while ((await server.statusFor(token)) === 200) await pause(50); // until it expires there
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => auth.fetchWithAuth(server.endpoints.userinfo)),
    );
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [200, 200, 200, 200, 200],
    );
    assert.deepEqual(await answers[0]?.json(), { sub: 'ada' });
  }
  assert.notEqual(await auth.getAccessToken(), first);
  assert.notEqual(refreshTokenOf(storage), firstRefreshToken, 'rotated');
  const [code, ...refreshes] = server.grants;
  assert.equal(code, 'authorization_code');
  assert.ok(refreshes.length >= 2 && refreshes.every((grant) => grant === 'refresh_token'));
});

test('L1 OpenID Connect: at sign-out the refresh token is revoked', async (t) => {
  const { server, auth, storage } = await signIn(t, 60);
  const token = (await auth.getAccessToken()) ?? '';
  const refreshToken = refreshTokenOf(storage);
  assert.equal(await server.statusFor(token), 200);
  await auth.signOut();
  assert.equal(storage.map.size, 0);
  const answer = await fetch(server.endpoints.token, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: CLIENT_ID,
      refresh_token: refreshToken,
    }),
  });
  assert.equal(answer.status, 400);
  assert.equal(((await answer.json()) as { error: string }).error, 'invalid_grant');
});

test('R6 OpenID Connect: when the refresh token was used by somebody else, the session ends cleanly', async (t) => {
  const { server, auth, events, storage } = await signIn(t, 60);
  const stolen = refreshTokenOf(storage);
  await fetch(server.endpoints.token, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: CLIENT_ID,
      refresh_token: stolen,
    }),
  });
  await assert.rejects(auth.refresh(), { code: 'refresh_rejected' });
  await events.until('signedout');
  assert.deepEqual(events.reasons, ['refresh_rejected']);
});

test('L1 OpenID Connect: a callback that nobody waited for signs nobody in', async (t) => {
  const { server, settings, auth } = await signIn(t, 60);
  await auth.signOut();
  const callback = await server.follow(await beginSignIn(settings));
  callback.searchParams.set('state', 'of another');
  await assert.rejects(finishSignIn(auth, settings, callback));
  // What was pending is used up: the right one comes too late.
  await assert.rejects(finishSignIn(auth, settings, callback));
  assert.equal(auth.state, 'signed-out');
});
