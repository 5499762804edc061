// L4: the option `debug` says what happens, line by line; that no line holds a secret is D10's test.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { type AuthClient, type AuthClientOptions, createAuthClient } from 'bearerkit';

import { type AuthServer, startAuthServer } from './support/auth_server.ts';
import { refusedTogether, startClient } from './support/client.ts';
import { turns } from './support/wait.ts';

// Times and sizes are what a run makes of them.
const plain = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(/\d+ ms$/, 'N ms').replace(/"retryAt":[\d.]+/, '"retryAt":N'));

async function startTalking(
  t: TestContext,
): Promise<{ server: AuthServer; auth: AuthClient; said: () => string[] }> {
  const server = await startAuthServer(t);
  const lines: string[] = [];
  const { auth } = startClient(t, server, { debug: (line) => lines.push(line), name: 'shop' });
  return { server, auth, said: () => plain(lines.splice(0)) };
}

test('L4 debug: a line for each call when it ends, and one for all else', async (t) => {
  const { server, auth, said } = await startTalking(t);
  await auth.setTokens(server.signIn());
  assert.deepEqual(said(), [
    'shop session started',
    'shop signedin {"elsewhere":false,"restored":false}',
  ]);
  await auth.fetchWithAuth(server.url('/api/a'));
  assert.deepEqual(said(), ['shop GET #1 200, N ms']);
  server.expire();
  const post = { method: 'POST', body: 'x' };
  await refusedTogether(server, auth, () =>
    ['b', 'c'].map((path) => auth.fetchWithAuth(server.url(`/api/${path}`), post)),
  );
  assert.deepEqual(said(), [
    'shop lock wanted',
    'shop lock held',
    'shop refresh sent',
    'shop refresh succeeded',
    'shop refreshed {"generation":2,"elsewhere":false}',
    'shop POST #2 401 → refresh → sent again 200, N ms',
    'shop POST #3 401 → refresh → sent again 200, N ms',
  ]);
  await auth.getAccessToken();
  assert.deepEqual(said(), [], 'a token that was at hand');
  await auth.signOut();
  await auth.fetchWithAuth(server.url('/api/a'));
  assert.equal(said().at(-1), 'shop GET #4 sent without a token, N ms');
});

test('L4 R2 debug: a late 401 is sent again without a refresh of its own', async (t) => {
  const { server, auth, said } = await startTalking(t);
  await auth.setTokens(server.signIn());
  server.expire();
  const gate = server.hold('/api/late');
  const late = auth.fetchWithAuth(server.url('/api/late'));
  await gate.until(1);
  await auth.fetchWithAuth(server.url('/api/a'));
  said();
  gate.open();
  assert.equal((await late).status, 200);
  assert.deepEqual(said(), ['shop GET #1 401 → sent again 200, N ms']);
});

test('L4 debug: what fails, waits, is aborted, or has a method without a name', async (t) => {
  const { server, auth, said } = await startTalking(t);
  await auth.setTokens(server.signIn());
  const last = (): string | undefined => said().at(-1);
  server.expire();
  server.refreshAnswers.push(() => ({ status: 503 }));
  await auth.fetchWithAuth(server.url('/api/a'));
  const lines = said();
  assert.ok(lines.includes('shop GET #1 401 → refresh → delivered, N ms'), lines.join('\n'));
  const failed = 'shop refreshfailed {"retryAt":N,"cause":{"kind":"status","status":503}}';
  assert.ok(lines.includes(failed), lines.join('\n'));
  await auth.refresh();
  assert.equal(last(), 'shop Call #2 → waits, N ms');
  server.route('/api/cut', () => ({ fault: 'reset' }));
  await assert.rejects(auth.fetchWithAuth(server.url('/api/cut'), { method: 'PURGE' }));
  assert.equal(last(), 'shop Call #3 → no answer, N ms');
  const gate = server.hold('/api/slow');
  const aborter = new AbortController();
  const slow = auth.fetchWithAuth(server.url('/api/slow'), { signal: aborter.signal });
  await gate.until(1);
  aborter.abort();
  await assert.rejects(slow);
  gate.open();
  assert.equal(last(), 'shop GET #4 → aborted, N ms');
});

test('L4 debug: true says them by console.debug', async (t) => {
  const printed = t.mock.method(console, 'debug', () => undefined);
  const auth = createAuthClient({ debug: true });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'opaque' });
  await turns(1);
  const lines = printed.mock.calls.map(({ arguments: [line] }) => String(line));
  assert.match(lines.join('\n'), /^bearerkit session started$/m);
  assert.match(lines.join('\n'), /^bearerkit signedin \{"elsewhere":false,"restored":false\}$/m);
});

test('L4 without debug nothing is said', async (t) => {
  const printed = t.mock.method(console, 'debug', () => undefined);
  const server = await startAuthServer(t);
  for (const options of [{}, { debug: false }]) {
    const { auth } = startClient(t, server, options);
    await auth.setTokens(server.signIn());
    await auth.fetchWithAuth(server.url('/api/a'));
    await auth.signOut();
  }
  await turns(1);
  assert.equal(printed.mock.callCount(), 0);
});

test('X5 a debug function that throws harms nothing', async (t) => {
  const reported = t.mock.method(console, 'error', () => undefined);
  const server = await startAuthServer(t);
  const { auth } = startClient(t, server, {
    debug: () => {
      throw new Error('mine');
    },
  });
  await auth.setTokens(server.signIn());
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  assert.ok(reported.mock.callCount() > 0, 'told to the app like any uncaught error');
});

test('L4 debug that is neither true, false nor a function is refused', () => {
  for (const debug of ['yes', 1, {}, null]) {
    assert.throws(() => createAuthClient({ debug } as unknown as AuthClientOptions), {
      code: 'invalid_config',
      message: /^debug must be true or a function\./,
    });
  }
});
