// The C++ unit tests: with sanitizers (Clang), and the same files as WebAssembly.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cmakeBuild } from '../lib/cmake.mjs';
import { read } from '../lib/files.mjs';
import { elapsed, root, run } from '../lib/run.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

const PRESETS = {
  sanitize: 'Clang, AddressSanitizer and UndefinedBehaviorSanitizer',
  wasm: 'WebAssembly under Node',
};

/** @returns {Promise<Totals>} */
export async function unit() {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const [preset, name] of Object.entries(PRESETS)) {
    const begin = performance.now();
    console.log(`unit: ${name} …`);
    const built = await cmakeBuild(preset, { allowFailure: true });
    const { passed, failed, skipped } = built.code === 0 ? await runCases(preset) : FAILURE;
    totals.passed += passed;
    totals.failed += failed;
    totals.skipped += skipped;
    console.log(`unit: ${name}: ${passed} cases passed, ${failed} failed (${elapsed(begin)})`);
  }
  return totals;
}

const FAILURE = { passed: 0, failed: 1, skipped: 0 };

/**
 * CTest counts executables. What these have printed, it keeps in a log.
 * @param {string} preset
 * @returns {Promise<Totals>}
 */
async function runCases(preset) {
  const log = `build/${preset}/Testing/Temporary/LastTest.log`;
  rmSync(join(root, log), { force: true });
  const options = { show: () => true, allowFailure: true, timeoutMs: 10 * 60_000 };
  const { code } = await run('ctest', ['--preset', preset], options);
  const output = existsSync(join(root, log)) ? read(log) : '';
  /** @param {string} word of GoogleTest */
  const sum = (word) =>
    [...output.matchAll(new RegExp(`^\\[ *${word} *\\] (\\d+) tests?[.,]`, 'gm'))].reduce(
      (total, match) => total + Number(match[1]),
      0,
    );
  const [passed, failed] = [sum('PASSED'), sum('FAILED')];
  // A crash leaves no count; nor does an executable without a test.
  const unwell = code !== 0 || passed === 0;
  return { passed, failed: unwell ? Math.max(1, failed) : 0, skipped: sum('SKIPPED') };
}
