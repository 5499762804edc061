// The simulator of tests/sim in all its worlds, and every interleaving of small ones: fixed seeds, so
// that every run is the same one. `npm run sim` takes any other, `npm run sim:soak` many.
import { worlds } from '../../tests/sim/worlds.mjs';
import { simulate } from '../sim.mjs';

const SMALL_WORLDS = [
  ['--mode', 'bearer', '--storage', 'shared', '--locks', 'web'],
  ['--mode', 'bearer', '--storage', 'shared', '--locks', 'none'],
  ['--mode', 'cookie', '--storage', 'shared', '--locks', 'web'],
];

/** @returns {Promise<import('./unit.mjs').Totals>} one test for each world */
export async function sim() {
  const runs = [
    ...SMALL_WORLDS.map((world) => ['--exhaustive', ...world]),
    ...worlds.map((world) => ['--swarm', '--seed', '1', '--events', '1000000', ...world]),
  ];
  const passed = (await simulate(runs, { timeoutMs: 10 * 60_000 })).length;
  return { passed, failed: runs.length - passed, skipped: 0 };
}
