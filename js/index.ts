/**
 * The main entry: the core is inlined, all is there at once (where there is WebAssembly; else see
 * {@link ready}).
 * @module bearerkit
 */
import { Client } from './client.ts';
import { inlineCore } from './inline_core.ts';
import { claimsOf, headerOf, inspect, isPast } from './jwt.ts';
import type {
  AuthClient,
  AuthClientOptions,
  JwtHeader,
  JwtInspection,
  JwtPayload,
} from './types.ts';

export * from './common.ts';

/**
 * Makes a client: `fetch`, signed in. Starts at once, with what the storage holds; in hybrid mode
 * one quiet refresh tells whether there is a session. Patches nothing global. Where there is no
 * WebAssembly it starts as soon as the core's stand-in is loaded, and calls wait for that (F8).
 *
 * @throws {AuthError} `invalid_config` names the option that is wrong. (Of `origins` and lengths of
 *   time that only the core can refuse the calls say so, where there is no WebAssembly.)
 * @example
 * const auth = createAuthClient({ refresh: '/auth/refresh' });
 * await auth.setTokens(await (await fetch('/auth/login', login)).json());
 * const response = await auth.fetchWithAuth('/api/me');
 */
export function createAuthClient(options?: AuthClientOptions): AuthClient {
  return new Client(inlineCore, options);
}

/**
 * Decodes the claims of a JWT. **Verifies nothing**: neither the signature nor any claim; only the
 * token's audience can do that. Fit for showing a name or a remaining life, not for granting access.
 *
 * The type parameter is a claim about the token, too, and is not checked.
 *
 * Header and payload are read as JSON.parse does. Refused besides is ill-formed UTF-8
 * (`invalid_utf8`), what is nested deeper than 256 levels (`too_deep`), a number that JSON.parse
 * makes Infinity (`number_out_of_range`), a time claim that is no number (`invalid_numeric_date`),
 * and a token of more than 1 MiB (`too_large`).
 *
 * @param token a JWS in compact form, without `Bearer `
 * @returns a new object; of duplicate members the last one (RFC 7519 §4)
 * @throws {JwtError} with `code`, and `part` and `offset` where it is broken (RFC 7515 §2–4)
 * @throws {AuthError} `core_not_ready` where there is no WebAssembly, before {@link ready}
 * @example decodeJwt<{ role: string }>(token).role
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function decodeJwt<Claims extends object = JwtPayload>(token: string): Claims & JwtPayload {
  return claimsOf<Claims>(inlineCore, token);
}

/**
 * Decodes the protected header of a JWT. **Verifies nothing**, and acts on nothing in it: `alg`,
 * `jku`, `jwk` and `crit` are what whoever made the token wrote there. The payload is left alone.
 *
 * @param token a JWS in compact form (RFC 7515 §4), without `Bearer `
 * @throws {JwtError} with `code`, and `part` and `offset` where it is broken
 * @throws {AuthError} `core_not_ready` where there is no WebAssembly, before {@link ready}
 */
export function decodeProtectedHeader(token: string): JwtHeader {
  return headerOf(inlineCore, token);
}

/**
 * Takes a token apart for a person to look at. **Verifies nothing**, and never throws: what is
 * wrong comes back as `error`. `findings` are remarkable things that change nothing by themselves,
 * such as `unsecured` (`alg: none`). Before {@link ready}, where there is no WebAssembly, the error
 * is `core_not_ready`.
 *
 * @param token anything; a JWS in compact form (RFC 7515 §7.1) is told about
 */
export function inspectJwt(token: string): JwtInspection {
  return inspect(inlineCore, token);
}

/**
 * Whether the payload of a token says that it has expired: `now ≥ exp + leeway` (RFC 7519 §4.1.4).
 * Looks at the payload alone: there must be three parts, but the header and the signature are not
 * read, so that this may answer where {@link decodeJwt} throws. **Verifies nothing**: a token that is not expired by this may still be refused, as the device's clock may be
 * wrong. A token without `exp` never expires by itself.
 *
 * @param token a JWS in compact form, without `Bearer `
 * @param options.now seconds since 1970 as in a NumericDate, or a Date; the device's clock if left out
 * @param options.leeway seconds by which a token is taken to live longer; 0 if left out
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
 * Resolves when the synchronous functions can be used. Where there is WebAssembly they can be used
 * at once, and there is no need to call this.
 * @throws {AuthError} `core_failed` where the core cannot be loaded
 */
export async function ready(): Promise<void> {
  await inlineCore();
}
