// What a mutant is to break stands in the core, once: seen here, and not only when all are tried.
import { mutants as ofFuzzers } from '../../tests/fuzz/mutants.mjs';
import { mutants as ofSimulator } from '../../tests/sim/mutants.mjs';
import { read } from '../lib/files.mjs';

/** @returns {string[]} complaints */
export function checkMutants() {
  return [...ofFuzzers, ...ofSimulator].flatMap(
    (/** @type {import('../lib/mutants.mjs').Mutant} */ mutant) =>
      (mutant.also ? [mutant, mutant.also] : [mutant]).flatMap(({ file, find }) =>
        read(`src/${file}`).split(find).length === 2
          ? []
          : [`"${mutant.name}": "${find}" does not stand in src/${file} once`],
      ),
  );
}
