// Deliberate defects of the core, one each: `find` stands in `file` exactly once and becomes
// `replace`; `also` is a second such place, where two lines guard against the same.
// scripts/sim_mutants.mjs shows that the simulator catches every one of them. `args`: the world in
// which it shows, if not one with bearer tokens in localStorage.
import { bearer } from './mutant_worlds.mjs';
import { mutantsOfHandOvers } from './mutants_of_hand_overs.mjs';
import { mutantsOfRefreshes } from './mutants_of_refreshes.mjs';
import { mutantsOfRefusals } from './mutants_of_refusals.mjs';
import { mutantsOfRequests } from './mutants_of_requests.mjs';
import { mutantsOfSessions } from './mutants_of_sessions.mjs';
import { mutantsOfTabs } from './mutants_of_tabs.mjs';
import { mutantsOfTurns } from './mutants_of_turns.mjs';

/** @typedef {import('../../scripts/lib/mutants.mjs').Mutant & { args?: string[] }} Mutant */

/** @type {Mutant[]} */
export const mutants = [
  ...mutantsOfRequests,
  ...mutantsOfRefreshes,
  ...mutantsOfTurns,
  ...mutantsOfTabs,
  ...mutantsOfSessions,
  ...mutantsOfHandOvers,
  ...mutantsOfRefusals,
];

/** @param {Mutant} mutant */
export const worldOf = (mutant) => mutant.args ?? bearer;
