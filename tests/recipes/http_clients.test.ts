// The recipes for clients that take a fetch of one's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { gql } from '@urql/core';

import { startAuthServer } from '../js/support/auth_server.ts';
import { signIn } from '../js/support/client.ts';
import * as apollo from './code/apollo.ts';
import * as axios from './code/axios.ts';
import * as ky from './code/ky.ts';
import * as openapi from './code/openapi_fetch.ts';
import * as trpc from './code/trpc.ts';
import * as urql from './code/urql.ts';
import { addGraphql } from './support/graphql_server.ts';
import { survives } from './support/survives.ts';
import { addTrpc } from './support/trpc_server.ts';

const ME = gql`
  query {
    me {
      id
      name
    }
  }
`;
const ADD_NOTE = gql`
  mutation ($text: String!) {
    addNote(text: $text)
  }
`;

survives('ky', (auth, { origin }) => {
  const api = ky.createApi(auth, origin);
  return {
    read: () => api.get('/api/notes').json(),
    write: (text) => api.post('/api/notes', { json: { text } }).json(),
  };
});

survives('openapi-fetch', (auth, { origin }) => {
  const api = openapi.createApi(auth, origin);
  const ok = async ({ response }: { response: Response }): Promise<void> =>
    assert.equal(response.status, 200);
  return {
    read: () => api.GET('/api/notes').then(ok),
    write: (text) => api.POST('/api/notes', { body: { text } }).then(ok),
  };
});

survives('axios', (auth, { origin }) => {
  const api = axios.createApi(auth, origin);
  return {
    read: () => api.get('/api/notes'),
    write: (text) => api.post('/api/notes', { text }),
  };
});

survives('urql', (auth, server) => {
  const client = urql.createGraphql(auth, addGraphql(server));
  const ok = ({ error }: { error?: Error | undefined }): void => {
    if (error !== undefined) throw error;
  };
  return {
    read: async () => ok(await client.query(ME, {}, { requestPolicy: 'network-only' }).toPromise()),
    write: async (text) => ok(await client.mutation(ADD_NOTE, { text }).toPromise()),
  };
});

survives('Apollo', (auth, server) => {
  const client = apollo.createGraphql(auth, addGraphql(server));
  return {
    read: () => client.query({ query: ME, fetchPolicy: 'network-only' }),
    write: (text) => client.mutate({ mutation: ADD_NOTE, variables: { text } }),
  };
});

survives('tRPC', (auth, server) => {
  const api = trpc.createApi(auth, addTrpc(server));
  return {
    read: () => api.generation.query(),
    write: (text) => api.addNote.mutate(text),
  };
});

test('F8 axios: a form with a file is sent again whole', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const api = axios.createApi(auth, server.origin);
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array([0, 255, 13, 10])]), 'raw.bin');
  server.expire();
  assert.equal((await api.post('/api/files', form)).status, 200);
  const [first, second] = server.to('/api/files');
  assert.ok(first?.body.includes('raw.bin') === true);
  assert.deepEqual(second?.body, first.body);
});

test('F8 Apollo: after a sign-out nothing of the cache is left', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  const client = apollo.createGraphql(auth, addGraphql(server));
  await client.query({ query: ME });
  assert.notDeepEqual(client.cache.extract(), {});
  await auth.signOut();
  await events.until('signedout');
  assert.deepEqual(client.cache.extract(), {});
});

test('F8 axios: with onUploadProgress, too, a refused call is sent again whole', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const api = axios.createApi(auth, server.origin);
  let progress = 0;
  server.expire();
  const onUploadProgress = ({ loaded }: { loaded: number }): void => {
    progress = loaded;
  };
  await api.post('/api/files', 'x'.repeat(100_000), { onUploadProgress });
  assert.deepEqual(
    server.to('/api/files').map(({ body }) => body.length),
    [100_000, 100_000],
  );
  assert.equal(progress, 100_000);
});

test('B6 tRPC: a batch that is refused in part is a 207, and no reason to refresh', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const api = trpc.createApi(auth, addTrpc(server));
  const calls = await Promise.allSettled([api.generation.query(), api.refused.query()]);
  assert.deepEqual(
    calls.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  assert.equal(server.requests.filter(({ path }) => path.startsWith('/api/trpc')).length, 1);
  assert.equal(server.refreshes.length, 0);
  // All of it refused: a 401, and one refresh.
  await assert.rejects(api.refused.query());
  assert.equal(server.refreshes.length, 1);
});
