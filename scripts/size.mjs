// npm run size: what the package costs on the wire. Fails above the budget.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from './build.mjs';
import { root, runMain } from './lib/run.mjs';

/**
 * What is downloaded together, and how many bytes by brotli at its best, each file by itself.
 * @type {readonly (readonly [what: string, files: readonly string[], most: number])[]}
 */
const BUDGETS = [
  ['bearerkit', ['index.js', 'shared.js'], 38_600],
  ['bearerkit/external', ['external.js', 'shared.js', 'bearerkit.wasm'], 38_450],
  ['its JavaScript build', ['javascript.js'], 31_700],
];

/** @param {Buffer} bytes */
function brotli(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params });
}

/** @param {(string | number)[]} columns */
const print = (...columns) => {
  console.log(columns.map((x) => String(x).padStart(9)).join(''));
};

/** @returns {boolean} whether the package keeps to its budgets */
export function size() {
  print('raw', 'gzip', 'brotli', 'at most');
  const verdicts = BUDGETS.map(([what, files, most]) => {
    const all = files.map((file) => readFileSync(join(root, 'dist', file)));
    /** @param {(bytes: Buffer) => Buffer} pack */
    const sum = (pack) => all.reduce((total, bytes) => total + pack(bytes).length, 0);
    const raw = sum((bytes) => bytes);
    const gzip = sum((bytes) => gzipSync(bytes, { level: 9 }));
    const fits = sum(brotli) <= most;
    print(
      raw,
      gzip,
      sum(brotli),
      most,
      `  ${what} (${files.join(' + ')})${fits ? '' : ': TOO LARGE'}`,
    );
    return fits;
  });
  return verdicts.every(Boolean);
}

await runMain(import.meta, async () => {
  await build({ forTests: false });
  if (!size()) process.exitCode = 1;
});
