// P2, F8: without WebAssembly the core comes by and by. A client works at once all the same.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { test, type TestContext } from 'node:test';

import { type AuthServer, startAuthServer, type AuthServerOptions } from './support/auth_server.ts';
import { inRealm, packageFile, type Realm } from './support/realm.ts';
import { makeJwt } from './support/tokens.ts';

async function start(
  t: TestContext,
  options?: AuthServerOptions,
): Promise<{ server: AuthServer; realm: Realm }> {
  const server = await startAuthServer(t, options);
  server.route('/echo', ({ method, headers, body }) => ({
    json: { method, type: headers['content-type'], body: body.toString() },
  }));
  server.route('/warm', () => ({ body: 'up' }));
  return { server, realm: { wasm: false, warmUp: server.url('/warm') } };
}

test('P2 the synchronous functions say that ready() is needed, and work after it', async (t) => {
  const { realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, token) => {
      const codeOf = (call: () => unknown): string => {
        try {
          return `gave ${JSON.stringify(call())}`;
        } catch (error) {
          return error instanceof kit.AuthError ? `${error.code}: ${error.message}` : String(error);
        }
      };
      const all = (): string[] => [
        codeOf(() => kit.decodeJwt(token)),
        codeOf(() => kit.decodeProtectedHeader(token)['alg']),
        codeOf(() => kit.isExpired(token, { now: 4 })),
        codeOf(() => {
          const found = kit.inspectJwt(token);
          return found.ok ? found.claims : found.error.code;
        }),
      ];
      const before = all();
      await kit.ready();
      return { before, after: all() };
    },
    makeJwt({ exp: 5 }),
  );
  assert.deepEqual(
    seen.before.map((text) => text.replace(/: .*/, '')),
    ['core_not_ready', 'core_not_ready', 'core_not_ready', 'gave "core_not_ready"'],
  );
  assert.match(seen.before[0] ?? '', /Await ready\(\) first\.$/);
  assert.deepEqual(seen.after, ['gave {"exp":5}', 'gave "HS256"', 'gave false', 'gave {"exp":5}']);
});

test('F8 P2 calls made before the core is there wait for it, in their order', async (t) => {
  const { server, realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, { origin, tokens }) => {
      const auth = kit.createAuthClient({ refresh: `${origin}/refresh`, origins: [origin] });
      const events: string[] = [];
      auth.addEventListener('signedin', () => events.push('signedin'));
      auth.addEventListener('timeline', ({ detail }) => events.push(detail.cause));
      const engine = auth.engine;
      const set = auth.setTokens(tokens);
      const answer = auth.fetchWithAuth(`${origin}/api/a`);
      const token = auth.getAccessToken();
      const refreshed = auth.refresh();
      const before = { state: auth.state, claims: auth.claims, snapshot: auth.getSnapshot() };
      await set;
      await refreshed;
      const result = {
        engine,
        before,
        state: auth.state,
        status: (await answer).status,
        token: await token,
        again: (await auth.fetchWithAuth(`${origin}/api/b`)).status,
        ready: await auth.ready(),
        events: events.slice(0, 2).toSorted(),
      };
      auth.close();
      return result;
    },
    { origin: server.origin, tokens: server.signIn() },
  );
  assert.equal(seen.engine, 'js');
  assert.deepEqual(seen.before, {
    state: 'restoring',
    claims: null,
    snapshot: { state: 'restoring', claims: null, reason: null },
  });
  assert.equal(seen.state, 'signed-in');
  assert.equal(seen.status, 200);
  assert.match(seen.token ?? '', /^access-ada-1-/);
  assert.equal(seen.again, 200);
  assert.equal(seen.ready, 'signed-in');
  assert.deepEqual(seen.events, ['session_started', 'signedin']);
  assert.equal(server.refreshes.length, 1);
});

test('F2 F8 a call that waits for the core is sent as it was made', async (t) => {
  const { server, realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, url) => {
      const auth = kit.createAuthClient();
      const form = new URLSearchParams({ a: '1' });
      const init = { method: 'POST', body: form };
      const request = new Request(url, { method: 'PUT', body: 'of a Request' });
      const answers = [auth.fetchWithAuth(url, init), auth.fetchWithAuth(request)];
      form.set('a', '2');
      init.method = 'DELETE';
      const echoes = (await Promise.all(answers)).map((response) => response.json());
      auth.close();
      return (await Promise.all(echoes)) as unknown;
    },
    server.url('/echo'),
  );
  assert.deepEqual(seen, [
    { method: 'POST', type: 'application/x-www-form-urlencoded;charset=UTF-8', body: 'a=1' },
    { method: 'PUT', type: 'text/plain;charset=UTF-8', body: 'of a Request' },
  ]);
});

test('F4 F8 an abort ends the wait for the core, with its own reason', async (t) => {
  const { server, realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, url) => {
      const auth = kit.createAuthClient();
      const controller = new AbortController();
      const reasons: unknown[] = [];
      let settled = false;
      const other = auth.fetchWithAuth(url).then((response) => response.status);
      const call = auth
        .fetchWithAuth(url, { signal: controller.signal })
        .catch((error: unknown) => {
          reasons.push(error);
          settled = true;
        });
      controller.abort('enough');
      await Promise.resolve()
        .then(() => {})
        .then(() => {});
      const atOnce = settled;
      await call;
      await auth
        .fetchWithAuth(url, { signal: AbortSignal.abort('never') })
        .catch((error: unknown) => reasons.push(error));
      const result = { reasons, atOnce, other: await other };
      auth.close();
      return result;
    },
    server.url('/echo'),
  );
  assert.deepEqual(seen, { reasons: ['enough', 'never'], atOnce: true, other: 200 });
  assert.equal(server.to('/echo').length, 1);
});

test('F13 F4 F8 no listener stays on a signal; what is no signal is a TypeError', async (t) => {
  const { realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, url) => {
      const { default: events } = await import('node:events');
      const auth = kit.createAuthClient({
        // That of Node leaves listeners of its own behind.
        fetch: (input, init) =>
          init?.signal instanceof AbortSignal
            ? Promise.resolve(new Response(`${input as string} ${init.method ?? ''}`))
            : fetch(input, init),
      });
      const { signal } = new AbortController();
      const listeners = (): number => events.getEventListeners(signal, 'abort').length;
      const bad = auth.fetchWithAuth(url, { signal: {} as AbortSignal }).then(
        () => 'sent',
        (error: unknown) => (error as Error).name,
      );
      const calls = [1, 2, 3, 4, 5].map(() => auth.fetchWithAuth(url, { signal, method: 'PUT' }));
      const during = listeners();
      const texts = await Promise.all(calls.map(async (call) => (await call).text()));
      const left = listeners();
      const result = { during, left, texts: new Set(texts).size, bad: await bad };
      auth.close();
      return result;
    },
    'https://api.example.com/a',
  );
  assert.deepEqual(seen, { during: 5, left: 0, texts: 1, bad: 'TypeError' });
});

test('F11 F12 F8 streams, Requests and aborted signals before the core is there: as with fetch', async (t) => {
  const { server, realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, url) => {
      const auth = kit.createAuthClient();
      const later = kit.createAuthClient();
      const outcome = (call: Promise<Response>): Promise<unknown> =>
        call.then(
          ({ status }) => status,
          (error: unknown) => (error instanceof Error ? error.name : error),
        );
      const play = (send: typeof auth.fetchWithAuth): Promise<unknown[]> => {
        const reasons: unknown[] = [];
        const stream = (): RequestInit =>
          ({
            method: 'POST',
            body: new ReadableStream({ cancel: (why) => void reasons.push(why) }),
            duplex: 'half',
          }) as RequestInit;
        const signal = AbortSignal.abort('never');
        const used = new Request(url, { method: 'POST', body: 'x' });
        const aborted = new Request(url, { method: 'POST', body: 'x', signal });
        const calls = [
          send(used),
          send(used),
          send(aborted),
          send(url, { ...stream(), signal }),
          send(url, { body: 'x', signal }),
        ].map(outcome);
        const states = [used.bodyUsed, aborted.bodyUsed];
        return Promise.all(calls).then((outcomes) => [...states, ...outcomes, reasons]);
      };
      const both = [play(auth.fetchWithAuth), play((...call) => fetch(...call))];
      const cancelled: unknown[] = [];
      const controller = new AbortController();
      const waits = outcome(
        later.fetchWithAuth(url, {
          method: 'POST',
          body: new ReadableStream({ cancel: (why) => void cancelled.push(why) }),
          duplex: 'half',
          signal: controller.signal,
        } as RequestInit),
      );
      controller.abort('enough');
      const result = { both: await Promise.all(both), waits: await waits, cancelled };
      auth.close();
      later.close();
      return result;
    },
    server.url('/echo'),
  );
  const [mine, native] = seen.both;
  assert.deepEqual(mine, native);
  assert.deepEqual(native, [
    true,
    true,
    200,
    'TypeError',
    'never',
    'never',
    'TypeError',
    ['never'],
  ]);
  assert.deepEqual([seen.waits, seen.cancelled], ['enough', ['enough']]);
});

test('F8 a client that is closed before the core is there sends nothing', async (t) => {
  const { server, realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, origin) => {
      // In hybrid mode it would refresh at once.
      const auth = kit.createAuthClient({ mode: 'hybrid', refresh: `${origin}/refresh` });
      const codeOf = (error: unknown): unknown =>
        error instanceof kit.AuthError ? error.code : error;
      const calls = [
        auth.fetchWithAuth(`${origin}/api/a`),
        auth.getAccessToken(),
        auth.refresh(),
        auth.setTokens({ access_token: 'a' }),
        auth.signOut(),
        auth.ready(),
      ];
      auth.close();
      const results = await Promise.all(
        calls.map((call) => (call as Promise<unknown>).catch(codeOf)),
      );
      return [...results, await auth.fetchWithAuth(`${origin}/api/b`).catch(codeOf)];
    },
    server.origin,
  );
  const closed = 'closed';
  assert.deepEqual(seen, [closed, closed, closed, closed, undefined, 'signed-out', closed]);
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    ['/warm'],
  );
});

/** What a client leaves in its storage when somebody has signed in. */
function storedSession(t: TestContext, realm: Realm, server: AuthServer): Promise<string> {
  return inRealm(
    t,
    realm,
    async (kit, tokens) => {
      const storage = kit.memoryStorage();
      const auth = kit.createAuthClient({ storage });
      await auth.setTokens(tokens);
      auth.close();
      return String(await storage.get('bearerkit.v1'));
    },
    server.signIn(),
  );
}

test('S1 F8 a stored session is found as soon as the core is there', async (t) => {
  const { server, realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, { stored, origin }) => {
      const storage = kit.memoryStorage();
      await storage.set('bearerkit.v1', stored);
      const auth = kit.createAuthClient({ storage, origins: [origin] });
      const events: unknown[] = [];
      auth.addEventListener('signedin', ({ detail }) => events.push(detail));
      const answer = auth.fetchWithAuth(`${origin}/api/a`);
      const state = await auth.ready();
      const { status } = await answer;
      auth.close();
      return { state, status, events };
    },
    { stored: await storedSession(t, realm, server), origin: server.origin },
  );
  const events = [{ elsewhere: false, restored: true }];
  assert.deepEqual(seen, { state: 'signed-in', status: 200, events });
});

test('L1 F8 a sign-out that waits for the core ends the stored session', async (t) => {
  const { server, realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, { stored, origin }) => {
      const storage = kit.memoryStorage();
      await storage.set('bearerkit.v1', stored);
      const auth = kit.createAuthClient({ storage, signOut: `${origin}/revoke` });
      const reasons: string[] = [];
      auth.addEventListener('signedout', ({ detail }) => reasons.push(detail.reason));
      await auth.signOut();
      auth.close();
      return { reasons, stored: await storage.get('bearerkit.v1') };
    },
    { stored: await storedSession(t, realm, server), origin: server.origin },
  );
  assert.deepEqual(seen, { reasons: ['signed_out'], stored: null });
  assert.equal(server.to('/revoke').length, 1);
});

test('F8 P2 what only the core refuses is said by the calls', async (t) => {
  const { realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit) => {
      const codeOf = (error: unknown): unknown =>
        error instanceof kit.AuthError ? `${error.code}: ${error.message}` : error;
      const auth = kit.createAuthClient({ origins: ['http://api.example.com'] });
      return Promise.all([
        auth.fetchWithAuth('http://api.example.com').catch(codeOf),
        auth.ready().catch(codeOf),
      ]);
    },
    undefined,
  );
  const refusal =
    'invalid_config: origins must be https, or http on the loopback. An option cannot be used. Correct it.';
  assert.deepEqual(seen, [refusal, refusal]);
});

test('F8 P2 a JavaScript build that cannot be loaded is core_failed; the next call tries again', async (t) => {
  const { server, realm } = await start(t);
  const folder = mkdtempSync(join(tmpdir(), 'bearerkit-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const name of ['index.js', 'shared.js']) {
    copyFileSync(new URL(packageFile(name)), join(folder, name));
  }
  const seen = await inRealm(
    t,
    { ...realm, entry: pathToFileURL(join(folder, 'index.js')).href },
    async (kit, { url, from, to }) => {
      const codeOf = (error: unknown): unknown =>
        error instanceof kit.AuthError ? error.code : error;
      const auth = kit.createAuthClient();
      const failed = await Promise.all([
        kit.ready().catch(codeOf),
        auth.ready().catch(codeOf),
        auth.signOut().catch(codeOf),
        auth.fetchWithAuth(url).catch(codeOf),
      ]);
      const { copyFileSync } = await import('node:fs');
      copyFileSync(new URL(from), new URL(to));
      const { status } = await auth.fetchWithAuth(url);
      auth.close();
      return { failed, status };
    },
    {
      url: server.url('/echo'),
      from: packageFile('javascript.js'),
      to: pathToFileURL(join(folder, 'javascript.js')).href,
    },
  );
  const failed = 'core_failed';
  assert.deepEqual(seen, { failed: [failed, failed, failed, failed], status: 200 });
});

test('P2 memory that the JavaScript build leaves for a larger one is wiped', async (t) => {
  const { realm } = await start(t);
  const seen = await inRealm(
    t,
    { ...realm, entry: packageFile('javascript.js') },
    (module) => {
      const { default: core } = module as unknown as {
        readonly default: {
          readonly memory: { readonly buffer: ArrayBuffer };
          bearerkit_input(size: number): number;
        };
      };
      const { buffer } = core.memory;
      const bytes = new Uint8Array(buffer);
      bytes.set(new TextEncoder().encode('a piece of a token'), core.bearerkit_input(100));
      const before = bytes.some((byte) => byte !== 0);
      const larger = core.bearerkit_input(buffer.byteLength);
      return {
        before,
        after: bytes.some((byte) => byte !== 0),
        replaced: core.memory.buffer !== buffer,
        fits: larger > 0 && larger + buffer.byteLength <= core.memory.buffer.byteLength,
      };
    },
    undefined,
  );
  assert.deepEqual(seen, { before: true, after: false, replaced: true, fits: true });
});

test('P1 P2 node --jitless: decodes, signs in, calls, refreshes', async () => {
  // Node's own fetch ends such a process: the client is given another one.
  const source = `
    const kit = await import(${JSON.stringify(packageFile('index.js'))});
    let current = 'a';
    const auth = kit.createAuthClient({
      origins: ['https://api.example.com'],
      refresh: async () => ({ access_token: (current = 'b'), refresh_token: 'r' }),
      fetch: async (_, init) => ({
        status: init?.headers?.authorization === 'Bearer ' + current ? 200 : 401,
        headers: new Map(), redirected: false, url: '', body: null,
      }),
    });
    await auth.setTokens({ access_token: 'a', refresh_token: 'r' });
    current = 'other';
    const { status } = await auth.fetchWithAuth('https://api.example.com/');
    const claims = kit.decodeJwt(${JSON.stringify(makeJwt({ exp: 5 }))});
    console.log(JSON.stringify([typeof WebAssembly, auth.engine, status, claims]));
    auth.close();
  `;
  const args = ['--jitless', '--no-warnings', '--input-type=module', '--eval', source];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  assert.deepEqual(JSON.parse(stdout), ['undefined', 'js', 200, { exp: 5 }]);
});
