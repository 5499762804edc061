// The errors of the client, and for each code one sentence on what happened and one on what to do.
// D10: no message holds any part of a token. A `cause` is of closed words and a status, or it is what
// the app itself has thrown.
import {
  ERROR,
  type ERROR_CODES,
  type OAUTH_ERRORS,
  type REFRESH_CAUSES,
  type SIGN_OUT_REASONS,
} from '#generated/abi';

import { JWT_ADVICE, type JwtErrorCode } from './jwt_error.ts';

type ErrorName = Exclude<(typeof ERROR_CODES)[number], 'none'>;

// In the order in which the core counts its codes (a test compares them).
const AUTH_ADVICE = {
  invalid_config: 'An option cannot be used. Correct it.',
  invalid_access_token:
    'The access token is not fit for a header. Pass it whole, without "Bearer ".',
  invalid_token_response:
    'This is no token response. Pass the object with access_token or accessToken that the server sent.',
  unsupported_token_type: 'The token type is not Bearer. Ask the server for Bearer tokens.',
  refresh_failed:
    'The refresh failed for the moment; the session is kept. Try again after retryAt.',
  refresh_rejected: 'The server refused the refresh; the session is over. Ask the user to sign in.',
  signed_out: 'Nobody is signed in. Ask the user to sign in.',
  too_many_requests: 'Too many requests are under way. Wait for some to end.',
  closed: 'The client is closed. Make a new one.',
  core_failed:
    'Neither the WebAssembly nor the JavaScript build could be started. Check that javascript.js is served.',
  core_not_ready:
    'There is no WebAssembly, and the JavaScript build is being loaded. Await ready() first.',
  waits_for_itself:
    'The refresh function made a call that waits for its own refresh. Use the fetch that it is given.',
} as const satisfies Partial<Record<ErrorName, string>>;

// R19: of a refresh, by the core's words.
const CAUSE_ADVICE = {
  network:
    'No answer came, or CORS kept it from the page. Check the address, and what the server allows.',
  timeout: 'No answer came in time. Make the endpoint faster, or raise refreshTimeout.',
  status: 'The endpoint refused by its status. Check its address, and what it wants to be sent.',
  not_json: 'The answer is no JSON. Check that the address is that of the endpoint, not of a page.',
  no_access_token:
    'The answer has no access token that can be used. Say where it is by the option tokens.',
  oauth_error:
    'The endpoint answered with an OAuth error. Check the client and the token at the server.',
  threw: "The app's own function threw. Look at the error's cause.",
} as const satisfies Record<RefreshCauseKind, string>;

/** What kind of failure a refresh met. docs/ERRORS.md says of each when, and what to do. */
export type RefreshCauseKind = Exclude<(typeof REFRESH_CAUSES)[number], 'none'>;

/** An error of OAuth or OpenID Connect; `other` is one that is not in this list. */
export type OAuthErrorCode = Exclude<(typeof OAUTH_ERRORS)[number], 'none'>;

/** Why a refresh failed ([R19](../docs/RULES.md#r19)). It holds nothing secret. */
export interface RefreshCause {
  /** What happened. */
  kind: RefreshCauseKind;
  /** The HTTP status, where an answer came. */
  status?: number;
  /** The member `error` of the answer (RFC 6749 §5.2), where there was one. */
  error?: OAuthErrorCode;
}

/** Why the client refused or failed. docs/ERRORS.md says of each code when, and what to do. */
export type AuthErrorCode = keyof typeof AUTH_ADVICE;

// Fails to compile when the core has a code that no sentence here explains.
true satisfies [Exclude<ErrorName, JwtErrorCode | AuthErrorCode>] extends [never] ? true : never;

/**
 * Why a session ended (L3): `signed_out` by `signOut()`, `signed_out_elsewhere` in another tab,
 * `refresh_rejected` by the server, `expired` with no way to refresh, `storage_corrupt` and
 * `storage_cleared` when the stored record was broken or removed by someone else, `replaced` when
 * another user has taken the place of this one (L5).
 */
export type SignOutReason = Exclude<(typeof SIGN_OUT_REASONS)[number], 'none'>;

/** What an {@link AuthError} can tell besides its code. */
export interface AuthErrorDetails {
  /** Why the session ended. */
  reason?: SignOutReason | undefined;
  /** When the next refresh is allowed, in milliseconds since 1970. */
  retryAt?: number | undefined;
  /** For `invalid_config`: the option, what it must be, and what it is. The message says this alone. */
  option?: string | undefined;
  /** Why the refresh failed. */
  failure?: RefreshCause | undefined;
  /** What the app's own function threw. */
  cause?: unknown;
}

/**
 * The client refused or failed. Also to be thrown by an app's own refresh function: with code
 * `refresh_rejected` it ends the session, any other error keeps it (R6, R8).
 */
export class AuthError extends Error {
  /** Of the class. */
  override readonly name: string = 'AuthError';
  /** What is wrong, for programs. */
  readonly code: AuthErrorCode;
  /** Why the session ended, where one did. */
  readonly reason: SignOutReason | undefined;
  /** With `refresh_failed`: when the next attempt is allowed, in milliseconds since 1970. */
  readonly retryAt: number | undefined;
  /** Why the refresh failed, where one did. `cause` is the same, or what the app's function threw. */
  readonly failure: RefreshCause | undefined;

  constructor(code: AuthErrorCode, details: AuthErrorDetails = {}) {
    const { option, reason, retryAt, failure, cause = failure } = details;
    super(
      (option === undefined ? AUTH_ADVICE[code] : `${option}.`) + describeCause(failure),
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
    this.failure = failure;
    this.reason = reason;
    this.retryAt = retryAt;
  }
}

/** For an option that cannot be used: which one, what it must be, and what it is. */
export function refuse(option: string): never {
  throw new AuthError('invalid_config', { option });
}

function describeCause(cause: RefreshCause | undefined): string {
  if (cause === undefined) return '';
  const { kind, status, error } = cause;
  const words = [status, error].filter((word) => word !== undefined).join(' ');
  return ` ${CAUSE_ADVICE[kind]}${words && ` (${words})`}`;
}

/** The code of a core's error (an ERROR), if it is one of AuthError's. */
export function authErrorCode(error: number): AuthErrorCode | undefined {
  return (Object.keys(AUTH_ADVICE) as AuthErrorCode[])[error - ERROR.invalid_config];
}

/** The code of a core's error (an ERROR), if it is one of JwtError's. */
export function jwtErrorCode(error: number): JwtErrorCode | undefined {
  return (Object.keys(JWT_ADVICE) as JwtErrorCode[])[error - ERROR.malformed];
}
