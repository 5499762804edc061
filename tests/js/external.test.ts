// P4: the entry bearerkit/external, whose core is a file of its own or handed over.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import type * as External from 'bearerkit/external';

import { type HttpServer, startHttpServer } from './support/http_server.ts';
import { inRealm, packageFile, type Realm } from './support/realm.ts';
import { makeJwt } from './support/tokens.ts';

const MODULE = readFileSync(new URL(packageFile('bearerkit.wasm')));
// As an older version's would be: it exports a memory, and an ABI version of 42.
const OTHER_VERSION = Buffer.concat([
  Buffer.from('0061736d010000000105016000017f03020100050301000107220206', 'hex'),
  Buffer.from('memory\x02\0\x15bearerkit_abi_version\0\0'),
  Buffer.from('0a06010400412a0b', 'hex'),
]);

const entry = packageFile('external.js');

/** A server of modules: good ones of both types, one of another version, and none. */
async function start(t: TestContext): Promise<{ server: HttpServer; realm: Realm }> {
  const server = await startHttpServer(t);
  const wasm = { 'Content-Type': 'application/wasm' };
  server.route('/warm', () => ({ body: 'up' }));
  server.route('/good.wasm', () => ({ headers: wasm, body: MODULE }));
  server.route('/untyped.wasm', () => ({ body: MODULE }));
  server.route('/other_version.wasm', () => ({ headers: wasm, body: OTHER_VERSION }));
  server.route('/page.wasm', () => ({ headers: wasm, body: '<!doctype html>' }));
  return { server, realm: { wasm: true, entry, warmUp: server.url('/warm') } };
}

interface Seen {
  /** What decodeJwt gave right after init was called, without waiting. */
  readonly atOnce: unknown;
  readonly afterwards: unknown;
  readonly engine: string;
  readonly status: number;
}

/** Calls `init` with what `given` says about `url`, and looks at what comes of it. */
function initWith(t: TestContext, realm: Realm, given: string, url: string): Promise<Seen> {
  return inRealm(
    t,
    realm,
    async (kit, { given, url, token }): Promise<Seen> => {
      const bytes = async (): Promise<ArrayBuffer> => (await fetch(url)).arrayBuffer();
      const compiled = given === 'Module' ? await WebAssembly.compile(await bytes()) : undefined;
      const javascript =
        given === 'javascript'
          ? ((await import(url)) as { default: External.JavaScriptBuild }).default
          : undefined;
      const decode = (): unknown => {
        try {
          return kit.decodeJwt(token);
        } catch (error) {
          return error instanceof kit.AuthError ? error.code : error;
        }
      };
      const inputs: Record<string, () => Parameters<typeof kit.init>[0]> = {
        URL: () => new URL(url),
        string: () => url,
        Response: () => fetch(url),
        bytes,
        'typed array': async () => new Uint8Array(await bytes()),
      };
      const loading = kit.init(compiled ?? javascript ?? inputs[given]?.());
      const atOnce = decode();
      const auth = kit.createAuthClient({ fetch: async () => new Response() });
      const answer = auth.fetchWithAuth('https://api.example.com/');
      await loading;
      const { engine } = auth;
      const { status } = await answer;
      auth.close();
      return { atOnce, afterwards: decode(), engine, status };
    },
    { given, url, token: makeJwt({ exp: 5 }) },
  );
}

const CLAIMS = { exp: 5 };
const BY_AND_BY = { atOnce: 'core_not_ready', afterwards: CLAIMS, status: 200 };
const AT_ONCE = { ...BY_AND_BY, atOnce: CLAIMS };

for (const given of ['URL', 'string', 'Response', 'bytes', 'typed array']) {
  test(`P4 external: init takes the module as ${given}, by and by`, async (t) => {
    const { server, realm } = await start(t);
    const seen = await initWith(t, realm, given, server.url('/good.wasm'));
    assert.deepEqual(seen, { ...BY_AND_BY, engine: 'wasm' });
  });
}

test('P4 external: init takes a compiled module, at once', async (t) => {
  const { server, realm } = await start(t);
  const seen = await initWith(t, realm, 'Module', server.url('/good.wasm'));
  assert.deepEqual(seen, { ...AT_ONCE, engine: 'wasm' });
});

test('P2 external: init takes the JavaScript build, at once', async (t) => {
  const { realm } = await start(t);
  const seen = await initWith(t, realm, 'javascript', packageFile('javascript.js'));
  assert.deepEqual(seen, { ...AT_ONCE, engine: 'js' });
});

test('P4 external: a module of no or of another type is compiled when it is there', async (t) => {
  const { server, realm } = await start(t);
  const seen = await initWith(t, realm, 'URL', server.url('/untyped.wasm'));
  assert.deepEqual(seen, { ...BY_AND_BY, engine: 'wasm' });
});

for (const path of ['/page.wasm', '/other_version.wasm', '/missing.wasm']) {
  test(`P2 external: the JavaScript build replaces ${path}`, async (t) => {
    const { server, realm } = await start(t);
    const seen = await initWith(t, realm, 'URL', server.url(path));
    assert.deepEqual(seen, { ...BY_AND_BY, engine: 'js' });
  });
}

test('P2 external: the JavaScript build is used where there is no WebAssembly', async (t) => {
  const { server, realm } = await start(t);
  const seen = await initWith(t, { ...realm, wasm: false }, 'URL', server.url('/good.wasm'));
  assert.deepEqual(seen, { ...BY_AND_BY, engine: 'js' });
});

/** One file, as for an edge runtime: nothing stands beside it, and it does not know where it is. */
async function edgeBundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from './external.js';
        import { useJavaScriptBuild } from './external.js';
        useJavaScriptBuild(() => import('./javascript.js'));`,
      resolveDir: fileURLToPath(new URL('.', entry)),
    },
    bundle: true,
    format: 'esm',
    define: { 'import.meta.url': 'undefined' },
    write: false,
  });
  return `data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`;
}

test('P4 external: in a bundle for the edge the module handed over is used at once, the JavaScript build without one', async (t) => {
  const { server, realm } = await start(t);
  const edge = { ...realm, entry: await edgeBundle() };
  const seen = await initWith(t, edge, 'Module', server.url('/good.wasm'));
  assert.deepEqual(seen, { ...AT_ONCE, engine: 'wasm' });
  const without = await initWith(t, edge, 'nothing', '');
  assert.deepEqual(without, { ...BY_AND_BY, engine: 'js' });
});

test('P4 external: without init the file beside the entry is fetched at the first use', async (t) => {
  const { server, realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (kit) => {
      const asked: string[] = [];
      const { fetch } = globalThis;
      globalThis.fetch = (input, init) => {
        asked.push(input instanceof URL ? input.href : 'something else');
        return fetch(input, init);
      };
      await kit.ready();
      return asked;
    },
    undefined,
  );
  assert.deepEqual(seen, [packageFile('bearerkit.wasm')]);
  assert.equal(server.requests.length, 1);
});

test('P4 both entries share one core and the classes of errors', async (t) => {
  const { realm } = await start(t);
  const seen = await inRealm(
    t,
    realm,
    async (external, index) => {
      const main = (await import(index)) as typeof External;
      main.inspectJwt('');
      const client = external.createAuthClient();
      const seen = external.inspectJwt('');
      const result = {
        // At once, since the other entry has started it.
        found: seen.ok ? 'a token' : seen.error.code,
        engine: client.engine,
        AuthError: external.AuthError === main.AuthError,
        JwtError: external.JwtError === main.JwtError,
      };
      client.close();
      return result;
    },
    packageFile('index.js'),
  );
  assert.deepEqual(seen, { found: 'malformed', engine: 'wasm', AuthError: true, JwtError: true });
});
