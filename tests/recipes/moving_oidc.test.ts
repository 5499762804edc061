// The guide for moving over from the tokens of oidc-client-ts, at an oidc-provider.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import {
  InMemoryWebStorage,
  OidcClient,
  type UserManagerSettings,
  WebStorageStateStore,
} from 'oidc-client-ts';

import { FakeWebStorage, installGlobal } from '../js/support/storages.ts';
import * as after from './code/moving/oidc_client_after.ts';
import * as before from './code/moving/oidc_client_before.ts';
import { createOidcAuth } from './code/oidc_client.ts';
import {
  CLIENT_ID,
  type OidcServer,
  REDIRECT_URI,
  startOidcServer,
} from '../js/support/oidc_server.ts';

const settingsOf = (server: OidcServer): UserManagerSettings => ({
  authority: server.issuer.origin,
  client_id: CLIENT_ID,
  redirect_uri: REDIRECT_URI,
  scope: 'openid offline_access',
  stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
});

/** Where the server sends the browser back to, with a code for who has `settings`. */
async function callbackFor(server: OidcServer, settings: UserManagerSettings): Promise<string> {
  const client = new OidcClient(settings);
  const { url } = await client.createSigninRequest({
    request_type: 'si:r',
    extraQueryParams: { prompt: 'consent' },
  });
  return (await server.follow(url)).href;
}

function asPage(t: TestContext): void {
  installGlobal(t, 'localStorage', { value: new FakeWebStorage() });
  installGlobal(t, 'sessionStorage', { value: new FakeWebStorage() });
}

test('X1 oidc-client-ts before: two tabs that renew at once end the session', async (t) => {
  asPage(t);
  const server = await startOidcServer(t, 60);
  const settings = { ...settingsOf(server), automaticSilentRenew: false };
  const tabs = [before.createManager(settings), before.createManager(settings)];
  t.after(() => Promise.all(tabs.map((tab) => tab.removeUser()))); // and with it its timers
  await tabs[0]?.signinRedirectCallback(await callbackFor(server, settings));
  const renewals = await Promise.allSettled(tabs.map((tab) => tab.signinSilent()));
  assert.deepEqual(renewals.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  // What the one that came through got is revoked with all the rest: it renews no more.
  await assert.rejects(tabs[0]?.signinSilent() ?? Promise.resolve());
});

test('R1 oidc-client-ts after: signs in as before; the tokens are those of bearerkit alone', async (t) => {
  asPage(t);
  const server = await startOidcServer(t, 60);
  const settings = {
    ...settingsOf(server),
    userStore: new WebStorageStateStore({ store: localStorage }),
  };
  const manager = after.createManager(settings);
  const auth = createOidcAuth(
    { token_endpoint: server.endpoints.token, revocation_endpoint: server.endpoints.revocation },
    CLIENT_ID,
    [server.issuer.origin],
  );
  t.after(() => auth.close());
  const profile = await after.finishSignIn(manager, auth, await callbackFor(server, settings));
  assert.equal(profile['sub'], 'ada');
  assert.equal(await manager.getUser(), null, 'no second copy of the refresh token');
  assert.equal((await auth.fetchWithAuth(server.endpoints.userinfo)).status, 200);
  await Promise.all([auth.refresh(), auth.refresh()]);
  assert.equal((await auth.fetchWithAuth(server.endpoints.userinfo)).status, 200);
  assert.deepEqual(server.grants, ['authorization_code', 'refresh_token']);
});
