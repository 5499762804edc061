// The two error classes, and for each code one sentence on what happened and one on what to do.
// D10: no message holds any part of a token, and no `cause` is kept that could.
import type { ERROR_CODES, SIGN_OUT_REASONS, TOKEN_PARTS } from '#generated/abi';

type ErrorName = Exclude<(typeof ERROR_CODES)[number], 'none'>;

const JWT_ADVICE = {
  malformed:
    'The token has not exactly three parts with dots between them. Pass the bare token, without "Bearer "; an opaque token cannot be decoded.',
  encrypted:
    'The token has five parts: it is encrypted (JWE). Only the audience it was made for can read it; use it as it is.',
  too_large: 'The token is longer than the limit of 1 MiB. Check that it is a token.',
  invalid_base64url:
    'The token is not base64url without padding. Check that it was copied whole and not URL-decoded.',
  invalid_utf8: 'The token holds bytes that are no UTF-8. Report it to whoever issues the tokens.',
  invalid_json: 'The token holds no valid JSON. Report it to whoever issues the tokens.',
  not_an_object: 'The token holds JSON that is no object. Check that it is a JWT.',
  too_deep: 'The token nests deeper than 256 levels. Check where it comes from.',
  number_out_of_range:
    'The token holds a number that JavaScript cannot hold. Report it to whoever issues the tokens.',
  invalid_numeric_date:
    'The claim exp, nbf or iat is no number. Report it to whoever issues the tokens.',
  not_a_string: 'The token is not a string. Pass the compact token as a string.',
} as const satisfies Partial<Record<ErrorName, string>>;

const AUTH_ADVICE = {
  invalid_config: 'An option of createAuthClient cannot be used. Correct it.',
  invalid_access_token:
    'The access token holds characters that no Authorization header may carry. Pass it as the server sent it, without "Bearer ".',
  invalid_token_response:
    'What was handed in is no token response. Pass the object with access_token or accessToken that the server answered.',
  unsupported_token_type:
    'The token type is not Bearer. Ask the server for Bearer tokens; others are not supported.',
  refresh_failed:
    'The tokens could not be refreshed for the moment; the session is kept. Try again after retryAt.',
  refresh_rejected:
    'The server refused to refresh the tokens: the session is over. Ask the user to sign in.',
  signed_out: 'Nobody is signed in. Ask the user to sign in.',
  too_many_requests:
    'Too many requests are under way in this client. Wait for some of them to end.',
  closed: 'The client was closed. Make a new one with createAuthClient.',
  core_failed:
    "The WebAssembly core could not be started. Allow 'wasm-unsafe-eval' in script-src of the Content-Security-Policy, and check that this engine has WebAssembly.",
} as const satisfies Partial<Record<ErrorName, string>>;

/** Why a token could not be decoded. */
export type JwtErrorCode = keyof typeof JWT_ADVICE;

/** Why the client refused or failed. */
export type AuthErrorCode = keyof typeof AUTH_ADVICE;

// Fails to compile when the core has a code that no sentence here explains.
true satisfies [Exclude<ErrorName, JwtErrorCode | AuthErrorCode>] extends [never] ? true : never;

/** The part of a token that an error is about. */
export type TokenPart = Exclude<(typeof TOKEN_PARTS)[number], 'none'>;

/**
 * Why a session ended (L3): `signed_out` by `signOut()`, `signed_out_elsewhere` in another tab,
 * `refresh_rejected` by the server, `expired` with no way to refresh, `storage_corrupt` and
 * `storage_cleared` when the stored record was broken or removed by someone else.
 */
export type SignOutReason = (typeof SIGN_OUT_REASONS)[number];

/**
 * A token that cannot be decoded. Holds where it is broken, never a piece of it.
 */
export class JwtError extends Error {
  override readonly name: string = 'JwtError';
  /** What is wrong, for programs. */
  readonly code: JwtErrorCode;
  /** The part it is about, where it is about one. */
  readonly part: TokenPart | undefined;
  /**
   * Where in that part: a byte of its base64url text for `invalid_base64url`, of the decoded
   * bytes for the others.
   */
  readonly offset: number | undefined;

  constructor(code: JwtErrorCode, part?: TokenPart, offset?: number) {
    super(JWT_ADVICE[code] + (part === undefined ? '' : ` (${part}, offset ${offset ?? 0})`));
    this.code = code;
    this.part = part;
    this.offset = part === undefined ? undefined : offset;
  }
}

/** What an {@link AuthError} can tell besides its code. */
export interface AuthErrorDetails {
  /** Why the session ended. */
  reason?: SignOutReason | undefined;
  /** When the next refresh is allowed, in milliseconds since 1970. */
  retryAt?: number | undefined;
  /** For `invalid_config`: the option and what it should be. Never a value. */
  option?: string | undefined;
}

/**
 * The client refused or failed. Also to be thrown by an app's own refresh function: with code
 * `refresh_rejected` it ends the session, any other error keeps it (R6, R8).
 */
export class AuthError extends Error {
  override readonly name: string = 'AuthError';
  /** What is wrong, for programs. */
  readonly code: AuthErrorCode;
  /** Why the session ended, where one did. */
  readonly reason: SignOutReason | undefined;
  /** With `refresh_failed`: when the next attempt is allowed, in milliseconds since 1970. */
  readonly retryAt: number | undefined;

  constructor(code: AuthErrorCode, details: AuthErrorDetails = {}) {
    super(
      details.option === undefined ? AUTH_ADVICE[code] : `${details.option}. ${AUTH_ADVICE[code]}`,
    );
    this.code = code;
    this.reason = details.reason;
    this.retryAt = details.retryAt;
  }
}

/** Whether the name of a core's error is one of AuthError's. */
export function isAuthErrorCode(name: string): name is AuthErrorCode {
  return Object.hasOwn(AUTH_ADVICE, name);
}

/** Whether the name of a core's error is one of JwtError's. */
export function isJwtErrorCode(name: string): name is JwtErrorCode {
  return Object.hasOwn(JWT_ADVICE, name);
}
