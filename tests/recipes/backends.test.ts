// The recipes for servers whose endpoints speak otherwise: each is signed in, and its token refreshed.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { AuthClient, JwtPayload } from 'bearerkit';

import { type Answer, type Recorded, startHttpServer } from '../js/support/http_server.ts';
import * as backends from './code/backends.ts';

interface Backend {
  /** `never`: each takes answers of its own kind. */
  readonly make: (origin: string) => AuthClient<JwtPayload, never>;
  readonly path: string;
  /** An answer with the first or the second tokens. */
  readonly answer: (which: 'one' | 'two') => object;
  /** Whether the server takes this refresh. */
  readonly takes: (request: Recorded, body: unknown) => boolean;
}

const same = (value: unknown, wanted: unknown): boolean =>
  JSON.stringify(value) === JSON.stringify(wanted);

const BACKENDS: Record<string, Backend> = {
  Supabase: {
    make: (origin) => backends.supabase(origin, 'public'),
    path: '/auth/v1/token',
    answer: (which) => ({
      access_token: which,
      refresh_token: `r-${which}`,
      expires_in: 3600,
      token_type: 'bearer',
      user: { id: 'ada' },
    }),
    takes: ({ query, headers }, body) =>
      query === '?grant_type=refresh_token' &&
      headers['apikey'] === 'public' &&
      same(body, { refresh_token: 'r-one' }),
  },
  FastAPI: {
    make: backends.fastApi,
    path: '/auth/refresh',
    answer: (which) => ({ access_token: which, refresh_token: `r-${which}` }),
    takes: (_request, body) => same(body, { refresh_token: 'r-one' }),
  },
  'Simple JWT': {
    make: backends.simpleJwt,
    path: '/api/token/refresh/',
    answer: (which) => ({ access: which, ...(which === 'one' && { refresh: 'r-one' }) }),
    takes: (_request, body) => same(body, { refresh: 'r-one' }),
  },
  'tymon/jwt-auth': {
    make: backends.jwtAuth,
    path: '/api/auth/refresh',
    answer: (which) => ({ access_token: which, token_type: 'bearer', expires_in: 3600 }),
    takes: ({ headers }) => headers.authorization === 'Bearer one',
  },
  'ASP.NET': {
    make: backends.aspNet,
    path: '/token/refresh',
    answer: (which) => ({ data: { accessToken: which, refreshToken: `r-${which}` } }),
    takes: (_request, body) => same(body, { accessToken: 'one', refreshToken: 'r-one' }),
  },
};

async function run(t: TestContext, backend: Backend): Promise<void> {
  const server = await startHttpServer(t);
  server.route(backend.path, (request): Answer => {
    const text = request.body.toString();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return backend.takes(request, body)
      ? { json: backend.answer('two') }
      : { status: 400, json: {} };
  });
  server.route('/api/me', ({ headers }) => ({
    status: headers.authorization === 'Bearer two' ? 200 : 401,
  }));
  const auth = backend.make(server.origin);
  t.after(() => auth.close());
  await auth.setTokens(backend.answer('one') as never);
  assert.equal(await auth.getAccessToken(), 'one');
  assert.equal((await auth.fetchWithAuth(server.url('/api/me'))).status, 200);
  assert.equal(server.to(backend.path).length, 1);
  await auth.signOut();
}

for (const [name, backend] of Object.entries(BACKENDS)) {
  test(`${name}: signed in, refused, refreshed, sent again`, (t) => run(t, backend));
}
