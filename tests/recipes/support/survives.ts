// What an HTTP client that was given fetchWithAuth has to stand (F8): a real server, tokens that
// really expire, refused tokens, many calls at once, the end of a session.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AuthClient } from 'bearerkit';

import { type AuthServer, startAuthServer } from '../../js/support/auth_server.ts';
import { signIn } from '../../js/support/client.ts';
import type { Recorded } from '../../js/support/http_server.ts';
import { until } from '../../js/support/wait.ts';

/** Both reject unless the server's answer is a success. */
export interface Calls {
  readonly read: () => Promise<unknown>;
  /** Sends a body that holds `text`. */
  readonly write: (text: string) => Promise<unknown>;
}

/** What came to the API. */
const calls = (server: AuthServer): Recorded[] =>
  server.requests.filter(({ path }) => path.startsWith('/api/'));

export function survives(
  name: string,
  recipe: (auth: AuthClient, server: AuthServer, t: TestContext) => Calls | Promise<Calls>,
): void {
  test(`F8 ${name}: a token whose time is over is refreshed before the call`, async (t) => {
    const server = await startAuthServer(t, { expiresIn: 1, strictExpiry: true });
    const { auth } = await signIn(t, server);
    const { read } = await recipe(auth, server, t);
    await read();
    const { accessToken } = server;
    await until(() => server.generationOf(accessToken) === undefined, 'the token expires');
    await read();
    assert.ok(server.refreshes.length >= 1);
    assert.equal(auth.state, 'signed-in');
  });

  test(`F8 ${name}: a refused call is sent again once, with the same body`, async (t) => {
    const server = await startAuthServer(t);
    const { auth } = await signIn(t, server);
    const { write } = await recipe(auth, server, t);
    const old = server.accessToken;
    server.expire();
    await write('José 🦊 李');
    assert.deepEqual(
      calls(server).map(({ headers }) => headers.authorization),
      [`Bearer ${old}`, `Bearer ${server.accessToken}`],
    );
    const [first, second] = calls(server);
    assert.ok(first?.body.includes('José 🦊 李') === true);
    assert.deepEqual(second?.body, first.body);
    assert.equal(second.headers['content-type'], first.headers['content-type']);
    assert.equal(server.refreshes.length, 1);
  });

  test(`F8 ${name}: calls refused together make one refresh`, async (t) => {
    const server = await startAuthServer(t);
    const { auth } = await signIn(t, server);
    const { read, write } = await recipe(auth, server, t);
    server.expire();
    await Promise.all(
      Array.from({ length: 10 }, async (_, i) => (i % 2 === 0 ? read() : write(`note ${i}`))),
    );
    assert.equal(server.refreshes.length, 1);
  });

  test(`F8 ${name}: when the session is over, the call fails as the library says`, async (t) => {
    const server = await startAuthServer(t);
    const { auth, events } = await signIn(t, server);
    const { read } = await recipe(auth, server, t);
    server.expire();
    server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
    await assert.rejects(read());
    assert.equal(auth.state, 'signed-out');
    await events.until('signedout');
    assert.deepEqual(events.reasons, ['refresh_rejected']);
    assert.equal(server.refreshes.length, 1);
  });
}
