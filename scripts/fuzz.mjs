// npm run fuzz -- [target …] [--seconds N] [--at-once N] [--merge]: the fuzzers of tests/fuzz
// (libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer), each for some seconds, beginning
// with what tests/fuzz/corpus holds. With --merge none is run, but what earlier runs have found goes
// into the committed corpora.
import { existsSync, mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { mergeCorpus } from './fuzz_merge.mjs';
import { cmakeBuild } from './lib/cmake.mjs';
import { filesOf } from './lib/files.mjs';
import { CommandFailed, root, run, runLimited, runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

// Whose inputs a fuzzer begins with besides its own: it reads the same.
/** @type {Record<string, readonly string[]>} */
const ALIKE = { quick_jwt: ['jwt', 'json_reader'] };

/** @param {string} target */
export const fuzzerOf = (target) => `build/sanitize/tests/fuzz/${target}_fuzz`;

const allTargets = () =>
  filesOf('tests/fuzz', /_fuzz\.cpp$/).map((file) => basename(file, '_fuzz.cpp'));

/**
 * @param {{ seconds: number, targets?: readonly string[], atOnce?: number }} options
 * @returns {Promise<import('./test/unit.mjs').Totals>} one test for each target
 */
export async function fuzz({ seconds, targets = allTargets(), atOnce = 2 }) {
  await cmakeBuild('sanitize');
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const tasks = targets.map((target) => async () => {
    totals[(await survives(target, seconds)) ? 'passed' : 'failed']++;
  });
  await runLimited(tasks, atOnce);
  return totals;
}

/**
 * @param {string} target
 * @param {number} seconds
 */
async function survives(target, seconds) {
  const folders = { found: `build/fuzz/found/${target}`, grown: `build/fuzz/corpus/${target}` };
  const show = (/** @type {string} */ line) => /ERROR|SUMMARY|Test unit written/.test(line);
  const { code, output } = await runFuzzer(fuzzerOf(target), target, seconds, folders, { show });
  const runs = /number_of_executed_units: +(\d+)/.exec(output)?.[1] ?? '0';
  const coverage = [...output.matchAll(/cov: (\d+)/g)].at(-1)?.[1] ?? '0';
  const ok = code === 0 && Number(runs) > 0;
  const verdict = `${ok ? 'ok    ' : 'FAILED'} ${runs.padStart(9)} inputs, coverage ${coverage}`;
  console.log(`fuzz: ${target.padEnd(16)} ${verdict}`);
  if (!ok) console.log(`fuzz: to see it again: ${fuzzerOf(target)} ${folders.found}/*`);
  return ok;
}

/**
 * Runs one fuzzer. What is new goes to `grown`, which it begins with, too; an input that fails to
 * `found`; the corpus that is committed is only read.
 * @param {string} program
 * @param {string} target
 * @param {number} seconds
 * @param {{ grown: string, found: string }} folders
 * @param {{ flags?: readonly string[], show?: (line: string) => boolean }} [options]
 */
export function runFuzzer(program, target, seconds, { grown, found }, { flags = [], show } = {}) {
  for (const folder of [grown, found]) mkdirSync(`${root}/${folder}`, { recursive: true });
  const words = `tests/fuzz/dictionaries/${target}.dict`;
  const args = [
    `-max_total_time=${seconds}`,
    // Limits beyond that are reached by repetition, see tests/fuzz/fuzz.h; the slow inputs that
    // come of it are not to take all the time.
    ...['-max_len=1024', '-entropic_scale_per_exec_time=1'],
    ...(existsSync(`${root}/${words}`) ? [`-dict=${words}`] : []),
    ...['-timeout=20', '-rss_limit_mb=4096', '-print_final_stats=1', `-artifact_prefix=${found}/`],
    ...flags,
    grown,
    ...[target, ...(ALIKE[target] ?? [])].map((name) => `tests/fuzz/corpus/${name}`),
  ];
  return run(program.startsWith('/') ? program : `${root}/${program}`, args, {
    allowFailure: true,
    timeoutMs: (seconds + 120) * 1000,
    ...(show === undefined ? {} : { show }),
  });
}

await runMain(import.meta, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '60' },
      'at-once': { type: 'string', default: '2' },
      merge: { type: 'boolean', default: false },
    },
  });
  const [seconds, atOnce] = [Number(values.seconds), Number(values['at-once'])];
  if (!(seconds >= 1 && atOnce >= 1)) {
    throw new CommandFailed('--seconds and --at-once take a number from 1 on');
  }
  const targets = positionals.length > 0 ? positionals : allTargets();
  const unknown = targets.find((target) => !allTargets().includes(target));
  if (unknown !== undefined) {
    throw new CommandFailed(`No target ${unknown}; there are: ${allTargets().join(' ')}`);
  }
  await ensureSetup({ forTests: true });
  if (values.merge) {
    await cmakeBuild('sanitize');
    for (const target of targets) await mergeCorpus(target, fuzzerOf(target));
  } else if ((await fuzz({ seconds, targets, atOnce })).failed > 0) process.exitCode = 1;
});
