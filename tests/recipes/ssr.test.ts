// On a server, where there is no document: what a framework renders there with the recipes, and that
// a client made in a module, as an app has it, does no harm.
import './support/one_copy.ts';

import '@angular/compiler';

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Component, provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { provideServerRendering, renderApplication } from '@angular/platform-server';
import { createAuthClient, webStorage } from 'bearerkit';
import * as angular from 'bearerkit/angular';
import { createElement, type ReactElement } from 'react';
import { renderToString as renderReact } from 'react-dom/server';
import { get } from 'svelte/store';
import { createSSRApp, defineComponent, h } from 'vue';
import { renderToString as renderVue } from 'vue/server-renderer';

import { startAuthServer } from '../js/support/auth_server.ts';
import { signIn } from '../js/support/client.ts';
import { turns } from '../js/support/wait.ts';
import { countSubscribers } from './support/subscribers.ts';

const react = await import('bearerkit/react');
const vue = await import('bearerkit/vue');
const svelte = await import('bearerkit/svelte');

test('P1 C5 C9 a client as in an app, made on a server: it is signed out, and what is rendered knows nobody', async (t) => {
  assert.equal(typeof document, 'undefined');
  const auth = createAuthClient({ refresh: '/refresh', storage: webStorage('local') });
  t.after(() => auth.close());
  const Greeting = (): ReactElement => createElement('p', null, react.useAuth(auth).state);
  assert.equal(renderReact(createElement(Greeting)), '<p>restoring</p>');
  const app = createSSRApp(
    defineComponent(() => {
      const session = vue.useAuth(auth);
      return () => h('p', session.value.state);
    }),
  );
  assert.equal(await renderVue(app), '<p>restoring</p>');
  const session = svelte.authStore(auth);
  assert.equal(get(session).state, 'restoring');
  assert.equal(await auth.ready(), 'signed-out');
  assert.equal(get(session).state, 'restoring');
});

test('P1 C9 React, Vue and Svelte: not even a client that is signed in shows in what a server renders', async (t) => {
  const server = await startAuthServer(t, { claims: () => ({ sub: 'ada' }) });
  const { auth } = await signIn(t, server);
  const subscribers = countSubscribers(t, auth);
  const Greeting = (): ReactElement => createElement('p', null, react.useAuth(auth).claims?.sub);
  assert.equal(renderReact(createElement(Greeting)), '<p></p>');
  const app = createSSRApp(
    defineComponent(() => {
      const session = vue.useAuth(auth);
      return () => h('p', session.value.claims?.sub);
    }),
  );
  assert.equal(await renderVue(app), '<p></p>');
  // As in a module, for all requests, also those whose rendering takes its time.
  const seen: string[] = [];
  const unsubscribe = svelte.authStore(auth).subscribe(({ state }) => seen.push(state));
  await turns();
  unsubscribe();
  assert.deepEqual(seen, ['restoring']);
  assert.equal(subscribers(), 0);
});

test('P1 Angular: a server renders nobody, whoever is signed in, and subscribes to nothing', async (t) => {
  const server = await startAuthServer(t, { claims: () => ({ sub: 'ada' }) });
  const { auth } = await signIn(t, server);
  const subscribers = countSubscribers(t, auth);
  class Greeting {
    readonly session = angular.injectAuth(auth);
  }
  const template = '<p>{{ session().state }} {{ session().claims?.sub }}</p>';
  const component = Component({ selector: 'app-root', template })(Greeting);
  const providers = [provideZonelessChangeDetection(), provideServerRendering()];
  const html = await renderApplication(
    (context) => bootstrapApplication(component, { providers }, context),
    { document: '<app-root></app-root>', url: '/' },
  );
  assert.match(html, /<p>restoring <\/p>/);
  assert.equal(subscribers(), 0);
});
