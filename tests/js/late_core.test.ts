// P2, F8: without WebAssembly the core comes by and by. A client works at once all the same.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AuthServer } from './support/auth_server.ts';
import { inRealm, type Realm, startWithoutWasm } from './support/realm.ts';
import { makeJwt } from './support/tokens.ts';

test('P2 the synchronous functions say that ready() is needed, and work after it', async (t) => {
  const { realm } = await startWithoutWasm(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, token) => {
      const codeOf = (call: () => unknown): string => {
        try {
          return `gave ${JSON.stringify(call())}`;
        } catch (error) {
          return error instanceof kit.AuthError ? `${error.code}: ${error.message}` : String(error);
        }
      };
      const all = (): string[] => [
        codeOf(() => kit.decodeJwt(token)),
        codeOf(() => kit.decodeProtectedHeader(token)['alg']),
        codeOf(() => kit.isExpired(token, { now: 4 })),
        codeOf(() => {
          const found = kit.inspectJwt(token);
          return found.ok ? found.claims : found.error.code;
        }),
      ];
      const before = all();
      await kit.ready();
      return { before, after: all() };
    },
    makeJwt({ exp: 5 }),
  );
  assert.deepEqual(
    seen.before.map((text) => text.replace(/: .*/, '')),
    ['core_not_ready', 'core_not_ready', 'core_not_ready', 'gave "core_not_ready"'],
  );
  assert.match(seen.before[0] ?? '', /Await ready\(\) first\.$/);
  assert.deepEqual(seen.after, ['gave {"exp":5}', 'gave "HS256"', 'gave false', 'gave {"exp":5}']);
});

test('F8 P2 calls made before the core is there wait for it, in their order', async (t) => {
  const { server, realm } = await startWithoutWasm(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, { origin, tokens }) => {
      const auth = kit.createAuthClient({ refresh: `${origin}/refresh`, origins: [origin] });
      const events: string[] = [];
      auth.addEventListener('signedin', () => events.push('signedin'));
      auth.addEventListener('timeline', ({ detail }) => events.push(detail.cause));
      const engine = auth.engine;
      const set = auth.setTokens(tokens);
      const answer = auth.fetchWithAuth(`${origin}/api/a`);
      const token = auth.getAccessToken();
      const refreshed = auth.refresh();
      const before = { state: auth.state, claims: auth.claims, snapshot: auth.getSnapshot() };
      await set;
      await refreshed;
      const result = {
        engine,
        before,
        state: auth.state,
        status: (await answer).status,
        token: await token,
        again: (await auth.fetchWithAuth(`${origin}/api/b`)).status,
        ready: await auth.ready(),
        events: events.slice(0, 2).toSorted(),
      };
      auth.close();
      return result;
    },
    { origin: server.origin, tokens: server.signIn() },
  );
  assert.equal(seen.engine, 'js');
  assert.deepEqual(seen.before, {
    state: 'restoring',
    claims: null,
    snapshot: { state: 'restoring', claims: null, reason: null },
  });
  assert.equal(seen.state, 'signed-in');
  assert.equal(seen.status, 200);
  assert.match(seen.token ?? '', /^access-ada-1-/);
  assert.equal(seen.again, 200);
  assert.equal(seen.ready, 'signed-in');
  assert.deepEqual(seen.events, ['session_started', 'signedin']);
  assert.equal(server.refreshes.length, 1);
});

test('F8 a client that is closed before the core is there sends nothing', async (t) => {
  const { server, realm } = await startWithoutWasm(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, origin) => {
      // In hybrid mode it would refresh at once.
      const auth = kit.createAuthClient({ mode: 'hybrid', refresh: `${origin}/refresh` });
      const codeOf = (error: unknown): unknown =>
        error instanceof kit.AuthError ? error.code : error;
      const calls = [
        auth.fetchWithAuth(`${origin}/api/a`),
        auth.getAccessToken(),
        auth.refresh(),
        auth.setTokens({ access_token: 'a' }),
        auth.signOut(),
        auth.ready(),
      ];
      auth.close();
      const results = await Promise.all(
        calls.map((call) => (call as Promise<unknown>).catch(codeOf)),
      );
      return [...results, await auth.fetchWithAuth(`${origin}/api/b`).catch(codeOf)];
    },
    server.origin,
  );
  const closed = 'closed';
  assert.deepEqual(seen, [closed, closed, closed, closed, undefined, 'signed-out', closed]);
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    ['/warm'],
  );
});

/** What a client leaves in its storage when somebody has signed in. */
function storedSession(t: TestContext, realm: Realm, server: AuthServer): Promise<string> {
  return inRealm(
    t,
    realm,
    async (kit, tokens) => {
      const storage = kit.memoryStorage();
      const auth = kit.createAuthClient({ storage });
      await auth.setTokens(tokens);
      auth.close();
      return String(await storage.get('bearerkit.v1'));
    },
    server.signIn(),
  );
}

test('S1 F8 a stored session is found as soon as the core is there', async (t) => {
  const { server, realm } = await startWithoutWasm(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, { stored, origin }) => {
      const storage = kit.memoryStorage();
      await storage.set('bearerkit.v1', stored);
      const auth = kit.createAuthClient({ storage, origins: [origin] });
      const events: unknown[] = [];
      auth.addEventListener('signedin', ({ detail }) => events.push(detail));
      const answer = auth.fetchWithAuth(`${origin}/api/a`);
      const state = await auth.ready();
      const { status } = await answer;
      auth.close();
      return { state, status, events };
    },
    { stored: await storedSession(t, realm, server), origin: server.origin },
  );
  const events = [{ elsewhere: false, restored: true }];
  assert.deepEqual(seen, { state: 'signed-in', status: 200, events });
});

test('L1 F8 a sign-out that waits for the core ends the stored session', async (t) => {
  const { server, realm } = await startWithoutWasm(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, { stored, origin }) => {
      const storage = kit.memoryStorage();
      await storage.set('bearerkit.v1', stored);
      const auth = kit.createAuthClient({ storage, signOut: `${origin}/revoke` });
      const reasons: string[] = [];
      auth.addEventListener('signedout', ({ detail }) => reasons.push(detail.reason));
      await auth.signOut();
      auth.close();
      return { reasons, stored: await storage.get('bearerkit.v1') };
    },
    { stored: await storedSession(t, realm, server), origin: server.origin },
  );
  assert.deepEqual(seen, { reasons: ['signed_out'], stored: null });
  assert.equal(server.to('/revoke').length, 1);
});

test('F8 P2 what only the core refuses is said by the calls', async (t) => {
  const { realm } = await startWithoutWasm(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit) => {
      const codeOf = (error: unknown): unknown =>
        error instanceof kit.AuthError ? `${error.code}: ${error.message}` : error;
      const auth = kit.createAuthClient({ origins: ['http://api.example.com'] });
      return Promise.all([
        auth.fetchWithAuth('http://api.example.com').catch(codeOf),
        auth.ready().catch(codeOf),
      ]);
    },
    undefined,
  );
  const refusal = 'invalid_config: origins must be https, or http on the loopback.';
  assert.deepEqual(seen, [refusal, refusal]);
});
