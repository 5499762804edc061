// Suites of Node's test runner: all tests/<name>/**/*.test.ts.
import { filesOf } from '../lib/files.mjs';
import { runShowing } from '../lib/progress.mjs';

/**
 * @param {string} name of the folder
 * @param {{ atOnce: number, files?: RegExp, env?: Record<string, string> }} options how many files
 *   run side by side; which, unless all
 * @returns {Promise<import('./unit.mjs').Totals>}
 */
export async function nodeSuite(name, { atOnce, files: pattern = /\.test\.ts$/, env = {} }) {
  const files = filesOf(`tests/${name}`, pattern);
  if (files.length === 0) {
    console.log(`${name}: no test file in tests/${name}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { code, output } = await runShowing(
    `${name} tests`,
    process.execPath,
    [
      '--enable-source-maps',
      '--import',
      'tsx',
      '--test',
      `--test-concurrency=${atOnce}`,
      // A test that hangs is to fail with its name.
      '--test-timeout=600000',
      '--test-reporter=spec',
      ...files,
    ],
    { env, timeoutMs: 20 * 60_000 },
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
