// The error of decoding. It stands alone: who only decodes need not load the client's errors.
// D10: no message holds any part of a token.
import type { ERROR_CODES, TOKEN_PARTS } from '#generated/abi';

// For each code what happened, and what to do. In the order in which the core counts its codes (a test compares them).
export const JWT_ADVICE = {
  malformed: 'The token does not have three parts. Pass it whole, without "Bearer ".',
  encrypted: 'The token is encrypted (JWE). Use it as it is.',
  too_large: 'The token is longer than 1 MiB. Check that it is a token.',
  invalid_base64url: 'The token is not base64url. Check that it is whole.',
  invalid_utf8: 'The token is not UTF-8. Tell its issuer.',
  invalid_json: 'The token is not JSON. Tell its issuer.',
  not_an_object: 'The token is not a JSON object. Check that it is a JWT.',
  too_deep: 'The token is nested deeper than 256 levels. Tell its issuer.',
  number_out_of_range: 'The token has a number too large for JavaScript. Tell its issuer.',
  invalid_numeric_date: 'The token has an exp, nbf or iat that is no number. Tell its issuer.',
  not_a_string: 'The token is not a string. Pass it as one.',
} as const satisfies Partial<Record<(typeof ERROR_CODES)[number], string>>;

/** Why a token could not be decoded. docs/ERRORS.md says of each code when, and what to do. */
export type JwtErrorCode = keyof typeof JWT_ADVICE;

/** The part of a token that an error is about. */
export type TokenPart = Exclude<(typeof TOKEN_PARTS)[number], 'none'>;

/**
 * A token that cannot be decoded (RFC 7515 §2–4, RFC 7519 §7.2). Holds where it is broken, never a
 * piece of it (D10). One that can be decoded is not verified by that.
 */
export class JwtError extends Error {
  /** Of the class. */
  override readonly name: string = 'JwtError';
  /** What is wrong, for programs. */
  readonly code: JwtErrorCode;
  /** The part it is about, where it is about one. */
  readonly part: TokenPart | undefined;
  /**
   * Where in that part: a byte of its base64url text for `invalid_base64url`, of the decoded
   * bytes for the others. `bearerkit/decode` tells it for `invalid_base64url` alone.
   */
  readonly offset: number | undefined;

  constructor(code: JwtErrorCode, part?: TokenPart, offset?: number) {
    const where = offset === undefined ? '' : `, offset ${offset}`;
    super(JWT_ADVICE[code] + (part === undefined ? '' : ` (${part}${where})`));
    this.code = code;
    this.part = part;
    this.offset = part === undefined ? undefined : offset;
  }
}
