// The JSON of a part of a token: what JSON.parse takes, but for what D3 refuses besides.
import { MAX_JSON_DEPTH } from '#generated/limits';

import { JwtError, type TokenPart } from '../jwt_error.ts';

// A string, or what begins as one and does not end: so no text is read twice.
const STRINGS = /"(?:[^"\\]|\\[^])*"?/g;
// All others are within the range of a double: 299 digits with an exponent of one digit are.
const MAY_BE_TOO_LARGE = /\d[eE]\+?\d\d|(?:^|\D)\d{300}/;

/** @throws {JwtError} with the part, and without an offset: JSON.parse does not tell it */
export function objectOf(text: string, part: TokenPart): object {
  let value: unknown;
  let code: 'invalid_json' | undefined;
  try {
    value = JSON.parse(text);
  } catch {
    code = 'invalid_json'; // what is thrown quotes the text (D10)
  }
  if (isTooDeep(text)) throw new JwtError('too_deep', part);
  if (code) throw new JwtError(code, part);
  if (hasTooLargeNumber(text)) throw new JwtError('number_out_of_range', part);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new JwtError('not_an_object', part);
  }
  return value;
}

function isTooDeep(text: string): boolean {
  if (countOf(text, '{') + countOf(text, '[') <= MAX_JSON_DEPTH) return false;
  let depth = 0;
  for (const [bracket] of text.replace(STRINGS, '').matchAll(/[[\]{}]/g)) {
    depth += '[{'.includes(bracket) ? 1 : -1;
    if (depth > MAX_JSON_DEPTH) return true;
  }
  return false;
}

// Also one of a member that another of its name overrides (E2): in what JSON.parse made it is gone.
function hasTooLargeNumber(text: string): boolean {
  if (!MAY_BE_TOO_LARGE.test(text)) return false;
  const numbers = text.replace(STRINGS, '').match(/-?\d[\d.eE+-]*/g) ?? [];
  return numbers.some((number) => !Number.isFinite(Number(number)));
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}
