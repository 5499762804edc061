// bearerkit/react under React itself: in a document, on a server, and from one to the other.
import './support/one_copy.ts';
import { makeElement } from './support/dom.ts';

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type AuthClient, type AuthState, createAuthClient, type JwtPayload } from 'bearerkit';
import { createTestAuth } from 'bearerkit/testing';
import * as React from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';

import { type AuthServer, startAuthServer } from '../js/support/auth_server.ts';
import { signIn, startClient } from '../js/support/client.ts';
import { installGlobal } from '../js/support/storages.ts';
import { until } from '../js/support/wait.ts';
import { assertNothingIsGuessed, reloadSlowly } from './support/slow_start.ts';
import { countSubscribers } from './support/subscribers.ts';

const { AuthGuard, useAuth } = await import('bearerkit/react');
// Node's compiler of these tests takes JSX for calls of this.
Object.assign(globalThis, { React });
const { createElement, StrictMode } = React;
const { App } = await import('./code/react.tsx');

// It compiles: an interface has no index signature, and is taken all the same.
interface OwnClaims {
  sub: string;
}
const guardOf = (auth: AuthClient<OwnClaims>): React.ReactElement =>
  createElement(AuthGuard, { auth });

let renders = 0;

// A guard as in an app: nothing is shown while it is not known who is there (C5).
const greetings: Record<AuthState, (claims: JwtPayload | null) => string> = {
  restoring: () => '',
  'signed-in': (claims) => (claims ? `Hello ${claims.sub}` : 'Hello'),
  'signed-out': () => 'Sign in',
};

function Greeting({ auth }: { auth: AuthClient }): React.ReactElement {
  renders++;
  const { state, claims } = useAuth(auth);
  return createElement('p', null, greetings[state](claims));
}

const start = (t: Parameters<typeof startAuthServer>[0]): Promise<AuthServer> =>
  startAuthServer(t, { claims: () => ({ sub: 'ada' }) });

test('L3 React: follows sign-in and sign-out, and renders for nothing else', async (t) => {
  const world = createTestAuth();
  t.after(world.close);
  const { auth } = world;
  const element = makeElement();
  const root = createRoot(element);
  t.after(() => root.unmount());
  root.render(createElement(Greeting, { auth }));
  const shows = (text: string): Promise<void> =>
    until(() => element.textContent === text, `"${text}" for "${element.textContent}"`);
  await shows('Sign in');
  await world.signedIn({ claims: { sub: 'ada' } });
  await shows('Hello ada');
  const before = renders;
  for (let i = 0; i < 3; i++) await auth.fetchWithAuth('/a');
  assert.equal(renders, before);
  await auth.signOut();
  await shows('Sign in');
});

test('L3 React: after it is unmounted nothing is subscribed', async (t) => {
  const server = await start(t);
  const { auth } = await signIn(t, server);
  const subscribers = countSubscribers(t, auth);
  const element = makeElement();
  const root = createRoot(element);
  root.render(createElement(Greeting, { auth }));
  await until(() => subscribers() === 1, 'subscribed');
  root.unmount();
  await until(() => subscribers() === 0, 'unsubscribed');
});

test('P1 C5 React: a server renders nobody; hydration begins there and follows without a mismatch', async (t) => {
  const server = await start(t);
  const { auth } = await signIn(t, server);
  // Whatever client there is: what a server sends is everybody's.
  const html = renderToString(createElement(Greeting, { auth }));
  assert.equal(html, '<p></p>');
  const element = makeElement(html);
  const paragraph = element.querySelector('p');
  const errors: unknown[] = [];
  const root = hydrateRoot(element, createElement(Greeting, { auth }), {
    onRecoverableError: (error) => errors.push(error),
  });
  t.after(() => root.unmount());
  await until(() => element.textContent === 'Hello ada', 'hydrated');
  assert.deepEqual(errors, []);
  assert.equal(element.querySelector('p'), paragraph, 'the element of the server is still there');
});

for (const signedIn of [true, false]) {
  test(`C5 React: hybrid reload with a slow refresh: nothing, then ${signedIn ? 'the page' : 'the form'}`, async (t) => {
    const { auth, gate } = await reloadSlowly(t, signedIn);
    const element = makeElement();
    const root = createRoot(element);
    t.after(() => root.unmount());
    const seen: string[] = [];
    const Guard = (): React.ReactElement => {
      const { state } = useAuth(auth);
      seen.push(state);
      return createElement('p', null, greetings[state](null));
    };
    root.render(createElement(Guard));
    await assertNothingIsGuessed(seen, gate, signedIn);
  });
}

test('C5 React: the guard shows nothing, then the form or the page, and in strict mode, too', async (t) => {
  const world = createTestAuth();
  t.after(world.close);
  const { auth } = world;
  const subscribers = countSubscribers(t, auth);
  const element = makeElement();
  const root = createRoot(element);
  const guarded = createElement(AuthGuard, {
    auth,
    restoring: 'wait',
    signedOut: createElement('form', null, 'Sign in'),
    children: createElement('main', null, 'The page'),
  });
  assert.equal(renderToString(guarded), 'wait');
  assert.equal(renderToString(guardOf(createAuthClient<OwnClaims>())), '');
  root.render(createElement(StrictMode, null, guarded));
  const shows = (text: string): Promise<void> => until(() => element.textContent === text, text);
  await shows('Sign in');
  await until(() => subscribers() === 1, 'strict mode subscribes twice, and takes one back');
  await world.signedIn({ claims: { sub: 'ada' } });
  await shows('The page');
  assert.equal(element.querySelector('form'), null);
  await auth.signOut();
  await shows('Sign in');
  root.unmount();
  await until(() => subscribers() === 0, 'unsubscribed');
});

test('C5 React, the recipe: says what is wrong with a password, signs in, and out', async (t) => {
  const server = await startAuthServer(t, { claims: () => ({ sub: 'ada' }) });
  const { auth } = startClient(t, server);
  const element = makeElement();
  const root = createRoot(element);
  t.after(() => root.unmount());
  // The document's, not Node's: it is made of a form.
  installGlobal(t, 'FormData', { value: Reflect.get(window, 'FormData') });
  const passwords = ['wrong', 'right'];
  t.mock.method(globalThis, 'fetch', async () =>
    passwords.shift() === 'right'
      ? Response.json(server.signIn())
      : Response.json({}, { status: 401 }),
  );
  root.render(createElement(App, { auth }));
  const shows = (pattern: RegExp): Promise<void> =>
    until(() => pattern.test(element.textContent), String(pattern));
  await shows(/Sign in/);
  const press = (): void => {
    for (const [name, value] of Object.entries({ email: 'ada@example.com', password: 'x' })) {
      const input = element.querySelector<HTMLInputElement>(`[name=${name}]`);
      if (input !== null) input.value = value;
    }
    element.querySelector('form')?.requestSubmit();
  };
  press();
  await shows(/password is wrong/);
  press();
  await shows(/Hello ada/);
  element.querySelector('button')?.click();
  await shows(/Sign in/);
});
