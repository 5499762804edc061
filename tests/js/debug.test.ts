// L4: the option `debug` says what happens, line by line; that no line holds a secret is D10's test.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type AuthClientOptions, createAuthClient } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { Events, startClient } from './support/client.ts';
import { turns } from './support/wait.ts';

test('L4 debug: a function gets one line for each event and each step of the timeline', async (t) => {
  const server = await startAuthServer(t);
  const lines: string[] = [];
  const { auth } = startClient(t, server, { debug: (line) => lines.push(line), name: 'shop' });
  const events = new Events(auth, true);
  await auth.setTokens(server.signIn());
  server.expire();
  await auth.fetchWithAuth(server.url('/api/a'));
  await auth.signOut();
  await turns(1);
  const expected = events.all.map(({ type, detail }) => `shop ${type} ${JSON.stringify(detail)}`);
  assert.deepEqual(lines, expected);
  for (const word of ['unauthorized', 'refresh_sent', 'request_retried', 'signedout']) {
    assert.ok(
      lines.some((line) => line.includes(word)),
      word,
    );
  }
});

test('L4 debug: true says them by console.debug', async (t) => {
  const printed = t.mock.method(console, 'debug', () => undefined);
  const auth = createAuthClient({ debug: true });
  t.after(() => auth.close());
  await auth.setTokens({ access_token: 'opaque' });
  await turns(1);
  const lines = printed.mock.calls.map(({ arguments: [line] }) => String(line));
  assert.match(lines.join('\n'), /^bearerkit timeline \{"cause":"session_started",.*\}$/m);
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
