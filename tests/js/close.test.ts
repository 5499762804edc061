// R10, F8: everything that is awaited settles, and a process ends by itself.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startAuthServer } from './support/auth_server.ts';
import { Clock, signIn, startClient } from './support/client.ts';
import { MapStorage } from './support/storages.ts';
import { settled, turns, until } from './support/wait.ts';

/** What each of them rejects with; 'none' for one that does not. */
async function codesOf(promises: Promise<unknown>[]): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(promises);
  return outcomes.map((outcome) =>
    outcome.status === 'rejected' ? (outcome.reason as { code?: unknown }).code : 'none',
  );
}

test('R10 close() while calls wait for a refresh: each of them settles', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  server.expire();
  const gate = server.hold('/refresh');
  const calls = [1, 2, 3].map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
  const codes = codesOf([auth.refresh(), auth.refresh()]);
  await gate.until(1);
  await until(() => server.calls.length === 3, 'three 401s');
  auth.close();
  for (const call of calls)
    assert.equal((await settled(call, 'a call')).status, 401, "F7 the server's own");
  assert.deepEqual(await settled(codes, 'refresh()'), ['closed', 'closed']);
  gate.open();
});

test('R10 close() while calls wait for the token to be made fresh, or for the storage', async (t) => {
  const server = await startAuthServer(t, { expiresIn: 100 });
  const clock = new Clock();
  const { auth } = await signIn(t, server, { clock });
  clock.advance(101);
  const gate = server.hold('/refresh');
  const unsent = auth.fetchWithAuth(server.url('/api/a'));
  await gate.until(1);
  auth.close();
  await assert.rejects(settled(unsent, 'a call'), { name: 'AuthError', code: 'closed' });
  gate.open();

  const storage = Object.assign(new MapStorage(), { get: () => new Promise<null>(() => {}) });
  const starting = startClient(t, server, { storage }).auth;
  const codes = codesOf([
    starting.fetchWithAuth(server.url('/api/b')),
    starting.getAccessToken(),
    starting.refresh(),
  ]);
  const ready = starting.ready();
  await turns();
  starting.close();
  assert.deepEqual(await settled(codes, 'the calls'), ['closed', 'closed', 'closed']);
  assert.equal(await settled(ready, 'ready'), 'signed-out');
});

// Each is read at another time: `signal` first, `cache` when the core has been asked.
for (const name of ['signal', 'headers', 'body', 'cache'] as const) {
  test(`R10 close() from a getter of the call itself: ${name}`, async (t) => {
    const server = await startAuthServer(t, { expiresIn: 100 });
    const clock = new Clock();
    const { auth } = await signIn(t, server, { clock });
    clock.advance(101); // it has to wait for a refresh
    const init = Object.defineProperty({}, name, {
      enumerable: true,
      get: () => {
        auth.close();
        return undefined;
      },
    });
    const call = auth.fetchWithAuth(server.url('/api/a'), init);
    await assert.rejects(settled(call, 'the call'), { name: 'AuthError', code: 'closed' });
    assert.equal(server.calls.length, 0);
  });
}

test('R10 getAccessToken gives the token that there was, whatever comes after the call', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const token = auth.getAccessToken();
  auth.close();
  assert.equal(await settled(token, 'the token'), server.accessToken);
});

test('R10 refresh gives nothing away', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const given: unknown[] = await Promise.all([auth.refresh()]);
  assert.deepEqual(given, [undefined]);
});

test('R10 a closed client says so, and does nothing more', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  await turns(1);
  const inFlight = server.hold('/api/slow');
  const call = auth.fetchWithAuth(server.url('/api/slow'));
  await inFlight.until(1);
  auth.close();
  auth.close();
  inFlight.open();
  assert.equal((await settled(call, 'a call that was under way')).status, 200);
  const before = events.all.length;
  await assert.rejects(auth.fetchWithAuth(server.url('/api/a')), {
    name: 'AuthError',
    code: 'closed',
  });
  await assert.rejects(auth.getAccessToken(), { code: 'closed' });
  await assert.rejects(auth.refresh(), { code: 'closed' });
  await assert.rejects(auth.setTokens({ access_token: 'a' }), { code: 'closed' });
  await settled(auth.signOut(), 'signOut');
  assert.equal(await settled(auth.ready(), 'ready'), 'signed-out');
  assert.equal(auth.state, 'signed-out');
  assert.equal(auth.claims, null);
  await turns();
  assert.equal(events.all.length, before);
  assert.equal(server.calls.length, 1);
});

test('R10 close() keeps the session in the storage, and lets a refresh that is under way be stored', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const { auth } = await signIn(t, server, { storage });
  const gate = server.hold('/refresh');
  auth.refresh().catch(() => undefined);
  await gate.until(1);
  auth.close();
  gate.open();
  await until(() => (storage.record ?? '').includes(server.refreshToken), 'the new record');
  const next = startClient(t, server, { storage });
  assert.equal((await next.auth.fetchWithAuth(server.url('/api/a'))).status, 200);
});

test('R10 everything settles when all goes wrong at once', async (t) => {
  const server = await startAuthServer(t);
  const storage = new MapStorage();
  const { auth } = await signIn(t, server, { storage, refreshTimeout: 200, storageTimeout: 50 });
  storage.get = () => new Promise<null>(() => {});
  storage.set = () => Promise.reject(new Error('set'));
  server.expire();
  server.refreshAnswers.push(
    () => ({ fault: 'silence' }),
    () => ({ fault: 'reset' }),
    () => ({ status: 500 }),
  );
  server.route('/api/broken', () => ({ fault: 'reset' }));
  const controller = new AbortController();
  const promises: Promise<unknown>[] = [];
  for (let i = 0; i < 20; i++) {
    promises.push(auth.fetchWithAuth(server.url('/api/a'), { method: 'POST', body: `${i}` }));
    promises.push(auth.fetchWithAuth(server.url('/api/b'), { signal: controller.signal }));
    promises.push(auth.fetchWithAuth(server.url('/api/broken'), { method: 'POST', body: 'x' }));
    promises.push(auth.refresh(), auth.getAccessToken());
  }
  promises.push(auth.ready());
  const all = Promise.allSettled(promises); // at once: some may reject before the next line
  await turns();
  controller.abort();
  await settled(all, 'all of them');
  await settled(auth.signOut(), 'signOut');
});

// ---- a process of its own ----

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** Runs a module in a process of its own; it has to end by itself. */
async function ends(code: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: ROOT,
    timeout: 300_000,
  });
  return stdout.trim();
}

const CLIENT = `
  import { createAuthClient } from 'bearerkit';
  const hang = () => new Promise(() => {});
  const down = () => Promise.resolve(new Response(null, { status: 503, headers: { 'retry-after': '3600' } }));
  const ok = () => Promise.resolve(new Response('{"access_token":"b","expires_in":3600}'));
  const make = (options) => createAuthClient({ origins: ['https://api.example.com'], refresh: 'https://api.example.com/r', fetch: ok, ...options });
  const tokens = { access_token: 'a', refresh_token: 'r', expires_in: 3600 };
`;

const ENDS: Record<string, string> = {
  'after the import alone': `import 'bearerkit'; console.log('done');`,
  'with a client that was closed': `${CLIENT}
    const auth = make({ keepAlive: true, tabs: true });
    await auth.setTokens(tokens);
    auth.close();
    console.log('done');`,
  'with a refresh that hangs, closed': `${CLIENT}
    const auth = make({ refresh: hang, refreshTimeout: 3_600_000 });
    await auth.setTokens(tokens);
    auth.refresh().catch(() => console.log('done'));
    auth.close();`,
  'with a backoff of an hour, closed': `${CLIENT}
    const auth = make({ fetch: down });
    await auth.setTokens(tokens);
    await auth.refresh().catch(() => {});
    auth.close();
    console.log('done');`,
  'with a storage that hangs, closed': `${CLIENT}
    const auth = make({ storage: { get: hang, set: hang, remove: hang }, storageTimeout: 3_600_000 });
    const token = auth.getAccessToken().catch(() => console.log('done'));
    auth.close();
    await token;`,
  'with a lock wait and a session of an hour, closed': `${CLIENT}
    const auth = make({ tabs: true, refresh: undefined });
    await auth.setTokens(tokens);
    auth.close();
    console.log('done');`,
  'with a client that is idle, not closed': `${CLIENT}
    const auth = make({ keepAlive: true, tabs: true });
    await auth.setTokens(tokens);
    await auth.refresh();
    console.log('done');`,
};

for (const [what, code] of Object.entries(ENDS)) {
  test(`F8 a process ends by itself ${what}`, async () => {
    assert.equal(await ends(code), 'done');
  });
}

test('F8 a process does not end while a call waits for its refresh', async () => {
  const code = `${CLIENT}
    const auth = make({
      refresh: hang,
      refreshTimeout: 300,
      fetch: async () => new Response(null, { status: 401 }),
    });
    await auth.setTokens(tokens);
    console.log((await auth.fetchWithAuth('https://api.example.com/a')).status);`;
  assert.equal(await ends(code), '401');
});
