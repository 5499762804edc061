// Mutants: copies of the core with one deliberate defect each, by which a test shows that it can fail.
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { elapsed, messageOf, runLimited } from './progress.mjs';
import { CommandFailed, root, run } from './run.mjs';

/** `find` stands in src/`file` exactly once and becomes `replace`.
 * @typedef {{ name: string, file: string, find: string, replace: string }} Mutant */

/**
 * `by` says what has caught it, or why nothing has.
 * @typedef {{ caught: boolean, by: string, after: string | number }} Outcome
 */

/**
 * Puts a copy of src/ into `folder`, with the defect.
 * @param {Mutant} mutant
 * @param {string} folder
 */
function copyMutated({ name, file, find, replace }, folder) {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(root, 'src'), folder, { recursive: true });
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2) {
    throw new CommandFailed(`"${name}": does not stand in src/${file} once`, '');
  }
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
}

/**
 * Builds a program with the defect; gives its file.
 * @param {Mutant} mutant
 * @param {string} source where the copy of src/ and the program go
 * @param {{ compiler: string, flags: readonly string[], build: string, objects: string }} how
 *   `build` has the core's library, and in its folder `objects` what the program is made of besides
 */
export async function buildMutant(mutant, source, { compiler, flags, build, objects }) {
  copyMutated(mutant, source);
  // The mutated objects come before the library, which is then left to give the others.
  // What a header of a folder is for is that folder.
  const folder = dirname(mutant.file);
  const sources = mutant.file.endsWith('.h')
    ? readdirSync(join(source, folder))
        .filter((name) => name.endsWith('.cpp'))
        .map((name) => join(folder, name))
    : [mutant.file];
  const program = join(source, 'program');
  // An object whose source is gone stays in the build's folder.
  const from = join(root, dirname(dirname(objects)));
  await run(compiler, [
    ...flags,
    ...['-iquote', source, ...sources.map((name) => join(source, name))],
    ...readdirSync(join(build, objects))
      .filter((name) => name.endsWith('.o') && existsSync(join(from, name.slice(0, -2))))
      .map((name) => join(build, objects, name)),
    ...[join(build, 'libbearerkit_core.a'), '-o', program],
  ]);
  return program;
}

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
  console.log(`${'mutant'.padEnd(62)} ${'caught by'.padEnd(24)} ${unit}`);
  const tasks = mutants.map((mutant, place) => async () => {
    /** @type {Outcome} */
    let outcome;
    try {
      outcome = await tryOne(mutant, place);
    } catch (error) {
      outcome = { caught: false, by: messageOf(error), after: '' };
    }
    if (!outcome.caught) missed++;
    const by = outcome.caught ? outcome.by : `NOT CAUGHT ${outcome.by}`;
    console.log(`${mutant.name.padEnd(62)} ${by.padEnd(24)} ${outcome.after}`);
  });
  await runLimited(tasks, 2);
  console.log(`${mutants.length - missed} of ${mutants.length} caught (${elapsed(begin)})`);
  if (missed > 0) process.exitCode = 1;
}
