// npm run size: what the package costs on the wire, and an app with it in one file. Fails above the budget.
// What other bundlers make of it stands in docs/MATRIX.md; tests/package has their budget.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from './build.mjs';
import { brotliSize } from './lib/brotli.mjs';
import { filesOf } from './lib/files.mjs';
import { root, runMain } from './lib/run.mjs';

/**
 * What is downloaded together, and how many bytes by brotli at its best, each file by itself.
 * @type {readonly (readonly [what: string, files: readonly string[], most: number])[]}
 */
const BUDGETS = [
  ['bearerkit', ['index.js', 'shared.js', 'tokens.js'], 37_950],
  ['bearerkit/external', ['external.js', 'shared.js', 'tokens.js', 'bearerkit.wasm'], 37_850],
  ['bearerkit/decode', ['decode.js', 'tokens.js'], 2_250],
  ['bearerkit/devtools', ['devtools.js'], 8_000],
  ['bearerkit/react', ['react.js'], 350],
  ['bearerkit/vue', ['vue.js'], 350],
  ['bearerkit/svelte', ['svelte.js'], 200],
  ['bearerkit/angular', ['angular.js'], 1200],
  ['bearerkit/testing, besides bearerkit', ['testing.js'], 6_200],
  ['its JavaScript build', ['javascript.js'], 28_000],
];

/**
 * What apps of a few lines download that esbuild has put into one file, without any setting, and at most.
 * @type {readonly (readonly [what: string, lines: string, most: number])[]}
 */
const APPS = [
  [
    'an app in one file: a client',
    "import { createAuthClient } from 'bearerkit'; globalThis.auth = createAuthClient();",
    38_800,
  ],
  [
    'an app in one file: decodeJwt',
    "import { decodeJwt } from 'bearerkit'; console.log(decodeJwt(location.hash));",
    26_300,
  ],
  [
    'an app in one file: decodeJwt of bearerkit/decode',
    "import { decodeJwt } from 'bearerkit/decode'; console.log(decodeJwt(location.hash));",
    2_000,
  ],
  [
    'an app in one file: a client of bearerkit/external, without the core',
    "import { createAuthClient } from 'bearerkit/external'; globalThis.auth = createAuthClient();",
    16_250,
  ],
];

/** @param {(string | number)[]} columns */
const print = (...columns) => {
  console.log(columns.map((x) => String(x).padStart(9)).join(''));
};

/** What a visitor's browser loads of the demo page's own scripts, the package apart, and at most. */
const PAGE = 60_000;

/** @returns {Promise<boolean>} whether the package keeps to its budgets */
export async function size() {
  print('raw', 'gzip', 'brotli', 'at most');
  const verdicts = BUDGETS.map(([what, files, most]) => {
    const all = files.map((file) => readFileSync(join(root, 'dist', file)));
    return keepsTo(`${what} (${files.join(' + ')})`, all, most);
  });
  for (const [what, lines, most] of APPS)
    verdicts.push(keepsTo(what, [await oneFile(lines)], most));
  const page = filesOf('build/demo/page', /\.js$/).map((file) => readFileSync(join(root, file)));
  verdicts.push(keepsTo('the demo page, the package apart', page, PAGE));
  return verdicts.every(Boolean);
}

/**
 * Prints a line.
 * @param {string} what
 * @param {readonly Uint8Array[]} files
 * @param {number} most
 */
function keepsTo(what, files, most) {
  /** @param {(bytes: Uint8Array) => number} sizeOf */
  const sum = (sizeOf) => files.reduce((total, bytes) => total + sizeOf(bytes), 0);
  const raw = sum((bytes) => bytes.length);
  const gzip = sum((bytes) => gzipSync(bytes, { level: 9 }).length);
  const brotli = sum(brotliSize);
  const fits = brotli <= most;
  print(raw, gzip, brotli, most, `  ${what}${fits ? '' : ': TOO LARGE'}`);
  return fits;
}

/** @param {string} lines */
async function oneFile(lines) {
  // Needs npm's packages, which this file is read before.
  const { build: bundle } = await import('esbuild');
  const { outputFiles } = await bundle({
    stdin: { contents: lines, resolveDir: root },
    bundle: true,
    minify: true,
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

await runMain(import.meta, async () => {
  await build({ forTests: false });
  if (!(await size())) process.exitCode = 1;
});
