// The recipe for TanStack Query: one queryFn for all, and nothing kept past a sign-out.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createTestAuth } from 'bearerkit/testing';

import { startAuthServer } from '../js/support/auth_server.ts';
import { signIn } from '../js/support/client.ts';
import { until } from '../js/support/wait.ts';
import { createQueryClient, HttpError } from './code/tanstack_query.ts';
import { survives } from './support/survives.ts';

survives('TanStack Query', (auth, server) => {
  const client = createQueryClient(auth);
  let count = 0;
  return {
    // Another key each time: the same would be answered once for all.
    read: () => client.query({ queryKey: [server.url(`/api/notes?${count++}`)] }),
    write: (text) =>
      client.query({
        queryKey: ['write', text],
        queryFn: () =>
          auth.fetchWithAuth(server.url('/api/notes'), { method: 'POST', body: text }).then((r) => {
            if (!r.ok) throw new HttpError(r.status);
            return r.json();
          }),
      }),
  };
});

test('F8 TanStack Query: a 401 that stays is not asked for again; after a sign-out nothing is left', async (t) => {
  const world = createTestAuth();
  t.after(world.close);
  const { auth, server } = world;
  server.on('GET /notes', { json: ['a note'] });
  await world.signedIn();
  const client = createQueryClient(auth);
  const queryKey = ['/notes'];
  assert.ok(await client.query({ queryKey }));
  assert.ok(client.getQueryData(queryKey));
  await auth.signOut();
  await world.clock.settle();
  assert.equal(client.getQueryData(queryKey), undefined);
  await assert.rejects(client.query({ queryKey }), { status: 401 });
  const statuses = server.calls.flatMap(({ path, status }) => (path === '/notes' ? [status] : []));
  assert.deepEqual(statuses, [200, 401], 'one for each query');
});

test('F4 TanStack Query: a query that is cancelled aborts its request only', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const client = createQueryClient(auth);
  server.expire();
  const gate = server.hold('/refresh');
  const cancelled = client.query({ queryKey: [server.url('/api/a')] }).catch(() => 'ended');
  const other = client.query({ queryKey: [server.url('/api/b')] });
  await gate.until(1);
  await client.cancelQueries({ queryKey: [server.url('/api/a')] });
  assert.equal(await cancelled, 'ended');
  gate.open();
  assert.ok(await other);
  await until(() => server.calls.length === 3, '/api/a once, /api/b twice');
});
