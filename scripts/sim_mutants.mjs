// npm run sim:mutants [-- NAME]: shows that the simulator can fail. Each deliberate defect of
// tests/sim/mutants.mjs is put into a copy of the core in build/, and has to be caught.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutants, worldOf } from '../tests/sim/mutants.mjs';
import { elapsed, messageOf, runLimited } from './lib/progress.mjs';
import { CommandFailed, isMain, root, run, runMain } from './lib/run.mjs';
import { buildSim, simFolder } from './sim.mjs';

const folder = join(root, 'build/sim_mutants');
const EVENTS = '5000000';
const FLAGS = ['-std=c++20', '-O2', '-fno-exceptions', '-fno-rtti'];

/** @typedef {{ caught: boolean, invariant: string, events: number }} Outcome */

/**
 * @param {string} sim the executable
 * @param {string[]} world
 * @returns {Promise<Outcome>}
 */
async function simulate(sim, world) {
  const { code, stdout, output } = await run(
    sim,
    ['--swarm', '--seed', '1', '--events', EVENTS, ...world],
    { allowFailure: true, timeoutMs: 120_000 },
  );
  const invariant = /^VIOLATED (\w+)/m.exec(stdout)?.[1];
  // The run's own events, and those of the runs before it.
  const events = Number(/^ {2}in all after (\d+) events/m.exec(stdout)?.[1] ?? 0);
  if (invariant !== undefined) return { caught: true, invariant, events };
  if (code !== 0) return { caught: true, invariant: `crash: ${output.trim().slice(-100)}`, events };
  return { caught: false, invariant: '', events: 0 };
}

/**
 * @param {import('../tests/sim/mutants.mjs').Mutant} mutant
 * @param {number} place
 * @returns {Promise<Outcome>}
 */
async function tryMutant(mutant, place) {
  const source = join(folder, String(place));
  rmSync(source, { recursive: true, force: true });
  cpSync(join(root, 'src'), source, { recursive: true });
  const file = join(source, mutant.file);
  const text = readFileSync(file, 'utf8');
  if (text.split(mutant.find).length !== 2) {
    throw new CommandFailed(`"${mutant.name}": does not stand in src/${mutant.file} once`, '');
  }
  writeFileSync(
    file,
    text.replace(mutant.find, () => mutant.replace),
  );

  // The mutated objects come before the library, which is then left to give the others.
  const sources = mutant.file.endsWith('.h')
    ? readdirSync(source).filter((name) => /^(session|requests).*\.cpp$/.test(name))
    : [mutant.file];
  const objects = join(simFolder, 'tests/sim/CMakeFiles/sim.dir');
  const sim = join(source, 'sim');
  await run('g++', [
    ...FLAGS,
    ...['-iquote', source, ...sources.map((name) => join(source, name))],
    ...readdirSync(objects)
      .filter((name) => name.endsWith('.o'))
      .map((name) => join(objects, name)),
    ...[join(simFolder, 'libbearerkit_core.a'), '-o', sim],
  ]);
  return simulate(sim, worldOf(mutant));
}

async function main() {
  const begin = performance.now();
  const asked = process.argv[2];
  const chosen = mutants.filter(({ name }) => asked === undefined || name.includes(asked));
  const sim = await buildSim();
  mkdirSync(folder, { recursive: true });

  console.log(`the core as it is, in the worlds of all ${chosen.length} mutants …`);
  for (const world of new Set(chosen.map((mutant) => worldOf(mutant).join(' ')))) {
    const { caught, invariant } = await simulate(sim, world.split(' '));
    if (caught) throw new CommandFailed(`The core itself fails (${world}): ${invariant}`, '');
  }

  let missed = 0;
  console.log(`${'mutant'.padEnd(62)} ${'caught by'.padEnd(24)} events`);
  const tasks = chosen.map((mutant, place) => async () => {
    /** @type {Outcome} */
    let outcome;
    try {
      outcome = await tryMutant(mutant, place);
    } catch (error) {
      outcome = { caught: false, invariant: messageOf(error), events: 0 };
    }
    if (!outcome.caught) missed++;
    const by = outcome.caught ? outcome.invariant : `NOT CAUGHT ${outcome.invariant}`;
    console.log(`${mutant.name.padEnd(62)} ${by.padEnd(24)} ${outcome.events}`);
  });
  await runLimited(tasks, 2);
  console.log(`${chosen.length - missed} of ${chosen.length} caught (${elapsed(begin)})`);
  if (missed > 0) process.exitCode = 1;
}

if (isMain(import.meta)) await runMain(main);
