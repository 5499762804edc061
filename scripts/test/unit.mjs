// The C++ unit tests: with sanitizers (Clang), optimised (GCC), and the same files as WebAssembly.
import { configure } from '../build/wasm.mjs';
import { withBuildLock } from '../lib/lock.mjs';
import { elapsed, runShowing } from '../lib/progress.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

const presets = {
  sanitize: 'Clang, AddressSanitizer and UndefinedBehaviorSanitizer',
  native: 'GCC, optimised',
  wasm: 'WebAssembly under Node',
};

// What CTest says about itself, and which main() it is.
const chatter =
  /^(UpdateCTestConfiguration|Test project|Constructing|Done constructing|Updating test list|Added \d|Checking test|test \d+$|\s+Start +\d+:|\d+: (Test command|Working Directory|Test timeout|Running main)|\d+: *$|\s*$)/;

/** @returns {Promise<Totals>} */
export async function unit() {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const [preset, name] of Object.entries(presets)) {
    const begin = performance.now();
    console.log(`unit: ${name}: building …`);
    const built = await withBuildLock(async () => {
      await configure(preset);
      return runShowing(`building ${preset}`, 'cmake', ['--build', '--preset', preset], {
        show: (line) => !/^\[\d+\/\d+\] (Building|Linking|Re-checking)/.test(line),
      });
    });
    if (built.code !== 0) {
      totals.failed++;
      continue;
    }
    console.log(`unit: ${name}: built (${elapsed(begin)}), running …`);
    const { code, output } = await runShowing(
      `unit tests, ${preset}`,
      'ctest',
      ['--preset', preset, '--verbose', '--parallel', '2'],
      { show: (line) => !chatter.test(line), timeoutMs: 10 * 60_000 },
    );
    const counted = countCases(output);
    totals.passed += counted.passed;
    totals.skipped += counted.skipped;
    // A crash leaves no count; nor does an executable without a test.
    const unwell = code !== 0 || counted.passed === 0;
    totals.failed += unwell ? Math.max(1, counted.failed) : 0;
    console.log(`unit: ${name}: ${counted.passed} cases passed (${elapsed(begin)})`);
  }
  return totals;
}

/** @param {string} output of GoogleTest, each line behind the number that CTest gives it */
function countCases(output) {
  /** @param {string} word */
  const sum = (word) =>
    [...output.matchAll(new RegExp(`^\\d+: \\[ *${word} *\\] (\\d+) tests?[.,]`, 'gm'))].reduce(
      (total, match) => total + Number(match[1]),
      0,
    );
  return { passed: sum('PASSED'), failed: sum('FAILED'), skipped: sum('SKIPPED') };
}
