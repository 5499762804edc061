/**
 * Decoding alone, for those who need no client: in less than 2 kB, without the core and without
 * WebAssembly, and at once wherever JavaScript runs. What is taken and what is refused is as in
 * `bearerkit`, with the same error codes. Only two things differ: of JSON and UTF-8 errors the
 * {@link JwtError} has the part and no offset, and where a token has several faults it may name
 * another one.
 * @module bearerkit/decode
 */
import { claimsOf, headerOf, isPast } from './decode/jwt.ts';
import type { JwtHeader, JwtPayload } from './types.ts';

export { JwtError, type JwtErrorCode, type TokenPart } from './jwt_error.ts';
export type { JwtHeader, JwtPayload } from './types.ts';

/**
 * Decodes the claims of a JWT. **Verifies nothing**: neither the signature nor any claim. Only the
 * token's audience can verify it. Use it to show a name or a remaining life, not to grant access.
 *
 * The type parameter is not checked either. What is refused is as in `bearerkit`.
 *
 * @param token a JWS in compact form, without `Bearer `
 * @returns a new object; the last one of duplicate members wins (RFC 7519 §4)
 * @throws {JwtError} with `code`, and `part` where it is broken (RFC 7515 §2–4)
 * @example decodeJwt<{ role: string }>(token).role
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function decodeJwt<Claims extends object = JwtPayload>(token: string): Claims & JwtPayload {
  return claimsOf<Claims>(token);
}

/**
 * Decodes the protected header of a JWT. **Verifies nothing**, and acts on nothing in it: anybody
 * can write any `alg`, `jku`, `jwk` and `crit` into a token. The payload is not decoded.
 *
 * @param token a JWS in compact form (RFC 7515 §4), without `Bearer `
 * @throws {JwtError} with `code`, and `part` where it is broken
 */
export function decodeProtectedHeader(token: string): JwtHeader {
  return headerOf(token);
}

/**
 * Whether the payload of a token says that it has expired: `now ≥ exp + leeway` (RFC 7519 §4.1.4).
 * It looks at the payload alone: header and signature only have to be there. **Verifies nothing**:
 * the server may still refuse an unexpired token, since the device's clock may be wrong. A token
 * without `exp` never expires.
 *
 * @param token a JWS in compact form, without `Bearer `
 * @param options.now seconds since 1970 as in a NumericDate, or a Date; default: the device's clock
 * @param options.leeway seconds that a token counts as valid after `exp`; default: 0
 * @throws {JwtError} when the payload cannot be decoded, or its `exp`, `nbf` or `iat` is no number
 * @throws {TypeError} when `now` or `leeway` is no finite number
 */
export function isExpired(
  token: string,
  options?: { now?: number | Date; leeway?: number },
): boolean {
  return isPast(token, options);
}
