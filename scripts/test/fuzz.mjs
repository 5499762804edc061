// Builds and runs the fuzzers of tests/fuzz (libFuzzer with AddressSanitizer and
// UndefinedBehaviorSanitizer), each for some seconds, beginning with what tests/fuzz/corpus holds.
import { existsSync, mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { configure } from '../build/wasm.mjs';
import { filesOf } from '../lib/files.mjs';
import { withBuildLock } from '../lib/lock.mjs';
import { runLimited, runShowing } from '../lib/progress.mjs';
import { CommandFailed, root, run } from '../lib/run.mjs';

export const fuzzFolder = `${root}/build/fuzz`;

export const fuzzTargets = () =>
  filesOf('tests/fuzz', /_fuzz\.cpp$/).map((file) => basename(file, '_fuzz.cpp'));

export async function buildFuzzers() {
  await withBuildLock(async () => {
    await configure('fuzz');
    await run('cmake', ['--build', '--preset', 'fuzz']);
  });
}

/**
 * @param {{ seconds: number, targets?: readonly string[], atOnce?: number }} options
 * @returns {Promise<import('./unit.mjs').Totals>} one test for each target
 */
export async function fuzz({ seconds, targets = fuzzTargets(), atOnce = 2 }) {
  const unknown = targets.find((target) => !fuzzTargets().includes(target));
  if (unknown !== undefined) {
    throw new CommandFailed(`No target ${unknown}; there are: ${fuzzTargets().join(' ')}`, '');
  }
  await buildFuzzers();
  const totals = { passed: 0, failed: 0, skipped: 0 };
  await runLimited(
    targets.map((target) => async () => {
      const survived = await runTarget(target, seconds);
      totals[survived ? 'passed' : 'failed']++;
    }),
    atOnce,
  );
  return totals;
}

/**
 * Runs one fuzzer. What is new goes to `grown`, which it begins with, too; an input that fails to
 * `found`; the corpus that is committed is only read.
 * @param {string} program
 * @param {string} target
 * @param {{
 *   grown: string,
 *   found: string,
 *   seconds: number,
 *   flags?: readonly string[],
 *   show?: (line: string) => boolean,
 * }} options
 */
export function runFuzzer(program, target, { grown, found, seconds, flags = [], show }) {
  const words = `tests/fuzz/dictionaries/${target}.dict`;
  const args = [
    `-max_total_time=${seconds}`,
    // Limits beyond that are reached by repetition, see tests/fuzz/fuzz.h; the slow inputs that
    // come of it are not to take all the time.
    '-max_len=1024',
    '-entropic_scale_per_exec_time=1',
    ...(existsSync(`${root}/${words}`) ? [`-dict=${words}`] : []),
    '-timeout=20',
    '-rss_limit_mb=4096',
    '-print_final_stats=1',
    `-artifact_prefix=${found}/`,
    ...flags,
    grown,
    `tests/fuzz/corpus/${target}`,
  ];
  return runShowing(`fuzzing ${target}`, program, args, {
    show: show ?? ((line) => /ERROR|SUMMARY|Test unit written/.test(line)),
    timeoutMs: (seconds + 120) * 1000,
  });
}

/**
 * @param {string} target
 * @param {number} seconds
 */
async function runTarget(target, seconds) {
  const found = `build/fuzz/found/${target}`;
  const grown = `build/fuzz/corpus/${target}`;
  for (const folder of [found, grown]) mkdirSync(`${root}/${folder}`, { recursive: true });
  const program = `build/fuzz/tests/fuzz/${target}_fuzz`;
  const { code, output } = await runFuzzer(program, target, { grown, found, seconds });
  const runs = /number_of_executed_units: +(\d+)/.exec(output)?.[1] ?? '0';
  const coverage = [...output.matchAll(/cov: (\d+)/g)].at(-1)?.[1] ?? '0';
  const ok = code === 0 && Number(runs) > 0;
  console.log(
    `fuzz: ${target.padEnd(16)} ${ok ? 'ok    ' : 'FAILED'} ${runs.padStart(9)} inputs, coverage ${coverage}`,
  );
  if (!ok) console.log(`fuzz: to see it again: ${program} ${found}/*`);
  return ok;
}
