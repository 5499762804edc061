// X5: listeners and callbacks of the app may do anything: throw, call back, never come to an end.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  type AuthClient,
  type AuthEventType,
  createAuthClient,
  type CsrfFunction,
  type RefreshFunction,
  type SignOutFunction,
} from 'bearerkit';

import { type AuthServer, startAuthServer } from './support/auth_server.ts';
import { Events, signIn, type TestClient } from './support/client.ts';
import { FaultyStorage } from './support/storages.ts';
import { settled, turns, until } from './support/wait.ts';

test('X5 a listener that throws harms neither the client nor the other listeners', async (t) => {
  const reported = t.mock.method(console, 'error', () => undefined);
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const types: AuthEventType[] = [
    'signedin',
    'signedout',
    'refreshed',
    'refreshfailed',
    'timeline',
  ];
  for (const type of types) {
    auth.addEventListener(type, () => {
      throw new Error('mine');
    });
    auth.addEventListener(type, { handleEvent: () => assert.fail('mine, too') });
  }
  auth.subscribe(() => {
    throw new Error('a subscriber');
  });
  const events = new Events(auth);
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  await auth.signOut();
  await auth.setTokens(server.signIn());
  await turns(1);
  assert.deepEqual(
    events.all.map(({ type }) => type),
    ['refreshed', 'signedout', 'signedin'],
  );
  assert.ok(reported.mock.callCount() > 0, 'told to the app like any uncaught error');
});

test('X5 a listener that calls back into the client, or never comes to an end, harms nothing', async (t) => {
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  const answers: Promise<unknown>[] = [];
  const never = (): unknown => new Promise(() => {});
  auth.addEventListener('refreshed', never);
  auth.addEventListener('refreshed', () => {
    answers.push(auth.fetchWithAuth(server.url('/api/nested')).then(({ status }) => status));
    answers.push(auth.getAccessToken());
    if (events.count('refreshed') === 1) answers.push(auth.refresh());
    else answers.push(auth.signOut());
  });
  server.expire();
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
  await until(() => events.reasons.length === 1, 'signed out by the listener');
  await settled(Promise.all(answers.splice(0)), 'the nested calls');
  await auth.setTokens(server.signIn());
  auth.addEventListener('refreshed', () => auth.close());
  await settled(auth.refresh(), 'refresh()');
  await turns(1);
  assert.equal(auth.state, 'signed-out', 'closed');
  await settled(Promise.allSettled(answers), 'what the listeners called');
});

/** A client whose every event can be brought about. */
interface Stage extends TestClient {
  server: AuthServer;
  storage: FaultyStorage;
}

const PROVOKE: Record<AuthEventType, (stage: Stage) => Promise<unknown>> = {
  signedin: ({ auth, server }) => auth.setTokens(server.signIn()),
  signedout: ({ auth }) => auth.signOut(),
  refreshed: ({ auth, server }) => {
    server.expire();
    return auth.fetchWithAuth(server.url('/api/a'));
  },
  refreshfailed: ({ auth, server }) => {
    server.refreshAnswers.push(() => ({ status: 503 }));
    return auth.refresh();
  },
  warning: ({ auth, storage }) => {
    storage.broken = ['set'];
    return auth.refresh();
  },
  challenge: ({ auth, server }) => {
    const challenge = 'Bearer error="insufficient_user_authentication"';
    server.route('/api/pay', () => ({ status: 401, headers: { 'WWW-Authenticate': challenge } }));
    return auth.fetchWithAuth(server.url('/api/pay'));
  },
  timeline: ({ auth, server }) => auth.fetchWithAuth(server.url('/api/a')),
};

const ACTIONS: Record<string, (auth: AuthClient, server: AuthServer) => unknown> = {
  signOut: (auth) => auth.signOut(),
  setTokens: (auth, server) => auth.setTokens(server.signIn('oauth', 'grace')),
  fetchWithAuth: (auth, server) => auth.fetchWithAuth(server.url('/api/nested')),
  refresh: (auth) => auth.refresh(),
  getAccessToken: (auth) => auth.getAccessToken(),
  close: (auth) => auth.close(),
};

for (const [action, act] of Object.entries(ACTIONS)) {
  test(`X5 ${action}() from within each event: all settles, and the client works on`, async (t) => {
    const server = await startAuthServer(t);
    for (const type of Object.keys(PROVOKE) as AuthEventType[]) {
      const storage = new FaultyStorage('throws');
      const stage: Stage = { ...(await signIn(t, server, { storage })), server, storage };
      const { auth } = stage;
      const nested: unknown[] = [];
      let outside = false;
      const once = { once: true };
      auth.addEventListener(
        type,
        () => {
          assert.ok(outside, 'not from within a call');
          nested.push(act(auth, server));
        },
        once,
      );
      const provoked = PROVOKE[type](stage);
      outside = true;
      await settled(Promise.allSettled([provoked]), `${type}: what brought it about`);
      await until(() => nested.length === 1, type);
      await settled(Promise.allSettled(nested), `${type}: what the listener called`);
      if (action === 'close') {
        await assert.rejects(auth.fetchWithAuth(server.url('/api/a')), { code: 'closed' }, type);
        continue;
      }
      await settled(auth.setTokens(server.signIn()), `${type}: setTokens`);
      server.expire();
      const response = await settled(auth.fetchWithAuth(server.url('/api/b')), `${type}: a call`);
      assert.equal(response.status, 200, type);
      auth.close();
    }
  });
}

test('X5 subscribers that throw or call back into the client harm nothing', async (t) => {
  const reported = t.mock.method(console, 'error', () => undefined);
  const server = await startAuthServer(t);
  const { auth, events } = await signIn(t, server);
  await turns(1);
  const nested: Promise<unknown>[] = [];
  let calls = 0;
  auth.subscribe(() => {
    calls++;
    if (calls === 1) nested.push(auth.fetchWithAuth(server.url('/api/nested')), auth.refresh());
    if (calls === 2) nested.push(auth.signOut());
    throw new Error('mine');
  });
  let others = 0;
  auth.subscribe(() => others++);
  await auth.refresh();
  await until(() => events.count('signedout') === 1, 'signed out by the subscriber');
  await settled(Promise.allSettled(nested), 'what it called');
  await turns(1);
  assert.ok(calls >= 2);
  assert.equal(others, calls, 'nobody is left out');
  assert.equal(reported.mock.callCount(), calls);
});

test('X5 a listener that was taken off is called no more: removed, heard once, its signal aborted', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = await signIn(t, server);
  const calls = { removed: 0, once: 0, signal: 0, kept: 0 };
  const removed = (): void => {
    calls.removed++;
  };
  const controller = new AbortController();
  auth.addEventListener('refreshed', removed);
  auth.addEventListener('refreshed', () => calls.once++, { once: true });
  auth.addEventListener('refreshed', () => calls.signal++, { signal: controller.signal });
  auth.addEventListener('refreshed', () => calls.kept++);
  await auth.refresh();
  await turns(1);
  auth.removeEventListener('refreshed', removed);
  controller.abort();
  await auth.refresh();
  await turns(1);
  assert.deepEqual(calls, { removed: 1, once: 1, signal: 1, kept: 2 });
});

// What an app's own function may do instead of giving a promise of what it should.
const MISDEEDS: Record<string, () => unknown> = {
  'throws at once': () => {
    throw new Error('mine');
  },
  rejects: () => Promise.reject(new Error('mine')),
  'gives no promise': () => undefined,
  'gives null': () => null,
  'never comes to an end': () => new Promise(() => {}),
};

for (const [what, misdeed] of Object.entries(MISDEEDS)) {
  test(`X5 a refresh function that ${what}: calls settle, the session is kept`, async (t) => {
    const server = await startAuthServer(t);
    const refresh = misdeed as RefreshFunction;
    const { auth, events } = await signIn(t, server, { refresh, refreshTimeout: 100 });
    server.expire();
    const calls = [1, 2, 3].map((i) => auth.fetchWithAuth(server.url(`/api/${i}`)));
    for (const call of calls) assert.equal((await settled(call, 'a call')).status, 401);
    await assert.rejects(settled(auth.refresh(), 'refresh()'), { code: 'refresh_failed' });
    assert.equal(auth.state, 'signed-in');
    assert.deepEqual(events.reasons, []);
  });

  test(`X5 a signOut function that ${what}: signed out all the same`, async (t) => {
    const server = await startAuthServer(t);
    const signOut = misdeed as SignOutFunction;
    const { auth, events } = await signIn(t, server, { signOut, refreshTimeout: 100 });
    await settled(auth.signOut(), 'signOut()');
    assert.equal(auth.state, 'signed-out');
    assert.deepEqual(events.reasons, ['signed_out']);
  });

  test(`X5 F4 a csrf function that ${what}: the call settles, at the latest when it is aborted`, async (t) => {
    const server = await startAuthServer(t);
    const auth = createAuthClient({
      mode: 'cookie',
      storage: new FaultyStorage('throws'),
      refresh: server.url('/refresh'),
      refreshTimeout: 100,
      origins: [server.origin],
      csrf: misdeed as CsrfFunction,
    });
    t.after(() => auth.close());
    await auth.setTokens({});
    server.route('/api/', ({ method }) => ({ status: method === 'GET' ? 401 : 200 }));
    const call = auth.fetchWithAuth(server.url('/api/a'), {
      method: 'POST',
      signal: AbortSignal.timeout(300),
    });
    const [outcome] = await settled(Promise.allSettled([call]), 'an unsafe call');
    if (what === 'never comes to an end') {
      assert.equal(outcome.status, 'rejected');
      assert.equal((outcome.reason as Error).name, 'TimeoutError');
    }
    // And the refresh, which carries the header as well.
    const response = await settled(auth.fetchWithAuth(server.url('/api/b')), 'a safe call');
    assert.equal(response.status, 401);
    assert.equal(auth.state, 'signed-in');
  });
}
