// The recipes for servers that refuse otherwise than by a 401, or ask for a step-up.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { type AuthClient, createAuthClient } from 'bearerkit';

import { type AuthServer, startAuthServer } from '../js/support/auth_server.ts';
import { signIn } from '../js/support/client.ts';
import { type Answer, type HttpServer, startHttpServer } from '../js/support/http_server.ts';
import { installGlobal, MapStorage } from '../js/support/storages.ts';
import { turns } from '../js/support/wait.ts';
import { sanctumCookie } from './code/backends/laravel.ts';
import * as refusedBy403 from './code/refused_by_403.ts';
import { isUnauthenticated } from './code/refused_by_graphql.ts';
import { stepUp } from './code/step_up.ts';

/** A server whose API answers `refusal` where others answer 401. */
async function start(t: TestContext, refusal: Answer): Promise<AuthServer> {
  const server = await startAuthServer(t);
  server.route('/own', ({ headers }) =>
    server.generationOf(headers.authorization?.slice(7) ?? '') === undefined
      ? refusal
      : { json: { data: { me: 1 } } },
  );
  return server;
}

async function recovers(t: TestContext, server: AuthServer, auth: AuthClient): Promise<void> {
  t.after(() => auth.close());
  await auth.setTokens(server.signIn());
  server.expire();
  const init = { method: 'POST', body: '{}' };
  const answers = [1, 2, 3].map(() => auth.fetchWithAuth(server.url('/own'), init));
  for (const answer of answers) {
    assert.deepEqual(await (await answer).json(), { data: { me: 1 } });
  }
  assert.equal(server.refreshes.length, 1);
}

test('R15 a server that answers 403 to an expired token', async (t) => {
  const server = await start(t, { status: 403, json: { error: 'token_expired' } });
  const auth = refusedBy403.createAuth(server.origin);
  await recovers(t, server, auth);
  server.route('/own', () => ({ status: 403, json: { error: 'forbidden' } }));
  const response = await auth.fetchWithAuth(server.url('/own'));
  assert.deepEqual(await response.json(), { error: 'forbidden' });
  assert.equal(server.refreshes.length, 1);
});

test('R15 a GraphQL server that answers 200 with UNAUTHENTICATED', async (t) => {
  const errors = [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }];
  const server = await start(t, { json: { errors } });
  const auth = createAuthClient({
    origins: [server.origin],
    refresh: server.url('/refresh'),
    refused: isUnauthenticated,
  });
  await recovers(t, server, auth);
  for (const answer of [{ body: 'text' }, { json: { errors: [{ message: 'mine' }] } }]) {
    server.route('/own', () => answer);
    assert.equal((await auth.fetchWithAuth(server.url('/own'))).bodyUsed, false);
  }
  assert.equal(server.refreshes.length, 1);
});

/** A page with a CSRF cookie, and a Laravel that wants `new=` from it. */
async function startSanctum(t: TestContext): Promise<{ server: HttpServer; auth: AuthClient }> {
  const page = { cookie: 'XSRF-TOKEN=old%3D', baseURI: 'http://page.test/' };
  const visible = { visibilityState: 'visible', ...page };
  installGlobal(t, 'document', { value: Object.assign(new EventTarget(), visible) });
  installGlobal(t, 'localStorage', { value: undefined });
  const server = await startHttpServer(t);
  // What a browser does with Set-Cookie.
  server.route('/sanctum/csrf-cookie', () => {
    document.cookie = 'XSRF-TOKEN=new%3D';
    return { status: 204 };
  });
  server.route('/notes', ({ headers }) =>
    headers['x-xsrf-token'] === 'new='
      ? { status: 201 }
      : { status: 419, json: { message: 'CSRF token mismatch.' } },
  );
  const auth = sanctumCookie(server.origin);
  t.after(() => auth.close());
  await auth.setTokens({});
  return { server, auth };
}

test('R15 C2 Sanctum: 419 brings a new CSRF cookie, and the request is sent again', async (t) => {
  const { server, auth } = await startSanctum(t);
  const response = await auth.fetchWithAuth(server.url('/notes'), { method: 'POST', body: 'x' });
  assert.equal(response.status, 201);
  assert.equal(server.to('/sanctum/csrf-cookie').length, 1);
  assert.equal(server.to('/notes').at(-1)?.body.toString(), 'x');
});

test('R14 Sanctum: the 401 of a session that is over is delivered', async (t) => {
  const { server, auth } = await startSanctum(t);
  server.route('/notes', () => ({ status: 401, json: { message: 'Unauthenticated.' } }));
  for (let call = 1; call <= 3; call++) {
    assert.equal((await auth.fetchWithAuth(server.url('/notes'))).status, 401);
  }
  assert.equal(server.to('/sanctum/csrf-cookie').length, 1);
  assert.equal(auth.state, 'signed-in', 'nothing here can know');
});

test('B11 a step-up: what the API asks for goes into the authorization request', async (t) => {
  const server = await startAuthServer(t);
  const challenge =
    'Bearer error="insufficient_user_authentication", acr_values="mfa", max_age="60", scope="pay"';
  server.route('/api/pay', () => ({ status: 401, headers: { 'WWW-Authenticate': challenge } }));
  const { auth } = await signIn(t, server, { storage: new MapStorage() });
  const asked: Record<string, string>[] = [];
  stepUp(auth, (parameters) => asked.push(parameters));
  const response = await auth.fetchWithAuth(server.url('/api/pay'), { method: 'POST' });
  assert.equal(response.status, 401);
  await turns(1);
  assert.deepEqual(asked, [{ acr_values: 'mfa', max_age: '60', scope: 'openid pay' }]);
  assert.equal(server.refreshes.length, 0);
});
