// E5: a device clock that is wrong by years, fast or slow, costs at most one extra refresh.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startAuthServer, type AuthServerOptions } from './support/auth_server.ts';
import { Clock, signIn, startClient, YEAR } from './support/client.ts';
import { MapStorage } from './support/storages.ts';
import { turns } from './support/wait.ts';

const seconds = (): number => Math.floor(Date.now() / 1000);

const KINDS: Record<string, AuthServerOptions> = {
  expires_in: { expiresIn: 900 },
  'exp and iat': { claims: () => ({ iat: seconds(), exp: seconds() + 900 }) },
  'exp alone': { claims: () => ({ exp: seconds() + 900 }) },
  'nothing at all': {},
  'expires_in and claims': {
    expiresIn: 900,
    claims: () => ({ iat: seconds(), exp: seconds() + 900 }),
  },
};

for (const [kind, options] of Object.entries(KINDS)) {
  for (const years of [-30, -5, 5, 30]) {
    const off = `${Math.abs(years)} years ${years > 0 ? 'fast' : 'slow'}`;
    test(`E5 clock off by years: ${off} from the start, tokens with ${kind}`, async (t) => {
      const server = await startAuthServer(t, options);
      const clock = new Clock();
      clock.advance(years * YEAR);
      const { auth } = await signIn(t, server, { clock });
      for (let round = 1; round <= 3; round++) {
        for (let i = 0; i < 10; i++) {
          assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
        }
        await turns();
        assert.ok(server.refreshes.length <= 2 * round - 1, `${server.refreshes.length} refreshes`);
        server.expire();
        assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
      }
      assert.ok(server.refreshes.length <= 4, `${server.refreshes.length} refreshes for 3 ends`);
      assert.equal(auth.state, 'signed-in');
    });

    test(`E5 clock off by years: it jumps by ${years} and back, tokens with ${kind}`, async (t) => {
      const server = await startAuthServer(t, options);
      const clock = new Clock();
      const { auth } = await signIn(t, server, { clock });
      for (const jump of [years, -years, -years, years]) {
        const before = server.refreshes.length;
        clock.advance(jump * YEAR);
        for (let i = 0; i < 10; i++) {
          assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
        }
        await turns();
        assert.ok(
          server.refreshes.length <= before + 1,
          `${server.refreshes.length - before} refreshes`,
        );
      }
    });

    test(`E5 clock off by years: a session stored by one ${off}, tokens with ${kind}`, async (t) => {
      const server = await startAuthServer(t, options);
      const storage = new MapStorage();
      const clock = new Clock();
      clock.advance(years * YEAR);
      const first = await signIn(t, server, { clock, storage });
      first.auth.close();
      const { auth } = startClient(t, server, { storage });
      assert.equal(auth.state, 'signed-in');
      for (let i = 0; i < 10; i++) {
        assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
      }
      await turns();
      assert.ok(server.refreshes.length <= 1, `${server.refreshes.length} refreshes`);
      server.expire();
      assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
      assert.ok(server.refreshes.length <= 2);
    });
  }
}

test('E5 the backoff does not last for years when the clock is set back', async (t) => {
  const server = await startAuthServer(t);
  const clock = new Clock();
  const { auth, events } = await signIn(t, server, { clock });
  server.refreshAnswers.push(() => ({ status: 503, headers: { 'Retry-After': '1' } }));
  await assert.rejects(auth.refresh(), { code: 'refresh_failed' });
  clock.advance(-5 * YEAR);
  server.expire();
  await auth.fetchWithAuth(server.url('/api/a'));
  await events.until('refreshed');
  assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 200);
});
