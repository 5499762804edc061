// Mutants: copies of the core with one deliberate defect each, by which a test shows that it can fail.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { elapsed, messageOf, runLimited } from './progress.mjs';
import { CommandFailed, root } from './run.mjs';

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
export function copyMutated({ name, file, find, replace }, folder) {
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
