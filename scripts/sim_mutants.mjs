// npm run sim:mutants [-- NAME]: shows that the simulator can fail. Each deliberate defect of
// tests/sim/mutants.mjs is put into a copy of the core in build/, and has to be caught.
import { join } from 'node:path';
import { mutants, worldOf } from '../tests/sim/mutants.mjs';
import { buildMutant, tryMutants } from './lib/mutants.mjs';
import { CommandFailed, root, run, runMain } from './lib/run.mjs';
import { buildSim, simFolder } from './sim.mjs';

const EVENTS = '5000000';
const HOW = {
  compiler: 'g++',
  flags: ['-std=c++20', '-O2', '-fno-exceptions', '-fno-rtti'],
  build: simFolder,
  objects: 'tests/sim/CMakeFiles/sim.dir',
};

/**
 * @param {string} sim the executable
 * @param {string[]} world
 * @returns {Promise<import('./lib/mutants.mjs').Outcome>}
 */
async function attack(sim, world) {
  const args = ['--swarm', '--seed', '1', '--events', EVENTS, ...world];
  const { code, output } = await run(sim, args, { allowFailure: true, timeoutMs: 600_000 });
  const by = /^VIOLATED (\w+)/m.exec(output)?.[1] ?? `crash: ${output.trim().slice(-100)}`;
  // The run's own events, and those of the runs before it.
  const after = Number(/^ {2}in all after (\d+) events/m.exec(output)?.[1] ?? 0);
  return code === 0 ? { caught: false, by: '', after: 0 } : { caught: true, by, after };
}

await runMain(import.meta, async () => {
  const asked = process.argv[2] ?? '';
  const chosen = mutants.filter(({ name }) => name.includes(asked));
  const sim = await buildSim();
  console.log(`the core as it is, in the worlds of all ${chosen.length} mutants …`);
  for (const world of new Set(chosen.map((mutant) => worldOf(mutant).join(' ')))) {
    const { caught, by } = await attack(sim, world.split(' '));
    if (caught) throw new CommandFailed(`The core itself fails (${world}): ${by}`);
  }
  await tryMutants(chosen, 'events', async (mutant, place) => {
    const folder = join(root, 'build/sim_mutants', String(place));
    return attack(await buildMutant(mutant, folder, HOW), worldOf(mutant));
  });
});
