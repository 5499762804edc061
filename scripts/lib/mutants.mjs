// Mutants: copies of the core with one deliberate defect each, by which a test shows that it can fail.
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandFailed, elapsed, messageOf, root, run, runLimited } from './run.mjs';

/** `find` stands in src/`file` exactly once and becomes `replace`.
 * @typedef {{ file: string, find: string, replace: string }} Edit */

/** `also`: where two lines guard against the same, one defect is to take away both.
 * @typedef {Edit & { name: string, also?: Edit }} Mutant */

/**
 * `by` says what has caught it, or why nothing has.
 * @typedef {{ caught: boolean, by: string, after: string | number }} Outcome
 */

/**
 * Each file that has the defect, as it is then.
 * @param {Mutant} mutant
 * @returns {{ file: string, text: string }[]}
 * @throws {CommandFailed} where what is to be broken does not stand there once
 */
export function mutate({ name, also, ...edit }) {
  return (also ? [edit, also] : [edit]).map(({ file, find, replace }) => {
    const [before = '', after, ...more] = readFileSync(join(root, 'src', file), 'utf8').split(find);
    if (after === undefined || more.length > 0) {
      throw new CommandFailed(`"${name}": "${find}" does not stand in src/${file} once`);
    }
    return { file, text: before + replace + after };
  });
}

/**
 * Puts a copy of src/ into `folder`, with the defect; gives the files that have it.
 * @param {Mutant} mutant
 * @param {string} folder
 */
function copyMutated(mutant, folder) {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(root, 'src'), folder, { recursive: true });
  return mutate(mutant).map(({ file, text }) => {
    writeFileSync(join(folder, file), text);
    return file;
  });
}

/**
 * Builds a program with the defect; gives its file.
 * @param {Mutant} mutant
 * @param {string} source where the copy of src/ and the program go
 * @param {{ compiler: string, flags: readonly string[], build: string, objects: string }} how
 *   `build` has the core's library, and in its folder `objects` what the program is made of besides
 */
export async function buildMutant(mutant, source, { compiler, flags, build, objects }) {
  const files = copyMutated(mutant, source);
  // What a header of a folder is for is that folder.
  const mutated = new Set(
    files.flatMap((file) =>
      file.endsWith('.h') ? filesIn(join(source, dirname(file)), '.cpp') : [join(source, file)],
    ),
  );
  // An object whose source is gone stays in the build's folder.
  const from = join(root, dirname(dirname(objects)));
  const others = filesIn(join(build, objects), '.o').filter((file) =>
    existsSync(join(from, basename(file, '.o'))),
  );
  const program = join(source, 'program');
  // The mutated objects come before the library, which is then left to give the others.
  const parts = [...mutated, ...others, join(build, 'libbearerkit_core.a')];
  await run(compiler, [...flags, '-iquote', source, ...parts, '-o', program]);
  return program;
}

/**
 * @param {string} folder
 * @param {string} end
 */
const filesIn = (folder, end) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));

/**
 * Tries all of them, two at once, and prints a line for each. Ends the script badly if one gets by.
 * @template {Mutant} Kind
 * @param {readonly Kind[]} mutants
 * @param {string} unit of `after`
 * @param {(mutant: Kind, place: number) => Promise<Outcome>} tryOne
 */
export async function tryMutants(mutants, unit, tryOne) {
  const begin = performance.now();
  let missed = 0;
  /** @param {(string | number)[]} cells */
  const print = (...[name = '', by = '', after]) =>
    console.log(`${String(name).padEnd(62)} ${String(by).padEnd(24)} ${after}`);
  print('mutant', 'caught by', unit);
  const tasks = mutants.map((mutant, place) => async () => {
    const { caught, by, after } = await tryOne(mutant, place).catch(
      (/** @type {unknown} */ error) => ({
        caught: false,
        by: messageOf(error),
        after: '',
      }),
    );
    if (!caught) missed++;
    print(mutant.name, caught ? by : `NOT CAUGHT ${by}`, after);
  });
  await runLimited(tasks, 2);
  console.log(`${mutants.length - missed} of ${mutants.length} caught (${elapsed(begin)})`);
  if (missed > 0) process.exitCode = 1;
}
