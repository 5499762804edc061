// npm run sim:mutants [-- NAME]: shows that the simulator can fail. Each deliberate defect of
// tests/sim/mutants.mjs is put into a copy of the core in build/, and has to be caught.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mutants, worldOf } from '../tests/sim/mutants.mjs';
import { buildMutant, tryMutants } from './lib/mutants.mjs';
import { CommandFailed, isMain, root, run, runMain } from './lib/run.mjs';
import { buildSim, simFolder } from './sim.mjs';

const folder = join(root, 'build/sim_mutants');
const EVENTS = '5000000';
const FLAGS = ['-std=c++20', '-O2', '-fno-exceptions', '-fno-rtti'];

/**
 * @param {string} sim the executable
 * @param {string[]} world
 * @returns {Promise<import('./lib/mutants.mjs').Outcome>}
 */
async function simulate(sim, world) {
  const { code, stdout, output } = await run(
    sim,
    ['--swarm', '--seed', '1', '--events', EVENTS, ...world],
    { allowFailure: true, timeoutMs: 600_000 },
  );
  const invariant = /^VIOLATED (\w+)/m.exec(stdout)?.[1];
  // The run's own events, and those of the runs before it.
  const events = Number(/^ {2}in all after (\d+) events/m.exec(stdout)?.[1] ?? 0);
  if (invariant !== undefined) return { caught: true, by: invariant, after: events };
  if (code !== 0) return { caught: true, by: `crash: ${output.trim().slice(-100)}`, after: events };
  return { caught: false, by: '', after: 0 };
}

/**
 * @param {import('../tests/sim/mutants.mjs').Mutant} mutant
 * @param {number} place
 */
async function tryMutant(mutant, place) {
  const sim = await buildMutant(mutant, join(folder, String(place)), {
    compiler: 'g++',
    flags: FLAGS,
    build: simFolder,
    objects: 'tests/sim/CMakeFiles/sim.dir',
  });
  return simulate(sim, worldOf(mutant));
}

async function main() {
  const asked = process.argv[2];
  const chosen = mutants.filter(({ name }) => asked === undefined || name.includes(asked));
  const sim = await buildSim();
  mkdirSync(folder, { recursive: true });

  console.log(`the core as it is, in the worlds of all ${chosen.length} mutants …`);
  for (const world of new Set(chosen.map((mutant) => worldOf(mutant).join(' ')))) {
    const { caught, by } = await simulate(sim, world.split(' '));
    if (caught) throw new CommandFailed(`The core itself fails (${world}): ${by}`, '');
  }
  await tryMutants(chosen, 'events', tryMutant);
}

if (isMain(import.meta)) await runMain(main);
