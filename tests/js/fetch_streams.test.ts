// F3: a body that can be read once is sent once.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';

import { startAuthServer } from './support/auth_server.ts';
import { signIn } from './support/client.ts';
import { Random } from './support/random.ts';
import { until } from './support/wait.ts';

const BINARY = new Random().bytes(70_000);

function stream(): ReadableStream<Uint8Array> {
  return new Blob([BINARY]).stream();
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield BINARY.subarray(0, 1000);
  yield BINARY.subarray(1000);
}

const ONE_SHOT: Record<string, () => unknown> = {
  'a ReadableStream': stream,
  "a stream of Node's": () => Readable.from([BINARY]),
  "an async iterable, which Node's fetch takes": pieces,
};

for (const [kind, make] of Object.entries(ONE_SHOT)) {
  const init = (): RequestInit => ({ method: 'POST', body: make(), duplex: 'half' }) as RequestInit;

  test(`F3 ${kind} is sent once: its 401 is delivered, and the next call refreshes first`, async (t) => {
    const server = await startAuthServer(t);
    const { auth } = await signIn(t, server);
    const answer = await auth.fetchWithAuth(server.url('/api/ok'), init());
    assert.equal(answer.status, 200);
    server.expire();
    const response = await auth.fetchWithAuth(server.url('/api/body'), init());
    assert.equal(response.status, 401);
    assert.equal(response.bodyUsed, false);
    assert.deepEqual(
      server.to('/api/body').map(({ body }) => body.equals(BINARY)),
      [true],
    );
    assert.equal((await auth.fetchWithAuth(server.url('/api/next'), init())).status, 200);
    assert.equal(server.to('/api/next').length, 1);
    assert.equal(server.refreshes.length, 1);
  });

  test(`F3 before ${kind} is sent the token is made fresh, inside the margin too`, async (t) => {
    const server = await startAuthServer(t, { expiresIn: 100 });
    let ahead = 0;
    const clock = { now: () => Date.now() + ahead };
    const { auth } = await signIn(t, server, { clock, refreshMargin: 25 });
    ahead = 80_000;
    const gate = server.hold('/refresh');
    const call = auth.fetchWithAuth(server.url('/api/body'), init());
    await gate.until(1);
    assert.equal(server.to('/api/body').length, 0);
    gate.open();
    assert.equal((await call).status, 200);
    assert.deepEqual(server.calls, [{ path: '/api/body', token: server.accessToken }]);
    await until(() => server.refreshes.length === 1, 'one refresh');
  });
}
