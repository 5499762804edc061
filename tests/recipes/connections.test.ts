// The recipes for WebSockets and Server-Sent Events: a fresh token at every connect, and no
// connection that outlives its session.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AuthClient } from 'bearerkit';
import { WebSocket } from 'ws';

import { type AuthServer, startAuthServer } from '../js/support/auth_server.ts';
import { signIn, type TestClient } from '../js/support/client.ts';
import { installGlobal } from '../js/support/storages.ts';
import { until } from '../js/support/wait.ts';
import { keepListening } from './code/server_sent_events.ts';
import { keepSocket } from './code/websocket.ts';
import { type SocketServer, startEventServer, startWebSocketServer } from './support/sockets.ts';

interface Kind {
  readonly name: string;
  start(t: TestContext, server: AuthServer): Promise<SocketServer>;
  keep(auth: AuthClient, url: string, onText: (text: string) => void): () => void;
}

const kinds: Kind[] = [
  {
    name: 'WebSocket',
    start(t, server) {
      installGlobal(t, 'WebSocket', { value: WebSocket }); // Node 20 has none of its own
      return startWebSocketServer(t, server);
    },
    keep: keepSocket,
  },
  {
    name: 'Server-Sent Events',
    start: startEventServer,
    keep: (auth, url, onText) => keepListening(auth, url, ({ data }) => onText(data)),
  },
];

interface Connected extends TestClient {
  readonly server: AuthServer;
  readonly sockets: SocketServer;
  readonly received: string[];
  readonly end: () => void;
}

/** Somebody is signed in, and connected. */
async function connect(
  t: TestContext,
  kind: Kind,
  options: ConstructorParameters<typeof AuthServer>[0] = {},
): Promise<Connected> {
  const server = await startAuthServer(t, options);
  const sockets = await kind.start(t, server);
  // A socket gets its token from the recipe, whatever its origin.
  const { origin } = new URL(sockets.url.replace('ws:', 'http:'));
  const client = await signIn(t, server, { origins: [server.origin, origin] });
  const received: string[] = [];
  const end = kind.keep(client.auth, sockets.url, (text) => received.push(text));
  t.after(end);
  await until(() => sockets.open() === 1, 'connected');
  return { ...client, server, sockets, received, end };
}

for (const kind of kinds) {
  test(`R11 ${kind.name}: a token that ran out between two connections is refreshed before the next`, async (t) => {
    const { server, sockets, received } = await connect(t, kind, {
      expiresIn: 1,
      strictExpiry: true,
    });
    sockets.send('first');
    await until(() => received.length === 1, 'the first message');
    const [generation = 0] = sockets.generations;
    await until(() => server.generationOf(server.accessToken) === undefined, 'it runs out');
    sockets.check();
    await until(() => sockets.open() === 1 && sockets.generations.length > 1, 'connected again');
    assert.ok((sockets.generations.at(-1) ?? 0) > generation);
    sockets.send('second');
    await until(() => received.length === 2, 'the second message');
    assert.deepEqual(received, ['first', 'second']);
  });

  test(`E6 ${kind.name}: a token that is refused though its time is not over is refreshed, once`, async (t) => {
    const { server, sockets } = await connect(t, kind);
    server.expire();
    sockets.check();
    await until(() => sockets.generations.length === 2, 'connected again');
    assert.deepEqual(sockets.generations, [1, 2]);
    assert.equal(server.refreshes.length, 1);
  });

  test(`L1 ${kind.name}: closed at sign-out, and open again at the next sign-in`, async (t) => {
    const { auth, server, sockets } = await connect(t, kind);
    await auth.signOut();
    await until(() => sockets.open() === 0, 'closed');
    await auth.setTokens(server.signIn('oauth', 'grace'));
    await until(() => sockets.open() === 1, 'open again');
    assert.deepEqual(sockets.generations, [1, 2]);
  });

  test(`L2 ${kind.name}: when another user signs in, the connection is the new user's`, async (t) => {
    const { auth, server, sockets } = await connect(t, kind);
    await auth.setTokens(server.signIn('oauth', 'grace'));
    await until(() => sockets.generations.length === 2, 'connected anew');
    await until(() => sockets.open() === 1, 'the old one is closed');
    assert.deepEqual(sockets.generations, [1, 2]);
  });

  test(`L1 ${kind.name}: ends for good when the app says so, and when a refresh is refused`, async (t) => {
    const { auth, events, server, sockets, end } = await connect(t, kind);
    server.expire();
    server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
    sockets.check();
    await events.until('signedout');
    await until(() => sockets.open() === 0, 'closed');
    end();
    await auth.setTokens(server.signIn());
    await auth.fetchWithAuth(server.url('/api/a'));
    assert.equal(sockets.generations.length, 1, 'nothing connects any more');
  });
}

test('F1 Server-Sent Events: goes on from the last event that came', async (t) => {
  const server = await startAuthServer(t);
  const events = await startEventServer(t, server);
  const { auth } = await signIn(t, server, { origins: [new URL(events.url).origin] });
  const received: string[] = [];
  t.after(keepListening(auth, events.url, ({ data }) => received.push(data)));
  await until(() => events.open() === 1, 'connected');
  events.send('one');
  events.send('two');
  await until(() => received.length === 2, 'both');
  server.expire();
  events.check();
  await until(() => events.lastEventIds.length === 2, 'connected again');
  assert.deepEqual(events.lastEventIds, [undefined, '2']);
});
