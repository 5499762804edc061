// The simulator of tests/sim in all its worlds, and every interleaving of small ones: fixed seeds, so
// that every run is the same one. `npm run sim` takes any other, `npm run sim:soak` many.
import { worlds } from '../../tests/sim/worlds.mjs';
import { elapsed, runLimited, runShowing } from '../lib/progress.mjs';
import { buildSim } from '../sim.mjs';

const EVENTS = 1_000_000;

const runs = [
  ...[
    ['--mode', 'bearer', '--storage', 'shared', '--locks', 'web'],
    ['--mode', 'bearer', '--storage', 'shared', '--locks', 'none'],
    ['--mode', 'cookie', '--storage', 'shared', '--locks', 'web'],
  ].map((world) => ['--exhaustive', ...world]),
  ...worlds.map((world) => ['--swarm', '--seed', '1', '--events', String(EVENTS), ...world]),
];

/** @returns {Promise<import('./unit.mjs').Totals>} one test for each world */
export async function sim() {
  const program = await buildSim();
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const tasks = runs.map((args) => async () => {
    const begin = performance.now();
    const { code, output } = await runShowing(`simulating ${args.join(' ')}`, program, args, {
      show: () => false,
      timeoutMs: 10 * 60_000,
    });
    totals[code === 0 ? 'passed' : 'failed']++;
    const figures = /^(exhaustive: .*states|\d+ events)/m.exec(output)?.[0] ?? '';
    console.log(
      `sim: ${code === 0 ? 'ok    ' : 'FAILED'} ${args.join(' ')}: ${figures} (${elapsed(begin)})`,
    );
    if (code !== 0) console.log(output);
  });
  await runLimited(tasks, 2);
  return totals;
}
