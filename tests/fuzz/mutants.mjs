// Deliberate defects of the core, one each, and the target that has to see it: `find` stands in
// src/`file` exactly once and becomes `replace`. scripts/fuzz_mutants.mjs shows that each is seen.
import { mutantsOfBase64url } from './mutants_of_base64url.mjs';
import { mutantsOfBearerChallenge } from './mutants_of_bearer_challenge.mjs';
import { mutantsOfJsonReader } from './mutants_of_json_reader.mjs';
import { mutantsOfJwt } from './mutants_of_jwt.mjs';
import { mutantsOfMachine } from './mutants_of_machine.mjs';
import { mutantsOfOrigin } from './mutants_of_origin.mjs';
import { mutantsOfQuickJwt } from './mutants_of_quick_jwt.mjs';
import { mutantsOfRecord } from './mutants_of_record.mjs';
import { mutantsOfRetryAfter } from './mutants_of_retry_after.mjs';
import { mutantsOfTokenResponse } from './mutants_of_token_response.mjs';

/** @typedef {import('../../scripts/lib/mutants.mjs').Mutant & { target: string }} FuzzMutant */

/** @type {Record<string, import('../../scripts/lib/mutants.mjs').Mutant[]>} */
const byTarget = {
  base64url: mutantsOfBase64url,
  jwt: mutantsOfJwt,
  json_reader: mutantsOfJsonReader,
  quick_jwt: mutantsOfQuickJwt,
  bearer_challenge: mutantsOfBearerChallenge,
  token_response: mutantsOfTokenResponse,
  retry_after: mutantsOfRetryAfter,
  record: mutantsOfRecord,
  origin: mutantsOfOrigin,
  machine: mutantsOfMachine,
};

/** @type {FuzzMutant[]} */
export const mutants = Object.entries(byTarget).flatMap(([target, all]) =>
  all.map((mutant) => ({ ...mutant, target })),
);
