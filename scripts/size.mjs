// npm run size: what the package costs on the wire. Fails above the budget.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from './build.mjs';
import { isMain, root, runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

/** What is downloaded together: bytes by brotli at its best, each file by itself. */
const BUDGETS = [
  { what: 'bearerkit', files: ['index.js', 'shared.js'], most: 30_000 },
  {
    what: 'bearerkit/external',
    files: ['external.js', 'shared.js', 'bearerkit.wasm'],
    most: 30_000,
  },
  { what: 'its JavaScript twin', files: ['twin.js'], most: 27_000 },
];

/** @param {string} file */
function sizesOf(file) {
  const bytes = readFileSync(join(root, file));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}

/** @returns {boolean} whether the package keeps to its budgets */
export function size() {
  const rows = BUDGETS.map(({ what, files, most }) => {
    const all = files.map((file) => sizesOf(`dist/${file}`));
    /** @param {keyof ReturnType<typeof sizesOf>} by */
    const sum = (by) => all.reduce((total, sizes) => total + sizes[by], 0);
    return { what, files, most, raw: sum('raw'), gzip: sum('gzip'), brotli: sum('brotli') };
  });
  /** @param {(string | number)[]} columns */
  const print = (...columns) => console.log(columns.map((x) => String(x).padStart(9)).join(''));
  print('raw', 'gzip', 'brotli', 'at most');
  for (const { what, files, most, raw, gzip, brotli } of rows) {
    const verdict = brotli <= most ? '' : ': TOO LARGE';
    print(raw, gzip, brotli, most, `  ${what} (${files.join(' + ')})${verdict}`);
  }
  return rows.every(({ brotli, most }) => brotli <= most);
}

if (isMain(import.meta)) {
  await runMain(async () => {
    await ensureSetup({ forTests: false });
    await build();
    if (!size()) process.exitCode = 1;
  });
}
