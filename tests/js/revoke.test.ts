// js/endpoints/revoke.ts: whose tokens the server is shown when a session is let go.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import {
  createAuthClient,
  type AuthClient,
  type AuthClientOptions,
  type TokenResponse,
} from 'bearerkit';

import { MapStorage } from './support/storages.ts';
import { Gate, settled, until } from './support/wait.ts';

const REVOKE = 'https://api.example.com/revoke';

interface Revocation {
  refreshToken: string | null;
  accessToken: string | null;
}

/** How the server is told, and what it was told so far. */
type Way = (seen: Revocation[]) => AuthClientOptions;

const WAYS: Readonly<Record<string, Way>> = {
  'a function': (seen) => ({
    signOut: ({ refreshToken, accessToken }) => {
      seen.push({ refreshToken, accessToken });
      return Promise.resolve();
    },
  }),
  'an endpoint with sendAccessToken': (seen) => ({
    signOut: { url: REVOKE, sendAccessToken: true },
    fetch: (_, init) => {
      const { body, headers } = init ?? {};
      // Not a URLSearchParams: React Native sends nothing of one.
      assert.ok(typeof body === 'string');
      const authorization = new Headers(headers).get('authorization');
      const accessToken = authorization?.replace('Bearer ', '') ?? null;
      seen.push({ refreshToken: new URLSearchParams(body).get('token'), accessToken });
      return Promise.resolve(new Response());
    },
  }),
};

const tokens = (user: string, generation: number): TokenResponse => ({
  access_token: `access-${user}${generation}`,
  refresh_token: `refresh-${user}${generation}`,
});

function start(t: TestContext, options: AuthClientOptions): AuthClient {
  const auth = createAuthClient(options);
  t.after(() => auth.close());
  return auth;
}

for (const [way, options] of Object.entries(WAYS)) {
  test(`L2 B signs in while A's refresh is under way: A's answer is revoked with A's tokens, not with B's (${way})`, async (t) => {
    const seen: Revocation[] = [];
    const gate = new Gate();
    const refresh = async (): Promise<TokenResponse> => {
      await gate.pass();
      return tokens('A', 2);
    };
    const auth = start(t, { ...options(seen), refresh });
    await auth.setTokens(tokens('A', 1));
    const refreshed = auth.refresh().catch(() => undefined);
    await gate.until(1);
    await auth.setTokens(tokens('B', 1));
    gate.open();
    await settled(refreshed, 'the refresh');
    await until(() => seen.length > 0, 'a revocation');
    assert.deepEqual(seen, [{ refreshToken: 'refresh-A2', accessToken: 'access-A2' }]);
    assert.equal(await auth.getAccessToken(), 'access-B1');
  });

  test(`L2 B signs in while A's answer waits to be stored: it is revoked with A's tokens, not with B's (${way})`, async (t) => {
    const seen: Revocation[] = [];
    const gate = new Gate();
    class GatedStorage extends MapStorage {
      override async set(key: string, value: string): Promise<void> {
        if (value.includes('A2')) await gate.pass();
        super.set(key, value);
      }
    }
    const refresh = (): Promise<TokenResponse> => Promise.resolve(tokens('A', 2));
    const auth = start(t, { ...options(seen), refresh, storage: new GatedStorage() });
    await auth.setTokens(tokens('A', 1));
    const refreshed = auth.refresh().catch(() => undefined);
    await gate.until(1);
    const signedIn = auth.setTokens(tokens('B', 1));
    await until(() => seen.length > 0, 'a revocation');
    gate.open();
    await settled(Promise.all([refreshed, signedIn]), 'all calls');
    assert.deepEqual(seen, [{ refreshToken: 'refresh-A2', accessToken: 'access-A2' }]);
    assert.equal(await auth.getAccessToken(), 'access-B1');
  });

  test(`L1 a sign-out is told to the server with the tokens that it ended (${way})`, async (t) => {
    const seen: Revocation[] = [];
    const auth = start(t, options(seen));
    await auth.setTokens(tokens('A', 1));
    await auth.signOut();
    assert.deepEqual(seen, [{ refreshToken: 'refresh-A1', accessToken: 'access-A1' }]);
  });
}
