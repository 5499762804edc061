// npm run size: what the package costs on the wire. Fails above the budget.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from './build.mjs';
import { filesOf } from './lib/files.mjs';
import { isMain, root, runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

/** Bytes of all JavaScript and WebAssembly in dist/, by brotli at its best. */
const BUDGET = 30_000;

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

/** @returns {boolean} whether the package keeps to its budget */
export function size() {
  const rows = filesOf('dist', /\.(js|mjs|wasm)$/).map((file) => ({ file, ...sizesOf(file) }));
  const total = { file: 'total', raw: 0, gzip: 0, brotli: 0 };
  for (const row of rows) {
    total.raw += row.raw;
    total.gzip += row.gzip;
    total.brotli += row.brotli;
  }
  const core = { file: '(of it, the core)', ...sizesOf('build/wasm/bearerkit.wasm') };
  console.log(
    `${'bytes'.padEnd(28)}${['raw', 'gzip', 'brotli'].map((x) => x.padStart(9)).join('')}`,
  );
  for (const { file, raw, gzip, brotli } of [...rows, total, core]) {
    console.log(
      `${file.padEnd(28)}${[raw, gzip, brotli].map((n) => String(n).padStart(9)).join('')}`,
    );
  }
  const kept = rows.length > 0 && total.brotli <= BUDGET;
  console.log(
    `size: ${total.brotli} of at most ${BUDGET} bytes brotli${kept ? '' : ': TOO LARGE'}`,
  );
  return kept;
}

if (isMain(import.meta)) {
  await runMain(async () => {
    await ensureSetup({ forTests: false });
    await build();
    if (!size()) process.exitCode = 1;
  });
}
