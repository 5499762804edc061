// What is no token by its outer form. It is seen here, and not in the core: a text of a megabyte is not
// copied for that.
import { MAX_TOKEN_BYTES } from '#generated/limits';

import { JwtError } from '../jwt_error.ts';

/** @throws {JwtError} for what is no string, or beyond the cap (D6) */
export function checkSize(token: unknown): asserts token is string {
  if (typeof token !== 'string') throw new JwtError('not_a_string');
  if (token.length > MAX_TOKEN_BYTES) throw new JwtError('too_large');
}

/** The error of a token that has not three parts (D1). */
export function wrongParts(token: string): JwtError {
  let dots = 0;
  for (let at = -1; dots < 5 && (at = token.indexOf('.', at + 1)) >= 0;) dots++;
  return new JwtError(dots === 4 ? 'encrypted' : 'malformed');
}
