// P1, P2: the JavaScript build, where there is no WebAssembly.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'node:test';

import { inRealm, packageFile, startWithoutWasm } from './support/realm.ts';
import { makeJwt } from './support/tokens.ts';

test('F8 P2 a JavaScript build that cannot be loaded is core_failed; the next call tries again', async (t) => {
  const { server, realm } = await startWithoutWasm(t);
  const folder = mkdtempSync(join(tmpdir(), 'bearerkit-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const name of ['index.js', 'shared.js', 'tokens.js', 'beside.js']) {
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

test('P2 the app may say how to load the JavaScript build, also just after a client was made', async (t) => {
  const { server, realm } = await startWithoutWasm(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit, { url, from }) => {
      const auth = kit.createAuthClient();
      let loaded = 0;
      kit.useJavaScriptBuild(() => {
        loaded += 1;
        return import(from) as ReturnType<Parameters<typeof kit.useJavaScriptBuild>[0]>;
      });
      const { status } = await auth.fetchWithAuth(url);
      await kit.ready();
      auth.close();
      return { loaded, status };
    },
    { url: server.url('/echo'), from: packageFile('javascript.js') },
  );
  assert.deepEqual(seen, { loaded: 1, status: 200 });
});

test('P2 memory that the JavaScript build leaves for a larger one is wiped', async (t) => {
  const { realm } = await startWithoutWasm(t);
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
