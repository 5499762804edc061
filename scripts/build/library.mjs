// dist/: the package. Two entries, index.js with the WebAssembly module in it and external.js
// without, and shared.js, which both are made of; beside them the module as a file of its own, and
// their declarations.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { filesOf } from '../lib/files.mjs';
import { root, run } from '../lib/run.mjs';
import { banner } from './banner.mjs';
import { internalNames } from './internal_names.mjs';

const sources = () => [...filesOf('js', /\.(ts|json)$/), ...filesOf('build/generated')];

/** @type {import('./step.mjs').Step} */
export const library = {
  name: 'package',
  inputs: () => [
    ...sources(),
    'build/wasm/bearerkit.wasm',
    'package.json',
    'scripts/build/banner.mjs',
    'scripts/build/internal_names.mjs',
    'scripts/build/library.mjs',
  ],
  outputs: ['index.js', 'external.js', 'shared.js', 'bearerkit.wasm'].map((x) => `dist/${x}`),
  async run() {
    // Not at the top: this file is read before npm's packages are installed.
    const esbuild = await import('esbuild');
    const { outputFiles } = await esbuild.build({
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
      plugins: [twinStaysOutside],
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
  },
};

// Made by a step of its own (twin.mjs), and loaded only where it is needed.
/** @type {import('esbuild').Plugin} */
const twinStaysOutside = {
  name: 'twin',
  setup(build) {
    build.onResolve({ filter: /\/twin\.js$/ }, () => ({ path: './twin.js', external: true }));
  },
};

/**
 * What esbuild leaves: the boundary's constants become plain numbers, and functions with one caller
 * part of it. About 7 % after brotli.
 * @param {string} bundled
 * @returns {Promise<string>}
 */
async function minifyAgain(bundled) {
  const { minify } = await import('terser');
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

/** @type {import('./step.mjs').Step} */
export const declarations = {
  name: 'declarations',
  inputs: () => [...sources(), 'tsconfig.base.json', 'scripts/build/library.mjs'],
  outputs: ['dist/index.d.ts', 'dist/external.d.ts', 'dist/twin.d.ts'],
  async run() {
    const made = join(root, 'build/types');
    rmSync(made, { recursive: true, force: true });
    await run(process.execPath, [
      'node_modules/typescript/bin/tsc',
      '-p',
      'js/tsconfig.json',
      '--noEmit',
      'false',
      '--emitDeclarationOnly',
      '--declaration',
      '--outDir',
      'build/types',
    ]);
    for (const old of filesOf('dist', /\.d\.ts$/)) rmSync(join(root, old));
    /** @type {Set<string>} */
    const published = new Set();
    publish('js/index.d.ts', made, published);
    publish('js/external.d.ts', made, published);
    // Written by hand: what they describe is made by other tools.
    for (const file of ['js/twin.d.ts', 'js/bearerkit.wasm.d.ts']) {
      cpSync(join(root, file), join(made, file));
      publish(file, made, published);
    }
  },
};

/**
 * Copies a declaration file into dist/, and those it imports: what the public ones do not reach is
 * nobody's business. Their imports come to name the JavaScript file, as every resolver wants it,
 * and no alias of ours.
 * @param {string} file relative to `from`
 * @param {string} from where tsc wrote
 * @param {Set<string>} published
 */
function publish(file, from, published) {
  if (published.has(file)) return;
  published.add(file);
  const target = publishedPath(file);
  /** @type {string[]} */
  const imported = [];
  const text = readFileSync(join(from, file), 'utf8').replaceAll(
    /(?<=\b(?:from|import)\s*\(?\s*)(['"])((?:\.{1,2}|#generated)\/[^'"]+)\1/g,
    (_, /** @type {string} */ quote, /** @type {string} */ specifier) => {
      const path = specifier.replace(/\.[jt]s$/, '');
      const next = path.startsWith('#generated/')
        ? `build/${path.slice(1)}.d.ts`
        : join(dirname(file), `${path}.d.ts`);
      imported.push(next);
      const relativePath = relative(dirname(target), publishedPath(next)).replace(
        /\.d\.ts$/,
        '.js',
      );
      return `${quote}${relativePath.startsWith('.') ? '' : './'}${relativePath}${quote}`;
    },
  );
  mkdirSync(dirname(join(root, target)), { recursive: true });
  writeFileSync(join(root, target), text);
  for (const next of imported) publish(next, from, published);
}

/**
 * js/… and build/generated/… become dist/… and dist/generated/….
 * @param {string} file
 */
function publishedPath(file) {
  return file.replace(/^(?:js|build)\//, 'dist/');
}
