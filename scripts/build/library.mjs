// dist/: the package. Its entries: index.js with the WebAssembly module in it and external.js
// without; shared.js, which both are made of; decode.js, which only decodes; tokens.js, which all
// three are made of; devtools.js, which stands alone; react.js, vue.js, svelte.js and angular.js,
// which are handed a client; testing.js, which takes index.js; beside.js, which finds the JavaScript
// build (made by javascript.mjs), and what Parcel and Metro take instead; and the module as a file of its own.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { minify } from 'terser';
import { root } from '../lib/run.mjs';
import { banner } from './banner.mjs';
import { exportNames } from './export_names.mjs';
import { internalNames } from './internal_names.mjs';

const LEFT_ALONE = 'import(/* webpackIgnore: true */ /* @vite-ignore */ ';

// What several entries are made of, each with a module that tells it from the others.
const CHUNKS = { 'shared.js': 'js/client/client.ts', 'tokens.js': 'js/jwt_error.ts' };

const inModule = exportNames();
const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: [
    ...['index', 'external', 'decode', 'devtools', 'beside', 'beside_bundled'],
    ...['react', 'vue', 'svelte', 'angular', 'testing'],
  ].map((name) => `js/${name}.ts`),
  outdir: 'dist',
  write: false,
  bundle: true,
  splitting: true,
  chunkNames: 'chunk-[hash]',
  metafile: true,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  minify: true,
  mangleProps: new RegExp(`^(?:${[...internalNames(), ...Object.keys(inModule)].join('|')})$`),
  mangleCache: inModule,
  // The module's bytes stand as characters: escaped they would take twice the room.
  charset: 'utf8',
  logLevel: 'warning',
  legalComments: 'none',
  // javascript.js is made by a step of its own, and loaded only where it is needed. index.js is taken as it
  // is: it stays what it is without testing.js.
  external: ['./javascript.js', './index.js', 'react', 'vue', '@angular/*', 'rxjs'],
});
mkdirSync(join(root, 'dist'), { recursive: true });
const names = new Map(Object.entries(metafile.outputs).map(nameOf));
for (const { path, text } of outputFiles) {
  // No source maps: they would be larger than all else, and the sources are not in the package.
  const minified = moduleLast(await minifyAgain(text.replaceAll(/chunk-\w+\.js/g, nameIn)));
  // Minifiers take the comments away by which js/beside.ts tells bundlers to leave its import alone.
  const code = path.endsWith('beside.js') ? minified.replace('import(', LEFT_ALONE) : minified;
  // The others hold nothing that is not ours.
  const notice = /(?:index|external)\.js$/.test(path) ? banner() : '';
  writeFileSync(join(root, 'dist', nameIn(basename(path))), `${notice}${code}\n`);
}
cpSync(join(root, 'build/wasm/bearerkit.wasm'), join(root, 'dist/bearerkit.wasm'));

/**
 * @param {[path: string, output: import('esbuild').Metafile['outputs'][string]]} output
 * @returns {[file: string, name: string]}
 */
function nameOf([path, { inputs, entryPoint }]) {
  const file = basename(path);
  if (entryPoint !== undefined) return [file, file];
  const name = Object.entries(CHUNKS).find(([, module]) => module in inputs)?.[0];
  if (name === undefined)
    throw new Error(`library.mjs: a chunk of ${Object.keys(inputs).join(' ')}`);
  return [file, name];
}

/** @param {string} file */
function nameIn(file) {
  return names.get(file) ?? file;
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
