// npm run fuzz:mutants [-- NAME or TARGET]: shows that each fuzzer can fail. Each deliberate defect
// of tests/fuzz/mutants.mjs is put into a copy of the core in build/, and has to be caught from the
// committed corpus, or by fuzzing for half a minute from there.
import { join } from 'node:path';
import { mutants } from '../tests/fuzz/mutants.mjs';
import { fuzzerOf, runFuzzer } from './fuzz.mjs';
import { cmakeBuild } from './lib/cmake.mjs';
import { buildMutant, tryMutants } from './lib/mutants.mjs';
import { CommandFailed, root, runMain } from './lib/run.mjs';

const FOLDER = 'build/fuzz_mutants';
const SECONDS = 30;
const BUILD = join(root, 'build/sanitize');
// As in CMakePresets.json and CMakeLists.txt.
const FLAGS = [
  ...['-std=c++20', '-O1', '-g', '-fno-exceptions', '-fno-rtti', '-fno-omit-frame-pointer'],
  ...['-fsanitize=fuzzer,address,undefined,float-cast-overflow', '-fno-sanitize-recover=all'],
  ...['-DJSON_NOEXCEPTION', '-DJSON_NO_IO', '-isystem', join(BUILD, 'include/nlohmann_only')],
];

/**
 * @param {string} program
 * @param {string} target
 * @param {string} work a folder of its own
 * @param {number} seconds
 * @returns {Promise<import('./lib/mutants.mjs').Outcome>}
 */
async function attack(program, target, work, seconds) {
  const folders = { grown: `${work}/corpus`, found: work };
  const { code, output } = await runFuzzer(program, target, seconds, folders, {
    flags: ['-seed=1'],
  });
  const by =
    /does not hold: \S*\/(\S+)/.exec(output)?.[1] ??
    /SUMMARY: \w+: ([\w-]+)/.exec(output)?.[1] ??
    output.trim().slice(-100);
  const inputs = /number_of_executed_units: +(\d+)/.exec(output)?.[1] ?? '?';
  return { caught: code !== 0, by, after: output.includes('INITED') ? inputs : 'the corpus' };
}

await runMain(import.meta, async () => {
  const asked = process.argv[2] ?? '';
  const chosen = mutants
    .filter(({ name, target }) => target === asked || name.includes(asked))
    .map((mutant) => ({ ...mutant, name: `${mutant.target}: ${mutant.name}` }));
  await cmakeBuild('sanitize');
  const targets = [...new Set(chosen.map(({ target }) => target))];
  console.log(`the core as it is, by ${targets.join(', ')} …`);
  for (const target of targets) {
    const { caught, by } = await attack(fuzzerOf(target), target, `${FOLDER}/${target}`, 1);
    if (caught) throw new CommandFailed(`The core itself fails (${target}): ${by}`);
  }
  await tryMutants(chosen, 'inputs', async (mutant, place) => {
    const work = `${FOLDER}/${place}`;
    const program = await buildMutant(mutant, join(root, work), {
      compiler: 'clang++',
      flags: FLAGS,
      build: BUILD,
      objects: `tests/fuzz/CMakeFiles/${mutant.target}_fuzz.dir`,
    });
    return attack(program, mutant.target, work, SECONDS);
  });
});
