// P4: what the tarball holds and how it resolves; what of it a bundler leaves out.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { makeEmptyApp, runNode, runTool, type Workshop } from './support/fresh_app.ts';
import { SESSION_ONLY, sessionCodeIn } from './support/session_code.ts';

const DECODE_ONLY =
  "import { decodeJwt } from 'bearerkit';\nconsole.log(decodeJwt(location.hash));\n";

export function quality(workshop: () => Workshop): void {
  let folder = '';
  let installed = '';
  before(async () => {
    folder = await makeEmptyApp(workshop(), 'quality');
    installed = path.join(folder, 'node_modules/bearerkit');
    writeFileSync(path.join(folder, 'decode.js'), DECODE_ONLY);
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

  test('P4 the code of sessions is known by its words', () => {
    const code = ['index.js', 'shared.js'].map((file) =>
      readFileSync(path.join(installed, 'dist', file), 'utf8'),
    );
    assert.deepEqual(sessionCodeIn(code.join('')), SESSION_ONLY);
  });

  const builds: readonly [string, ...[string, ...string[]]][] = [
    [
      'esbuild',
      'esbuild',
      'decode.js',
      '--bundle',
      '--format=esm',
      '--splitting',
      '--outdir=out-esbuild',
    ],
    ['Rollup', 'rollup', 'decode.js', '--dir', 'out-rollup', '--plugin', 'node-resolve'],
    [
      'webpack',
      'webpack',
      'build',
      '--mode',
      'production',
      '--entry',
      './decode.js',
      '-o',
      'out-webpack',
    ],
  ];
  for (const [name, ...build] of builds) {
    test(`P4 who imports only decodeJwt gets no code of sessions: ${name}`, async () => {
      await tool(...build);
      const entry = name === 'webpack' ? 'main.js' : 'decode.js';
      const code = readFileSync(path.join(folder, `out-${name.toLowerCase()}`, entry), 'utf8');
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
