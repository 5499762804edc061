// L5: a refresh brings the tokens of another user.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AuthClientOptions, JsonTokenResponse } from 'bearerkit';

import { type Events, startClient, type TestClient } from './support/client.ts';
import { type HttpServer, startHttpServer } from './support/http_server.ts';
import { MapStorage } from './support/storages.ts';
import { makeJwt } from './support/tokens.ts';

interface Started extends TestClient {
  server: HttpServer;
  storage: MapStorage;
  /** Whom the refresh endpoint knows. */
  as: { sub: string | undefined; iss: string };
}

const MODES: Record<string, AuthClientOptions> = {
  hybrid: { mode: 'hybrid' },
  bearer: {},
};

let issued = 0;

function tokensOf(sub: string | undefined, iss: string): JsonTokenResponse {
  const accessToken = sub === undefined ? `opaque-${issued}` : makeJwt({ iss, sub, jti: issued });
  issued++;
  return { accessToken, refreshToken: `refresh-${issued}`, expiresIn: 900 };
}

/** Ada is signed in. The API takes nobody's token but that of `as`. */
async function start(t: TestContext, options: AuthClientOptions): Promise<Started> {
  const server = await startHttpServer(t);
  const as: Started['as'] = { sub: 'ada', iss: 'https://id.test' };
  let current = '';
  const issue = (): JsonTokenResponse => {
    const tokens = tokensOf(as.sub, as.iss);
    current = `Bearer ${tokens.accessToken}`;
    return tokens;
  };
  server.route('/refresh', () => ({ json: issue() }));
  server.route('/api/', ({ headers }) => ({
    status: headers.authorization === current ? 200 : 401,
    body: 'the server itself',
  }));
  const storage = new MapStorage();
  const client = startClient(t, server, { ...options, storage });
  // In hybrid mode the client begins with a refresh of its own.
  await client.auth.ready();
  await client.auth.setTokens(issue());
  client.events.all.length = 0;
  server.requests.length = 0;
  current = 'of nobody';
  return { server, storage, as, ...client };
}

const typesOf = (events: Events): string[] => events.all.map(({ type }) => type);

for (const [mode, options] of Object.entries(MODES)) {
  test(`L5 a refresh that brings another user's token ends the session: ${mode}`, async (t) => {
    const { server, auth, events, as } = await start(t, options);
    as.sub = 'grace';
    const init = { method: 'POST', body: "Ada's" };
    const waiting = auth.fetchWithAuth(server.url('/api/w'), init);
    const response = await auth.fetchWithAuth(server.url('/api/a'), init);
    assert.equal(response.status, 401);
    assert.equal(await response.text(), 'the server itself');
    assert.equal((await waiting).status, 401);
    await events.until('signedin');
    assert.deepEqual(typesOf(events), ['signedout', 'signedin']);
    assert.deepEqual(events.reasons, ['replaced']);
    assert.equal(server.to('/api/a').length, 1, 'sent once');
    assert.equal(server.to('/api/w').length, 1, 'sent once');
    assert.equal(server.to('/refresh').length, 1);
    assert.equal(auth.state, 'signed-in');
    assert.equal(auth.claims?.sub, 'grace');
    // From here on it is Grace's.
    assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 200);
    assert.equal(server.to('/refresh').length, 1);
  });

  test(`L5 the same subject of another issuer is another user: ${mode}`, async (t) => {
    const { auth, events, as } = await start(t, options);
    as.iss = 'https://other.test';
    await assert.rejects(auth.refresh(), { code: 'signed_out', reason: 'replaced' });
    await events.until('signedin');
    assert.deepEqual(events.reasons, ['replaced']);
  });

  test(`L5 the same user, and a token that is no JWT, go on: ${mode}`, async (t) => {
    const { server, auth, events, as } = await start(t, options);
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
    as.sub = undefined;
    await auth.refresh();
    as.sub = 'ada';
    await auth.refresh();
    assert.deepEqual(typesOf(events), ['refreshed', 'refreshed', 'refreshed']);
  });
}

test('L5 C4 D10 what is stored beside the cookie names nobody', async (t) => {
  const { storage, auth } = await start(t, { mode: 'hybrid' });
  await auth.refresh();
  assert.match(storage.record ?? '', /"identity":"[0-9a-f]{16}"/);
  assert.doesNotMatch(storage.record ?? '', /\bada\b|id\.test/);
});
