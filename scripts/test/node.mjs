// Suites of Node's test runner: all tests/<name>/**/*.test.ts.
import { filesOf } from '../lib/files.mjs';
import { CommandFailed, run } from '../lib/run.mjs';

/**
 * @param {string} name of the folder
 * @param {{ atOnce?: number, engine?: string, files?: RegExp, env?: Record<string, string> }} options
 *   how many files run side by side; what the core is to be, `wasm` or `js` (what BEARERKIT_ENGINE says
 *   if left out); which files, unless all
 * @returns {Promise<import('./unit.mjs').Totals>}
 */
export async function nodeSuite(name, options) {
  const { atOnce = 1, files: pattern = /\.test\.ts$/, env = {} } = options;
  const files = filesOf(`tests/${name}`, pattern);
  if (files.length === 0) throw new CommandFailed(`${name}: no test file in tests/${name}`);
  const engine = options.engine ?? process.env['BEARERKIT_ENGINE'] ?? 'wasm';
  if (!['wasm', 'js'].includes(engine)) {
    throw new CommandFailed(`BEARERKIT_ENGINE must be wasm or js, not ${engine}`);
  }
  // In browsers it is the pages' policy that takes WebAssembly away.
  const takesAway = engine === 'js' && name === 'js';
  const preload = takesAway ? ['--import', './tests/js/support/js_engine.ts'] : [];
  const args = [
    ...['--enable-source-maps', '--import', 'tsx', ...preload, '--test', '--test-reporter=spec'],
    // A test that hangs is to fail with its name; one that has other work beside it is to pass.
    ...['--test-timeout=1800000', `--test-concurrency=${atOnce}`, ...files],
  ];
  const { code, output } = await run(process.execPath, args, {
    show: () => true,
    allowFailure: true,
    timeoutMs: 60 * 60_000,
    env: { BEARERKIT_ENGINE: engine, ...env },
  });
  /** @param {string} word */
  const count = (word) => Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const [passed, failed] = [count('pass'), count('fail') + count('cancelled')];
  const unwell = code !== 0 || passed === 0;
  return {
    passed,
    failed: unwell ? Math.max(1, failed) : failed,
    skipped: count('skipped') + count('todo'),
  };
}
