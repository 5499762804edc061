// npm run sim -- --seed S --events N [--tabs T] [--swarm] [--trace] [--exhaustive] …: builds the
// simulator of tests/sim natively and runs it; `--help` lists all it takes.
import { cmakeBuild } from './lib/cmake.mjs';
import { elapsed, root, run, runLimited, runMain } from './lib/run.mjs';

export const simFolder = `${root}/build/native`;

/** Builds it; gives the executable. */
export async function buildSim() {
  await cmakeBuild('native', { targets: ['sim'] });
  return `${simFolder}/tests/sim/sim`;
}

/**
 * Runs it in several ways, two at a time, and prints a line for each.
 * @param {readonly (readonly string[])[]} runs the arguments of each
 * @param {{ timeoutMs?: number }} [limit] of each
 * @returns {Promise<string[]>} what those printed that found nothing wrong
 */
export async function simulate(runs, limit = {}) {
  const program = await buildSim();
  /** @type {string[]} */
  const printed = [];
  let done = 0;
  const tasks = runs.map((args) => async () => {
    const begin = performance.now();
    const { code, output } = await run(program, args, { allowFailure: true, ...limit });
    const place = `${String(++done).padStart(4)} of ${runs.length}`;
    const figures = /^(exhaustive: .*states|\d+ events in .* events\/s)/m.exec(output)?.[0] ?? '';
    const verdict = code === 0 ? 'ok    ' : 'FAILED';
    console.log(`sim: ${place} ${verdict} ${args.join(' ')}: ${figures} (${elapsed(begin)})`);
    if (code === 0) printed.push(output);
    else console.log(output);
  });
  await runLimited(tasks, 2);
  return printed;
}

await runMain(import.meta, async () => {
  const sim = await buildSim();
  const options = { interactive: true, allowFailure: true };
  process.exitCode = (await run(sim, process.argv.slice(2), options)).code;
});
