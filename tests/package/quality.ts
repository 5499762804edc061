// P4, P5: what the tarball holds and how it resolves; what of it a bundler leaves out.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliSize } from '../../scripts/lib/brotli.mjs';
import { makeEmptyApp, runNode, runTool, type Workshop } from './support/fresh_app.ts';
import { SESSION_ONLY, sessionCodeIn } from './support/session_code.ts';

const APP = fileURLToPath(new URL('app', import.meta.url));
const TYPESCRIPT = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));

const decodeOf = (entry: string): string =>
  `import { decodeJwt } from '${entry}';\nconsole.log(decodeJwt(location.hash));\n`;

const MOST_BYTES_TO_DECODE = 2000;

function buildBy(
  bundler: 'esbuild' | 'Rollup' | 'webpack',
  entry: string,
): [tool: string, ...words: string[]] {
  const [file, folder] = [`${entry}.js`, `out-${bundler}-${entry}`];
  return {
    esbuild: ['esbuild', file, '--bundle', '--format=esm', '--splitting', `--outdir=${folder}`],
    Rollup: ['rollup', file, '--dir', folder, '--plugin', 'node-resolve'],
    webpack: [
      ...['webpack', 'build', '--mode', 'production', '--entry', `./${file}`, '-o', folder],
      ...['--output-filename', file],
    ],
  }[bundler] as [string, ...string[]];
}

export function quality(workshop: () => Workshop): void {
  let folder = '';
  let installed = '';
  before(async () => {
    folder = await makeEmptyApp(workshop(), 'quality');
    installed = path.join(folder, 'node_modules/bearerkit');
    writeFileSync(path.join(folder, 'decode.js'), decodeOf('bearerkit'));
    writeFileSync(path.join(folder, 'decode_alone.js'), decodeOf('bearerkit/decode'));
    writeFileSync(path.join(folder, 'devtools.js'), "import 'bearerkit/devtools';\n");
  });
  const tool = (...words: [string, ...string[]]): Promise<string> =>
    runTool(workshop(), folder, words[0], words.slice(1));

  test('P4 the tarball holds what is to be used and read, and nothing else', async () => {
    const strange = (await workshop().contents()).filter(
      (file) =>
        !/^(dist\/.*\.(js|d\.ts|wasm)|docs\/.*\.(md|svg)|(README|CHANGELOG|SECURITY)\.md|LICENSE|package\.json)$/.test(
          file,
        ),
    );
    assert.deepEqual(strange, []);
  });

  test('P4 publint has nothing to complain about', async () => {
    assert.match(await tool('publint', 'run', installed, '--strict'), /All good!/);
  });

  test('P4 the types resolve in every way that ES modules are resolved', async () => {
    const output = await tool(
      'attw',
      workshop().tarball,
      '--profile',
      'esm-only',
      '--format',
      'ascii',
    );
    // It fails by its exit code, for anything that is not about CommonJS or a Node before 12.
    assert.match(output, /node16 \(from ESM\): 🟢/);
  });

  test('P4 F18 the types compile in those of Bun, with a DOM library and without', async () => {
    cpSync(path.join(APP, 'own_fetch.ts'), path.join(folder, 'own_fetch.ts'));
    for (const lib of [['es2023'], ['es2023', 'dom']]) {
      const compilerOptions = {
        lib,
        types: ['bun'],
        module: 'nodenext',
        strict: true,
        noEmit: true,
      };
      const config = JSON.stringify({ compilerOptions, files: ['own_fetch.ts'] });
      writeFileSync(path.join(folder, 'tsconfig.json'), config);
      await runNode(folder, [TYPESCRIPT, '-p', '.']);
    }
  });

  test('P4 the code of sessions is known by its words', () => {
    const code = ['index.js', 'shared.js', 'tokens.js'].map((file) =>
      readFileSync(path.join(installed, 'dist', file), 'utf8'),
    );
    assert.deepEqual(sessionCodeIn(code.join('')), SESSION_ONLY);
  });

  const builtBy = (bundler: string, entry: string): string =>
    readFileSync(path.join(folder, `out-${bundler}-${entry}`, `${entry}.js`), 'utf8');
  for (const bundler of ['esbuild', 'Rollup', 'webpack'] as const) {
    test(`P4 who imports only decodeJwt gets no code of sessions: ${bundler}`, async () => {
      await tool(...buildBy(bundler, 'decode'));
      assert.deepEqual(sessionCodeIn(builtBy(bundler, 'decode')), []);
    });

    test(`P5 who imports bearerkit/decode gets no more than that: ${bundler}`, async () => {
      await tool(...buildBy(bundler, 'decode_alone'));
      const code = builtBy(bundler, 'decode_alone');
      assert.ok(code.includes('invalid_base64url'));
      assert.ok(brotliSize(Buffer.from(code)) < MOST_BYTES_TO_DECODE);
    });

    test(`P4 who imports bearerkit/devtools for its effect gets it, and no client: ${bundler}`, async () => {
      await tool(...buildBy(bundler, 'devtools'));
      const code = builtBy(bundler, 'devtools');
      assert.ok(code.includes('bearerkit-devtools'));
      assert.deepEqual(sessionCodeIn(code), []);
    });
  }
  // A token of no use: {"alg":"none"} and {"sub":"ada"}.
  const decode = "decodeJwt('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.').sub";

  test('P1 imported on a server it decodes, on WebAssembly and, with --jitless, on the JavaScript build', async () => {
    const script = `import { createAuthClient, decodeJwt, ready } from 'bearerkit';
      await ready();
      const auth = createAuthClient();
      await auth.ready();
      console.log(auth.engine, ${decode});
      auth.close();`;
    writeFileSync(path.join(folder, 'server.mjs'), script);
    assert.equal(await runNode(folder, ['server.mjs']), 'wasm ada\n');
    assert.equal(await runNode(folder, ['--jitless', 'server.mjs']), 'js ada\n');
  });

  test('P5 bearerkit/decode decodes at once, with --jitless, too', async () => {
    writeFileSync(
      path.join(folder, 'alone.mjs'),
      `import { decodeJwt } from 'bearerkit/decode';\nconsole.log(${decode});`,
    );
    assert.equal(await runNode(folder, ['alone.mjs']), 'ada\n');
    assert.equal(await runNode(folder, ['--jitless', 'alone.mjs']), 'ada\n');
  });

  test('P4 CommonJS has it by import(), and by require() in a Node that requires ES modules', async () => {
    writeFileSync(
      path.join(folder, 'common.cjs'),
      `import('bearerkit').then(({ decodeJwt }) => console.log(${decode}));`,
    );
    writeFileSync(
      path.join(folder, 'require.cjs'),
      `const { decodeJwt } = require('bearerkit');\nconsole.log(${decode});`,
    );
    assert.equal(await runNode(folder, ['common.cjs']), 'ada\n');
    const requiresModules = process.features.require_module;
    if (requiresModules) assert.equal(await runNode(folder, ['require.cjs']), 'ada\n');
    const asBefore = requiresModules ? ['--no-experimental-require-module'] : [];
    await assert.rejects(runNode(folder, [...asBefore, 'require.cjs']), /ERR_REQUIRE_ESM/);
  });
}
