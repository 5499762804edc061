// The simulator of tests/sim, in the worlds where it finds nothing any more: fixed seeds, so that
// every run is the same one. `npm run sim` takes any other.
import { buildSim } from '../sim.mjs';
import { elapsed, runShowing } from '../lib/progress.mjs';

const worlds = [
  '--seed 7 --swarm --mode bearer --storage shared --events 12000000',
  '--seed 11 --swarm --mode bearer --storage shared --grace 0 --events 4000000',
  '--seed 1 --swarm --mode bearer --storage memory --events 2000000',
  '--seed 1 --swarm --mode bearer --storage per_tab --events 2000000',
  '--seed 1 --swarm --mode hybrid --storage memory --events 2000000',
  '--seed 1 --swarm --mode hybrid --storage per_tab --events 2000000',
  '--seed 60 --swarm --mode hybrid --storage shared --events 2000000',
  '--seed 240 --swarm --mode hybrid --storage shared --events 2000000',
  '--seed 1 --swarm --mode cookie --storage memory --events 2000000',
  '--seed 1 --swarm --mode cookie --storage per_tab --events 2000000',
  '--seed 1 --swarm --mode cookie --storage shared --events 2000000',
  '--exhaustive --mode bearer --storage shared',
];

/** @returns {Promise<import('./unit.mjs').Totals>} one test for each world */
export async function sim() {
  const program = await buildSim();
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const world of worlds) {
    const begin = performance.now();
    const { code } = await runShowing(`simulating ${world}`, program, world.split(' '), {
      // The faults and reasons of a run are for `npm run sim`.
      show: (line) => !/^( {2}|faults|sessions lost|events signedout)/.test(line),
      timeoutMs: 10 * 60_000,
    });
    totals[code === 0 ? 'passed' : 'failed']++;
    console.log(`sim: ${code === 0 ? 'ok    ' : 'FAILED'} ${world} (${elapsed(begin)})`);
    if (code !== 0) console.log(`sim: to see it again: npm run sim -- ${world} --trace`);
  }
  return totals;
}
