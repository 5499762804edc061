// bearerkit/vue under Vue itself: in a document, on a server, and from one to the other.
import './support/one_copy.ts';
import { makeElement } from './support/dom.ts';

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { AuthClient } from 'bearerkit';
import { createTestAuth } from 'bearerkit/testing';
import { type Component, createApp, createSSRApp, defineComponent, h } from 'vue';
import { renderToString } from 'vue/server-renderer';

import { type AuthServer, startAuthServer } from '../js/support/auth_server.ts';
import { signIn } from '../js/support/client.ts';
import { until } from '../js/support/wait.ts';
import { assertNothingIsGuessed, reloadSlowly } from './support/slow_start.ts';
import { countSubscribers } from './support/subscribers.ts';

const { requireAuth, useAuth } = await import('bearerkit/vue');

const greeting = (auth: AuthClient): Component =>
  defineComponent(() => {
    const session = useAuth(auth);
    return () => {
      const { state, claims } = session.value;
      if (state === 'restoring') return h('p'); // C5: not known yet
      return h('p', state === 'signed-in' ? `Hello ${claims?.sub}` : 'Sign in');
    };
  });

const start = (t: Parameters<typeof startAuthServer>[0]): Promise<AuthServer> =>
  startAuthServer(t, { claims: () => ({ sub: 'ada' }) });

test('L3 Vue: follows sign-in and sign-out, until it is unmounted', async (t) => {
  const world = createTestAuth();
  t.after(world.close);
  const { auth } = world;
  const subscribers = countSubscribers(t, auth);
  const element = makeElement();
  const app = createApp(greeting(auth));
  app.mount(element);
  const shows = (text: string): Promise<void> =>
    until(() => element.textContent === text, `"${text}" for "${element.textContent}"`);
  await shows('Sign in');
  await world.signedIn({ claims: { sub: 'ada' } });
  await shows('Hello ada');
  await auth.signOut();
  await shows('Sign in');
  assert.equal(subscribers(), 1);
  app.unmount();
  assert.equal(subscribers(), 0);
});

test('P1 C5 Vue: a server renders nobody and subscribes to nothing; hydration follows without a mismatch', async (t) => {
  const warned = t.mock.method(console, 'warn', () => undefined);
  const failed = t.mock.method(console, 'error', () => undefined);
  const server = await start(t);
  const { auth } = await signIn(t, server);
  const subscribers = countSubscribers(t, auth);
  const html = await renderToString(createSSRApp(greeting(auth)));
  assert.equal(html, '<p></p>');
  assert.equal(subscribers(), 0);

  const element = makeElement(html);
  const paragraph = element.querySelector('p');
  const app = createSSRApp(greeting(auth));
  app.mount(element);
  t.after(() => app.unmount());
  await until(() => element.textContent === 'Hello ada', 'hydrated');
  assert.equal(element.querySelector('p'), paragraph, 'the element of the server is still there');
  assert.deepEqual([warned.mock.callCount(), failed.mock.callCount()], [0, 0]);
});

for (const signedIn of [true, false]) {
  test(`C5 Vue: hybrid reload with a slow refresh: nothing, then ${signedIn ? 'the page' : 'the form'}`, async (t) => {
    const { auth, gate } = await reloadSlowly(t, signedIn);
    const element = makeElement();
    const seen: string[] = [];
    const app = createApp(
      defineComponent(() => {
        const session = useAuth(auth);
        return () => {
          seen.push(session.value.state);
          return h('p', session.value.state);
        };
      }),
    );
    app.mount(element);
    t.after(() => app.unmount());
    await assertNothingIsGuessed(seen, gate, signedIn);
  });
}

test('C5 Vue: the guard of a route waits until it is known who is there', async (t) => {
  const { auth, gate } = await reloadSlowly(t, true);
  const seen: unknown[] = [];
  const guarded = requireAuth(auth, '/sign-in')().then((answer) => seen.push(answer));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(seen, []);
  gate.open();
  await guarded;
  assert.deepEqual(seen, [true]);
  await auth.signOut();
  assert.equal(await requireAuth(auth, '/sign-in')(), '/sign-in');
});
