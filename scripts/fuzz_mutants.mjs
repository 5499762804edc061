// npm run fuzz:mutants [-- NAME or TARGET]: shows that each fuzzer can fail. Each deliberate defect
// of tests/fuzz/mutants.mjs is put into a copy of the core in build/, and has to be caught from the
// committed corpus, or by fuzzing for half a minute from there.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mutants } from '../tests/fuzz/mutants.mjs';
import { buildMutant, tryMutants } from './lib/mutants.mjs';
import { CommandFailed, isMain, root, runMain } from './lib/run.mjs';
import { buildFuzzers, fuzzFolder, runFuzzer } from './test/fuzz.mjs';

const folder = join(root, 'build/fuzz_mutants');
const SECONDS = 30;
// As in CMakePresets.json and CMakeLists.txt.
const FLAGS = [
  ...['-std=c++20', '-O1', '-g', '-fno-exceptions', '-fno-rtti', '-fno-omit-frame-pointer'],
  ...['-fsanitize=fuzzer,address,undefined,float-cast-overflow', '-fno-sanitize-recover=all'],
  ...['-DJSON_NOEXCEPTION', '-DJSON_NO_IO'],
];

/**
 * @param {string} program
 * @param {string} target
 * @param {string} work a folder of its own
 * @param {number} seconds
 * @returns {Promise<import('./lib/mutants.mjs').Outcome>}
 */
async function attack(program, target, work, seconds) {
  mkdirSync(join(work, 'corpus'), { recursive: true });
  const { code, output } = await runFuzzer(program, target, {
    grown: join(work, 'corpus'),
    found: work,
    seconds,
    flags: ['-seed=1'],
    show: () => false,
  });
  const by =
    /does not hold: \S*\/(\S+)/.exec(output)?.[1] ??
    /SUMMARY: \w+: ([\w-]+)/.exec(output)?.[1] ??
    output.trim().slice(-100);
  const inputs = /number_of_executed_units: +(\d+)/.exec(output)?.[1] ?? '?';
  return { caught: code !== 0, by, after: output.includes('INITED') ? inputs : 'the corpus' };
}

/**
 * @param {import('../tests/fuzz/mutants.mjs').FuzzMutant} mutant
 * @param {number} place
 */
async function tryMutant(mutant, place) {
  const source = join(folder, String(place));
  const program = await buildMutant(mutant, source, {
    compiler: 'clang++',
    flags: [...FLAGS, '-isystem', join(fuzzFolder, 'include/nlohmann_only')],
    build: fuzzFolder,
    objects: `tests/fuzz/CMakeFiles/${mutant.target}_fuzz.dir`,
  });
  return attack(program, mutant.target, source, SECONDS);
}

async function main() {
  const asked = process.argv[2];
  const chosen = mutants.filter(
    ({ name, target }) => asked === undefined || target === asked || name.includes(asked),
  );
  await buildFuzzers();
  const targets = [...new Set(chosen.map(({ target }) => target))];
  console.log(`the core as it is, by ${targets.join(', ')} …`);
  for (const target of targets) {
    const program = join(fuzzFolder, `tests/fuzz/${target}_fuzz`);
    const { caught, by } = await attack(program, target, join(folder, target), 1);
    if (caught) throw new CommandFailed(`The core itself fails (${target}): ${by}`, '');
  }
  await tryMutants(
    chosen.map((mutant) => ({ ...mutant, name: `${mutant.target}: ${mutant.name}` })),
    'inputs',
    tryMutant,
  );
}

if (isMain(import.meta)) await runMain(main);
