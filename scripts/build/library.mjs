// dist/: the package. Two entries, index.js with the WebAssembly module in it and external.js
// without, and shared.js, which both are made of; beside them the module as a file of its own.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { minify } from 'terser';
import { root } from '../lib/run.mjs';
import { banner } from './banner.mjs';
import { internalNames } from './internal_names.mjs';

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['js/index.ts', 'js/external.ts'],
  outdir: 'dist',
  write: false,
  bundle: true,
  splitting: true,
  chunkNames: 'shared',
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  minify: true,
  mangleProps: new RegExp(`^(?:${internalNames().join('|')})$`),
  // The module's bytes stand as characters: escaped they would take twice the room.
  charset: 'utf8',
  logLevel: 'warning',
  legalComments: 'none',
  plugins: [{ name: 'javascript', setup: leaveItOutside }],
});
mkdirSync(join(root, 'dist'), { recursive: true });
for (const { path, text } of outputFiles) {
  // No source maps: they would be larger than all else, and the sources are not in the package.
  const code = moduleLast(await minifyAgain(text));
  // shared.js holds nothing that is not ours.
  const notice = path.endsWith('shared.js') ? '' : banner();
  writeFileSync(join(root, 'dist', basename(path)), `${notice}${code}\n`);
}
cpSync(join(root, 'build/wasm/bearerkit.wasm'), join(root, 'dist/bearerkit.wasm'));

/**
 * The JavaScript build is made by a step of its own (javascript.mjs), and loaded only where it is needed.
 * @param {import('esbuild').PluginBuild} build
 */
function leaveItOutside(build) {
  build.onResolve({ filter: /\/javascript\.js$/ }, () => ({
    path: './javascript.js',
    external: true,
  }));
}

/**
 * What esbuild leaves: the boundary's constants become plain numbers, and functions with one caller
 * part of it. About 7 % after brotli.
 * @param {string} bundled
 * @returns {Promise<string>}
 */
async function minifyAgain(bundled) {
  let code = bundled;
  // Twice: what the first one leaves has names that repeat more often.
  for (let round = 0; round < 2; round++) {
    const result = await minify(code, {
      module: true,
      ecma: 2020,
      // Nothing in js/ is called with `new` that is not a class.
      compress: { passes: 3, unsafe_arrows: true, unsafe_methods: true },
    });
    code = result.code ?? '';
  }
  return code;
}

/**
 * Puts the text of the WebAssembly module behind the code: in between it would cut brotli's view of
 * the JavaScript in two. It is read at the first use, when all of the file has run.
 * @param {string} code
 */
function moduleLast(code) {
  const literals = code.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g) ?? [];
  const longest = literals.reduce((best, text) => (text.length > best.length ? text : best), '');
  if (longest.length < 10_000) return code;
  const name = 'bearerkitModule';
  return `${code.replace(longest, () => name)}var ${name}=${longest};`;
}
