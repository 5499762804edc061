// B10: a call that goes without the token, because its origin is not listed, is told once.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startAuthServer } from './support/auth_server.ts';
import { signIn, startClient } from './support/client.ts';
import { startHttpServer } from './support/http_server.ts';
import { turns } from './support/wait.ts';

const NOT_LISTED = { code: 'origin_not_listed' };

test('B10 a call to an origin that is not listed: one warning for each origin', async (t) => {
  const server = await startAuthServer(t);
  const others = [await startHttpServer(t, '127.0.0.2'), await startHttpServer(t, '127.0.0.3')];
  const { auth, events } = await signIn(t, server);
  for (const [i, other] of others.entries()) {
    for (const input of [other.url('/a'), new URL(other.url('/b')), new Request(other.url('/c'))]) {
      await auth.fetchWithAuth(input);
      await auth.fetchWithAuth(input, { method: 'POST', body: 'x' });
    }
    await turns(1);
    assert.deepEqual(
      events.of('warning'),
      [NOT_LISTED, NOT_LISTED].slice(0, i + 1),
      'it holds no URL',
    );
  }
  await auth.fetchWithAuth(server.url('/api/a'));
  await turns(1);
  assert.equal(events.count('warning'), 2, 'a listed one is none');
});

test('B10 no warning where no token is missing', async (t) => {
  const server = await startAuthServer(t);
  const other = await startHttpServer(t, '127.0.0.2');
  const { auth, events } = startClient(t, server);
  await auth.fetchWithAuth(other.url('/signed-out'));
  await auth.setTokens(server.signIn());
  await auth.fetchWithAuth(other.url('/own'), { headers: { Authorization: 'Basic eDp5' } });
  await auth.fetchWithAuth(other.url('/image'), { mode: 'no-cors' });
  await auth.fetchWithAuth(new Request(other.url('/image'), { mode: 'no-cors' }));
  await auth.fetchWithAuth('data:text/plain,x');
  await auth.fetchWithAuth('relative').catch(() => undefined);
  const aborted = { signal: AbortSignal.abort() };
  await auth.fetchWithAuth(other.url('/aborted'), aborted).catch(() => undefined);
  await turns(1);
  assert.equal(events.count('warning'), 0);
  await auth.fetchWithAuth(other.url('/api'));
  await turns(1);
  assert.deepEqual(events.of('warning'), [NOT_LISTED]);
});

test('B10 the line of `debug` says what to do', async (t) => {
  const server = await startAuthServer(t);
  const other = await startHttpServer(t, '127.0.0.2');
  const lines: string[] = [];
  const { auth } = await signIn(t, server, { debug: (line) => lines.push(line) });
  await auth.fetchWithAuth(other.url('/secret-path'));
  await turns(1);
  const line = lines.find((text) => text.includes('origin_not_listed')) ?? '';
  assert.match(line, /^bearerkit warning \{"code":"origin_not_listed"\} .* option origins\.$/);
  assert.ok(!lines.join('').includes('127.0.0.2'));
});
