// What is known at the start (C5–C8, L6): in a page, before the core or the storage has answered, and
// on a server. A page here is a global `location`, which is what the package goes by.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test, type TestContext } from 'node:test';

import { type AuthClient, type AuthClientOptions, createAuthClient } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { Clock, startClient, type TestClient } from './support/client.ts';
import { type CookieServer, Jar, startCookieClient, startCookieServer } from './support/cookies.ts';
import { installGlobal, MapStorage, SlowStorage } from './support/storages.ts';
import { turns, until } from './support/wait.ts';

/** What scripts of a page may read as `document.cookie`. */
function openPage(t: TestContext, cookie = ''): MapStorage {
  const local = new MapStorage();
  installGlobal(t, 'location', { value: new URL('https://app.example.com/') });
  installGlobal(t, 'document', { value: { cookie, baseURI: 'https://app.example.com/' } });
  installGlobal(t, 'localStorage', {
    value: {
      getItem: (key: string) => local.get(key),
      setItem: (key: string, value: string) => local.set(key, value),
      removeItem: (key: string) => local.remove(key),
    },
  });
  return local;
}

const visit = (
  t: TestContext,
  server: CookieServer,
  jar: Jar,
  options: AuthClientOptions = {},
): TestClient => startCookieClient(t, server, jar, { mode: 'hybrid', tabs: false, ...options });

test('C5 L6 hybrid, a slow refresh and no record: restoring, and never signed out before it is answered', async (t) => {
  openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  await server.logIn(jar);
  const gate = server.hold('/refresh');
  const { auth } = visit(t, server, jar);
  const first = auth.getSnapshot();
  assert.deepEqual(first, { state: 'restoring', claims: null, reason: null });
  assert.equal(auth.getSnapshot(), first);
  const seen: string[] = [];
  auth.subscribe(() => seen.push(auth.getSnapshot().state));
  let ready = '';
  void auth.ready().then((state) => (ready = state));
  await gate.until(1);
  await turns();
  assert.deepEqual([auth.state, ready, seen.length], ['restoring', '', 0]);
  gate.open();
  await until(() => ready !== '', 'ready');
  await turns();
  assert.equal(ready, 'signed-in');
  assert.deepEqual([...new Set(seen)], ['signed-in']);
});

test('C5 L6 it ends as signed out: no event is due, and subscribers are told', async (t) => {
  openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  const { auth, events } = visit(t, server, new Jar());
  const seen: string[] = [];
  auth.subscribe(() => seen.push(auth.state));
  assert.equal(await auth.ready(), 'signed-out');
  await until(() => seen.length > 0, 'told');
  await turns();
  assert.deepEqual(seen, ['signed-out']);
  assert.deepEqual(events.all, []);
  assert.deepEqual(auth.getSnapshot(), { state: 'signed-out', claims: null, reason: null });
});

test('C5 hybrid with a record: signed in at once, offline and while the endpoint answers 503', async (t) => {
  const storage = openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const first = visit(t, server, jar);
  await first.auth.ready();
  await first.auth.setTokens(await server.logIn(jar));
  first.auth.close();
  assert.equal(storage.map.size, 1, 'hybrid mode keeps its record in localStorage');

  const offline = visit(t, server, jar, { fetch: () => Promise.reject(new TypeError('offline')) });
  assert.equal(offline.auth.state, 'signed-in');
  assert.equal(await offline.auth.ready(), 'signed-in');
  assert.equal(offline.auth.claims, null);
  await offline.events.until('refreshfailed');
  assert.equal(offline.auth.state, 'signed-in');
  await assert.rejects(offline.auth.fetchWithAuth(server.url('/api/a')), /offline/);
  await assert.rejects(offline.auth.getAccessToken(), { code: 'refresh_failed' });
  assert.deepEqual(offline.events.reasons, []);
  offline.auth.close();

  server.refreshAnswers.push(() => ({ status: 503 }));
  const { auth, events } = visit(t, server, jar);
  assert.equal(await auth.ready(), 'signed-in');
  await events.until('refreshed');
  assert.deepEqual(events.of('signedin'), [{ elsewhere: false, restored: true }]);
  assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 200);
});

test('C5 L3 hybrid with a record whose cookie is gone: signed in, then signed out with a reason', async (t) => {
  openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const first = visit(t, server, jar);
  await first.auth.setTokens(await server.logIn(jar));
  first.auth.close();
  const { auth, events } = visit(t, server, new Jar());
  assert.equal(auth.state, 'signed-in');
  await events.until('signedout');
  assert.deepEqual(events.reasons, ['refresh_rejected']);
  assert.deepEqual(auth.getSnapshot(), {
    state: 'signed-out',
    claims: null,
    reason: 'refresh_rejected',
  });
});

test('C5 L6 an asynchronous storage: restoring until it has answered, in every mode', async (t) => {
  openPage(t);
  const server = await startCookieServer(t, 'cookie');
  for (const mode of ['bearer', 'cookie'] as const) {
    const { auth } = visit(t, server, new Jar(), { mode, storage: new SlowStorage() });
    assert.equal(auth.state, 'restoring');
    const seen: string[] = [];
    auth.subscribe(() => seen.push(auth.state));
    assert.equal(await auth.ready(), 'signed-out');
    await until(() => seen.length === 1, 'told');
    assert.deepEqual(seen, ['signed-out']);
  }
});

test('C5 a closed client is signed out, whatever it waited for', async (t) => {
  openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  server.hold('/refresh');
  const { auth } = visit(t, server, new Jar());
  auth.close();
  assert.equal(auth.state, 'signed-out');
});

test('L6 the snapshot says why the last session ended, also after the next sign-in', async (t) => {
  const server = await startAuthServer(t);
  const { auth } = startClient(t, server);
  assert.equal(auth.getSnapshot().reason, null);
  await auth.setTokens(server.signIn());
  assert.equal(auth.getSnapshot().reason, null);
  server.refreshAnswers.push(() => ({ status: 400, json: { error: 'invalid_grant' } }));
  await assert.rejects(auth.refresh());
  assert.equal(auth.getSnapshot().reason, 'refresh_rejected');
  await auth.setTokens(server.signIn());
  const { state, reason } = auth.getSnapshot();
  assert.deepEqual([state, reason], ['signed-in', 'refresh_rejected']);
});

// ---- C7: the server's no --------------------------------------------------------------------

test('C7 an anonymous visitor: five loads and their calls cost one refused refresh', async (t) => {
  openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  for (let load = 0; load < 5; load++) {
    const { auth, events } = visit(t, server, new Jar());
    assert.equal(await auth.ready(), 'signed-out');
    assert.equal((await auth.fetchWithAuth(server.url('/api/a'))).status, 401);
    assert.deepEqual(events.all, []);
    auth.close();
  }
  assert.equal(server.to('/refresh').length, 1);
});

test('C7 a day later the server is asked again; a sign-in replaces its no at once', async (t) => {
  const storage = openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const clock = new Clock();
  const load = async (): Promise<AuthClient> => {
    const { auth } = visit(t, server, jar, { clock });
    await auth.ready();
    return auth;
  };
  (await load()).close();
  assert.doesNotMatch(storage.record ?? '', /refresh-|access-/);
  clock.advance(24 * 3600 - 60);
  (await load()).close();
  assert.equal(server.to('/refresh').length, 1);
  clock.advance(120);
  const auth = await load();
  assert.equal(server.to('/refresh').length, 2);
  await auth.setTokens(await server.logIn(jar));
  auth.close();
  assert.equal((await load()).state, 'signed-in');
});

test('C7 after a sign-in by redirect refresh() asks all the same', async (t) => {
  openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const before = visit(t, server, jar);
  assert.equal(await before.auth.ready(), 'signed-out');
  before.auth.close();
  await server.logIn(jar);
  const { auth } = visit(t, server, jar);
  assert.equal(auth.state, 'signed-out');
  const seen: string[] = [];
  auth.subscribe(() => seen.push(auth.state));
  await auth.refresh();
  await turns();
  assert.equal(auth.state, 'signed-in');
  assert.deepEqual([...new Set(seen)].slice(-1), ['signed-in']);
});

test('C7 refresh() asks again in the page that heard the no: a popup has signed in', async (t) => {
  openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const { auth } = visit(t, server, jar);
  assert.equal(await auth.ready(), 'signed-out');
  await assert.rejects(auth.refresh(), { code: 'refresh_rejected' });
  await server.logIn(jar);
  await auth.refresh();
  assert.equal(auth.state, 'signed-in');
});

const LOST: Record<string, (server: CookieServer) => AuthClientOptions> = {
  'no answer came': (server) => {
    server.route('/logout', () => ({ fault: 'reset' }));
    return {};
  },
  'the server answered 503': (server) => {
    server.route('/logout', () => ({ status: 503 }));
    return {};
  },
  'the app’s function threw': () => ({ signOut: () => Promise.reject(new Error('offline')) }),
  'the app’s function gave a 503': () => ({
    signOut: () => Promise.resolve(new Response(null, { status: 503 })),
  }),
};

for (const [how, lose] of Object.entries(LOST)) {
  test(`C7 a sign-out that the server did not hear of lasts all the same: ${how}`, async (t) => {
    openPage(t);
    const server = await startCookieServer(t, 'hybrid');
    const jar = new Jar();
    const options = lose(server);
    const { auth } = visit(t, server, jar, options);
    await auth.ready();
    await auth.setTokens(await server.logIn(jar));
    await auth.signOut();
    auth.close();
    const before = server.to('/refresh').length;
    const next = visit(t, server, jar, options);
    assert.equal(await next.auth.ready(), 'signed-out', 'the cookie is still good');
    assert.equal(server.to('/refresh').length, before);
    await next.auth.setTokens(await server.logIn(jar));
    next.auth.close();
    assert.equal(visit(t, server, jar, options).auth.state, 'signed-in');
  });
}

test('C7 a sign-out that the server heard of leaves nothing: the next load asks it', async (t) => {
  const storage = openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const { auth } = visit(t, server, jar);
  await auth.ready();
  await auth.setTokens(await server.logIn(jar));
  await auth.signOut();
  assert.equal(storage.record, undefined);
  auth.close();
  const before = server.to('/refresh').length;
  assert.equal(await visit(t, server, jar).auth.ready(), 'signed-out');
  assert.equal(server.to('/refresh').length, before + 1);
});

test('C7 a lost sign-out is stored before signOut() resolves, also in an asynchronous storage', async (t) => {
  openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  server.route('/logout', () => ({ status: 503 }));
  const jar = new Jar();
  const storage = new SlowStorage();
  const { auth } = visit(t, server, jar, { storage });
  await auth.ready();
  await auth.setTokens(await server.logIn(jar));
  await auth.signOut();
  assert.match(storage.record ?? '', /"generation":0/);
});

test('C7 X3 a tab that knows of the no follows another tab’s sign-in', async (t) => {
  openPage(t);
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  const options = { tabs: true, name: `no-${process.pid}` };
  const first = visit(t, server, jar, options);
  assert.equal(await first.auth.ready(), 'signed-out');
  const second = visit(t, server, jar, options);
  assert.equal(second.auth.state, 'signed-out');
  await first.auth.setTokens(await server.logIn(jar));
  await second.events.until('signedin');
  assert.equal(second.auth.state, 'signed-in');
});

// ---- C8: presume ----------------------------------------------------------------------------

test('C8 presume: false asks nothing; a cookie’s name or a function decides', async (t) => {
  openPage(t, 'other=1; signed_in=yes');
  const server = await startCookieServer(t, 'hybrid');
  const asks = async (presume: AuthClientOptions['presume']): Promise<boolean> => {
    const before = server.to('/refresh').length;
    const { auth } = visit(t, server, new Jar(), {
      storage: new MapStorage(),
      ...(presume === undefined ? {} : { presume }),
    });
    assert.equal(await auth.ready(), 'signed-out');
    return server.to('/refresh').length > before;
  };
  assert.equal(await asks(undefined), true);
  assert.equal(await asks(false), false);
  assert.equal(await asks('signed_in'), true);
  assert.equal(await asks('signed'), false);
  assert.equal(await asks(() => true), true);
  assert.equal(await asks(() => false), false);
});

for (const [what, presume] of Object.entries({
  throws: () => {
    throw new Error('mine');
  },
  'gives a promise': () => Promise.resolve(true) as unknown as boolean,
})) {
  test(`C8 R13 a function that ${what} presumes nothing, and says so`, async (t) => {
    openPage(t);
    const server = await startCookieServer(t, 'hybrid');
    const { auth, events } = visit(t, server, new Jar(), { presume });
    assert.equal(await auth.ready(), 'signed-out');
    await events.until('warning');
    assert.deepEqual(events.of('warning'), [{ code: 'platform_failed' }]);
    assert.equal(server.requests.length, 0);
  });
}

test('C8 H1 a bad value is refused by its name', () => {
  for (const presume of [true, '', 1, null, {}]) {
    assert.throws(() => createAuthClient({ mode: 'hybrid', presume } as never), {
      code: 'invalid_config',
      message: /presume/,
    });
  }
});

// ---- C6: on a server ------------------------------------------------------------------------

for (const mode of ['hybrid', 'cookie'] as const) {
  test(`C6 on a server a client of ${mode} mode asks nothing, warns of nothing and keeps no process alive`, () => {
    const script = `
      const fetched = [];
      globalThis.fetch = (url) => { fetched.push(url); return Promise.reject(new TypeError()); };
      const { createAuthClient } = await import('bearerkit');
      const auth = createAuthClient({ mode: '${mode}', refresh: 'https://api.example.com/refresh' });
      auth.addEventListener('warning', (event) => fetched.push(event.detail.code));
      const { state } = auth.getSnapshot();
      await new Promise((resolve) => setImmediate(resolve));
      console.log(JSON.stringify([state, await auth.ready(), fetched]));`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', script],
      { encoding: 'utf8', timeout: 300_000 },
    );
    assert.equal(stderr, '');
    assert.equal(stdout.trim(), '["signed-out","signed-out",[]]');
    assert.equal(status, 0);
  });
}
