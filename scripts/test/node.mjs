// Suites of Node's test runner: all tests/<name>/**/*.test.ts.
import { filesOf } from '../lib/files.mjs';
import { runShowing } from '../lib/progress.mjs';
import { CommandFailed } from '../lib/run.mjs';

/**
 * @param {string} name of the folder
 * @param {{ atOnce: number, engine?: string, files?: RegExp, env?: Record<string, string> }} options
 *   how many files run side by side; what the core is to be, `wasm` or `js` (what BEARERKIT_ENGINE says
 *   if left out); which files, unless all
 * @returns {Promise<import('./unit.mjs').Totals>}
 */
export async function nodeSuite(name, options) {
  const { atOnce, engine, files: pattern = /\.test\.ts$/, env = {} } = options;
  const files = filesOf(`tests/${name}`, pattern);
  if (files.length === 0) {
    console.log(`${name}: no test file in tests/${name}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const core = engine ?? process.env['BEARERKIT_ENGINE'] ?? 'wasm';
  if (!['wasm', 'js'].includes(core)) {
    throw new CommandFailed(`BEARERKIT_ENGINE must be wasm or js, not ${core}`, '');
  }
  // In browsers it is the pages' policy that takes WebAssembly away.
  const preload = core === 'js' && name === 'js' ? ['./tests/js/support/js_engine.ts'] : [];
  const { code, output } = await runShowing(
    `${name} tests`,
    process.execPath,
    [
      '--enable-source-maps',
      '--import',
      'tsx',
      ...preload.flatMap((file) => ['--import', file]),
      '--test',
      `--test-concurrency=${atOnce}`,
      // A test that hangs is to fail with its name.
      '--test-timeout=600000',
      '--test-reporter=spec',
      ...files,
    ],
    { timeoutMs: 20 * 60_000, env: { BEARERKIT_ENGINE: core, ...env } },
  );
  /** @param {string} word */
  const count = (word) => Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const passed = count('pass');
  const failed = count('fail') + count('cancelled');
  const unwell = code !== 0 || passed === 0;
  return {
    passed,
    failed: unwell ? Math.max(1, failed) : failed,
    skipped: count('skipped') + count('todo'),
  };
}
