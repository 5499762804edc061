// What a mutant is to break stands in the core: seen here, and not only when all are tried.
import { mutants as ofFuzzers } from '../../tests/fuzz/mutants.mjs';
import { mutants as ofSimulator } from '../../tests/sim/mutants.mjs';
import { mutate } from '../lib/mutants.mjs';
import { messageOf } from '../lib/run.mjs';

/** @returns {string[]} complaints */
export function checkMutants() {
  return [...ofFuzzers, ...ofSimulator].flatMap((mutant) => {
    try {
      mutate(mutant);
      return [];
    } catch (error) {
      return [messageOf(error)];
    }
  });
}
