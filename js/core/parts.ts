// What is no token by its outer form. It is seen here, and not in the core: a text of a megabyte is not
// copied for that.
import { MAX_TOKEN_BYTES } from '#generated/limits';

import { JwtError } from '../jwt_error.ts';

// Throws for what is no string, or beyond the cap (D6).
function checkSize(token: unknown): asserts token is string {
  if (typeof token !== 'string') throw new JwtError('not_a_string');
  if (token.length > MAX_TOKEN_BYTES) throw new JwtError('too_large');
}

/**
 * The place of the second of its two dots.
 * @throws {JwtError} where there are not three parts (D1), or the token is none by its size
 */
export function secondDotOf(token: string): number {
  checkSize(token);
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (second <= first || token.indexOf('.', second + 1) >= 0) throw wrongParts(token);
  return second;
}

/** As it is written. Throws as secondDotOf does. */
export function partsOf(token: string): { header: string; payload: string; signature: string } {
  const second = secondDotOf(token);
  const first = token.indexOf('.');
  return {
    header: token.slice(0, first),
    payload: token.slice(first + 1, second),
    signature: token.slice(second + 1),
  };
}

// A JWE has five parts (D1).
function wrongParts(token: string): JwtError {
  let dots = 0;
  for (let at = -1; dots < 5 && (at = token.indexOf('.', at + 1)) >= 0;) dots++;
  return new JwtError(dots === 4 ? 'encrypted' : 'malformed');
}
