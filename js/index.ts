/**
 * The main entry. The core is inlined, so everything works at once where there is WebAssembly. For
 * other places see {@link ready}.
 * @module bearerkit
 */
import { newClient } from './client/client.ts';
import { inlineCore } from './core/inline_core.ts';
import { claimsOf, headerOf, inspect, isPast } from './core/jwt.ts';
import type {
  AuthClient,
  AuthClientOptions,
  JwtHeader,
  JwtInspection,
  JwtPayload,
  TokenResponse,
} from './types.ts';

export * from './common.ts';

/**
 * Makes a client: `fetch`, signed in. It starts at once with the stored session. In hybrid mode one
 * quiet refresh finds out whether there is a session. No global is patched. Where there is no
 * WebAssembly, it starts as soon as the JavaScript build is loaded, and calls wait for that
 * ([F8](../docs/RULES.md#f8)).
 *
 * `createAuthClient<{ role: string }>()` gives `claims` a type, which nothing checks. With the option
 * `tokens` name the type of its parameter, and `setTokens` takes the same.
 *
 * @throws {AuthError} `invalid_config` names the option that is wrong. (Where there is no
 *   WebAssembly, the calls report wrong `origins` and times that only the core can refuse.)
 * @example
 * const auth = createAuthClient({ refresh: '/auth/refresh' });
 * await auth.setTokens(await (await fetch('/auth/login', login)).json());
 * const response = await auth.fetchWithAuth('/api/me');
 */
export function createAuthClient<Claims extends object = JwtPayload, Answer = TokenResponse>(
  options?: AuthClientOptions<Answer>,
): AuthClient<Claims, Answer> {
  return newClient(inlineCore, options);
}

/**
 * Decodes the claims of a JWT. **Verifies nothing**: neither the signature nor any claim. Only the
 * token's audience can verify it. Use it to show a name or a remaining life, not to grant access.
 *
 * The type parameter is not checked either.
 *
 * Header and payload are read as JSON.parse does. Refused besides is ill-formed UTF-8
 * (`invalid_utf8`), what is nested deeper than 256 levels (`too_deep`), a number that JSON.parse
 * makes Infinity (`number_out_of_range`), a time claim that is no number (`invalid_numeric_date`),
 * and a token of more than 1 MiB (`too_large`).
 *
 * @param token a JWS in compact form, without `Bearer `
 * @returns a new object; the last one of duplicate members wins (RFC 7519 §4)
 * @throws {JwtError} with `code`, and `part` and `offset` where it is broken (RFC 7515 §2–4)
 * @throws {AuthError} `core_not_ready` where there is no WebAssembly, before {@link ready}
 * @example decodeJwt<{ role: string }>(token).role
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function decodeJwt<Claims extends object = JwtPayload>(token: string): Claims & JwtPayload {
  return claimsOf<Claims>(inlineCore, token);
}

/**
 * Decodes the protected header of a JWT. **Verifies nothing**, and acts on nothing in it: anybody
 * can write any `alg`, `jku`, `jwk` and `crit` into a token. The payload is not decoded.
 *
 * @param token a JWS in compact form (RFC 7515 §4), without `Bearer `
 * @throws {JwtError} with `code`, and `part` and `offset` where it is broken
 * @throws {AuthError} `core_not_ready` where there is no WebAssembly, before {@link ready}
 */
export function decodeProtectedHeader(token: string): JwtHeader {
  return headerOf(inlineCore, token);
}

/**
 * Decodes a token for a person to look at. **Verifies nothing**, and never throws: `error` says
 * what is wrong. `findings` are things that a person should know and that change nothing else, such
 * as `unsecured` (`alg: none`). Where there is no WebAssembly, the error is `core_not_ready` before
 * {@link ready}.
 *
 * @param token any string; a JWS in compact form (RFC 7515 §7.1) is decoded
 */
export function inspectJwt(token: string): JwtInspection {
  return inspect(inlineCore, token);
}

/**
 * Whether the payload of a token says that it has expired: `now ≥ exp + leeway` (RFC 7519 §4.1.4).
 * It looks at the payload alone. There must be three parts, but header and signature are not read:
 * so it may answer where {@link decodeJwt} throws. **Verifies nothing**: the server may still refuse
 * an unexpired token, since the device's clock may be wrong. A token without `exp` never expires.
 *
 * @param token a JWS in compact form, without `Bearer `
 * @param options.now seconds since 1970 as in a NumericDate, or a Date; default: the device's clock
 * @param options.leeway seconds that a token counts as valid after `exp`; default: 0
 * @throws {JwtError} when the payload cannot be decoded, or its `exp`, `nbf` or `iat` is no number
 * @throws {TypeError} when `now` or `leeway` is no finite number
 * @throws {AuthError} `core_not_ready` where there is no WebAssembly, before {@link ready}
 */
export function isExpired(
  token: string,
  options?: { now?: number | Date; leeway?: number },
): boolean {
  return isPast(inlineCore, token, options);
}

/**
 * Resolves when the synchronous functions can be used. Where there is WebAssembly they work at once,
 * and you need not call this.
 * @throws {AuthError} `core_failed` where the core cannot be loaded
 */
export async function ready(): Promise<void> {
  await inlineCore();
}
