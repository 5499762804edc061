// bearerkit/angular under Angular itself: HttpClient with real requests, and components in a document.
import { makeElement } from './support/dom.ts';

import '@angular/compiler';

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import {
  HttpClient,
  HttpErrorResponse,
  type HttpInterceptorFn,
  provideHttpClient,
  withFetch,
  withInterceptors,
} from '@angular/common/http';
import {
  HttpTestingController,
  provideHttpClientTesting,
  type TestRequest,
} from '@angular/common/http/testing';
import {
  type ApplicationConfig,
  type ApplicationRef,
  Component,
  mergeApplicationConfig,
  provideZonelessChangeDetection,
  type Type,
} from '@angular/core';
import { createApplication } from '@angular/platform-browser';
import { Router } from '@angular/router';
import { type AuthClient, AuthError } from 'bearerkit';
import { authInterceptor, injectAuth } from 'bearerkit/angular';
import { finalize, firstValueFrom, lastValueFrom, toArray } from 'rxjs';

import { startAuthServer } from '../js/support/auth_server.ts';
import { signIn, startClient } from '../js/support/client.ts';
import { until } from '../js/support/wait.ts';
import { appConfig } from './code/angular/app_config.ts';
import { assertNothingIsGuessed, reloadSlowly } from './support/slow_start.ts';
import { countSubscribers } from './support/subscribers.ts';
import { survives } from './support/survives.ts';

const zoneless = { providers: [provideZonelessChangeDetection()] };

async function startApp(
  t: TestContext,
  config: ApplicationConfig = { providers: [] },
): Promise<ApplicationRef> {
  const app = await createApplication(mergeApplicationConfig(zoneless, config));
  t.after(() => app.destroy());
  return app;
}

async function startHttp(
  t: TestContext,
  auth: AuthClient,
  ...others: HttpInterceptorFn[]
): Promise<HttpClient> {
  const interceptors = withInterceptors([authInterceptor(auth), ...others]);
  const http = provideHttpClient(withFetch(), interceptors);
  return (await startApp(t, { providers: [http] })).injector.get(HttpClient);
}

// What a component shows, by a decorator that is called as a function: nothing compiles these tests.
function greeting(auth: AuthClient, seen: string[] = []): Type<unknown> {
  class Greeting {
    readonly session = injectAuth(auth);
    get text(): string {
      const { state, claims } = this.session();
      seen.push(state);
      return { restoring: '', 'signed-in': `Hello ${claims?.sub}`, 'signed-out': 'Sign in' }[state];
    }
  }
  return Component({ selector: 'app-greeting', template: '{{ text }}' })(Greeting);
}

test('L3 Angular: follows sign-in and sign-out, until it is destroyed', async (t) => {
  const server = await startAuthServer(t, { claims: () => ({ sub: 'ada' }) });
  const { auth } = startClient(t, server);
  const subscribers = countSubscribers(t, auth);
  const element = makeElement();
  const app = await startApp(t);
  const component = app.bootstrap(greeting(auth), element);
  const shows = (text: string): Promise<void> =>
    until(() => element.textContent === text, `"${text}" for "${element.textContent}"`);
  await shows('Sign in');
  await auth.setTokens(server.signIn());
  await shows('Hello ada');
  await auth.signOut();
  await shows('Sign in');
  assert.equal(subscribers(), 1);
  component.destroy();
  assert.equal(subscribers(), 0);
});

for (const signedIn of [true, false]) {
  const end = signedIn ? 'the page' : 'the form';
  test(`C5 Angular: hybrid reload with a slow refresh: nothing, then ${end}`, async (t) => {
    const { auth, gate } = await reloadSlowly(t, signedIn);
    const seen: string[] = [];
    const app = await startApp(t);
    app.bootstrap(greeting(auth, seen), makeElement());
    await assertNothingIsGuessed(seen, gate, signedIn);
  });

  test(`C5 Angular, the recipe: a guarded route waits, then it is ${end}`, async (t) => {
    const { auth, gate } = await reloadSlowly(t, signedIn);
    const component = greeting(auth);
    const open = [{ path: 'sign-in', component }];
    const app = await startApp(t, appConfig(auth, [{ path: 'orders', component }], open));
    const router = app.injector.get(Router);
    const led = router.navigateByUrl('/orders');
    await gate.until(1);
    assert.equal(router.url, '/');
    gate.open();
    await led;
    assert.equal(router.url, signedIn ? '/orders' : '/sign-in');
  });
}

test('F8 Angular: what HttpClient reads, writes, refuses and follows', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const http = await startHttp(t, auth);
  server.expire();
  const read = http.get(server.url('/api/a'), { params: { page: 2 }, headers: { 'X-Own': '1' } });
  assert.deepEqual(await firstValueFrom(read), { path: '/api/a', generation: 2 });
  for (const { headers, query } of server.to('/api/a')) {
    assert.equal(headers['x-own'], '1');
    assert.equal(query, '?page=2');
  }
  // Progress goes through, and the answer comes last.
  const options = { observe: 'events', reportProgress: true } as const;
  const events = await lastValueFrom(http.get(server.url('/api/a'), options).pipe(toArray()));
  assert.deepEqual([events.at(0)?.type, events.at(-1)?.type], [0, 4]);
});

test('F7 Angular: a refresh that fails leaves the server’s own 401, and a dead server its own error', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const http = await startHttp(t, auth);
  server.expire();
  server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
  await assert.rejects(firstValueFrom(http.get(server.url('/api/a'))), (error) => {
    assert.ok(error instanceof HttpErrorResponse);
    assert.deepEqual(
      [error.status, Reflect.get(error.error as object, 'from')],
      [401, 'the server itself'],
    );
    return true;
  });
  await assert.rejects(firstValueFrom(http.get('http://127.0.0.1:1/api')), { status: 0 });
  auth.close();
  await assert.rejects(firstValueFrom(http.get(server.url('/api/a'))), (error) => {
    assert.ok(error instanceof HttpErrorResponse);
    assert.ok(error.error instanceof AuthError);
    assert.equal(error.error.code, 'closed');
    return true;
  });
});

test('F8 Angular: a unit test with HttpTestingController sees each request that is sent', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const http = provideHttpClient(withInterceptors([authInterceptor(auth)]));
  const app = await startApp(t, { providers: [http, provideHttpClientTesting()] });
  const controller = app.injector.get(HttpTestingController);
  const url = server.url('/api/a');
  const read = firstValueFrom(app.injector.get(HttpClient).get(url));
  const first = controller.expectOne(url);
  assert.equal(first.request.headers.get('Authorization'), `Bearer ${server.accessToken}`);
  first.flush(null, { status: 401, statusText: 'Unauthorized' });
  await until(() => server.refreshes.length === 1, 'the refresh');
  const again: TestRequest[] = [];
  await until(() => again.push(...controller.match(url)) > 0, 'the retry');
  const [second] = again;
  assert.ok(second);
  assert.equal(second.request.headers.get('Authorization'), `Bearer ${server.accessToken}`);
  second.flush('fresh');
  assert.equal(await read, 'fresh');
  controller.verify();
});

test('F4 Angular: who unsubscribes ends the request', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  let ended = 0;
  const http = await startHttp(t, auth, (request, next) =>
    next(request).pipe(finalize(() => ended++)),
  );
  const gate = server.hold('/api/slow');
  const slow = http.get(server.url('/api/slow')).subscribe();
  await gate.until(1);
  slow.unsubscribe();
  assert.equal(ended, 1);
  gate.open();
  // It waits for a refresh: that is for others, too, and goes on.
  server.expire();
  const refresh = server.hold('/refresh');
  const waits = http.get(server.url('/api/a')).subscribe();
  await refresh.until(1);
  waits.unsubscribe();
  refresh.open();
  assert.equal((await auth.fetchWithAuth(server.url('/api/b'))).status, 200);
  assert.deepEqual([server.refreshes.length, server.to('/api/a').length], [1, 1]);
});

test('R15 Angular: the app’s own word on an answer sees its body', async (t) => {
  const server = await startAuthServer(t);
  const refused = async (response: Response): Promise<boolean> =>
    response.status === 403 && (await response.text()).includes('token_expired');
  const { auth } = await signIn(t, server, { refused });
  const http = await startHttp(t, auth);
  const old = server.accessToken;
  server.route('/api/own', ({ headers }) =>
    headers.authorization === `Bearer ${old}`
      ? { status: 403, json: { code: 'token_expired' } }
      : { json: 'fresh' },
  );
  assert.equal(await firstValueFrom(http.get(server.url('/api/own'))), 'fresh');
  assert.equal(server.refreshes.length, 1);
});

survives('Angular', async (auth, { origin }, t) => {
  const http = await startHttp(t, auth);
  return {
    read: () => firstValueFrom(http.get(`${origin}/api/notes`)),
    write: (text) => firstValueFrom(http.post(`${origin}/api/notes`, { text })),
  };
});
