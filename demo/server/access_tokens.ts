import { randomUUID } from 'node:crypto';
import { errors, jwtVerify, type JWTVerifyGetKey, SignJWT } from 'jose';
import { z } from 'zod';
import type { KeyRing } from './key_ring.ts';
import type { User } from './users.ts';

/** Fixed names rather than addresses: several processes, on ports of their own, share one database. */
const ISSUER = 'bearerkit-demo';
const AUDIENCE = 'bearerkit-demo-api';

const claimsSchema = z.object({
  sub: z.string(),
  jti: z.string(),
  /** The session: the id of its refresh token family. */
  sid: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(['user', 'admin']),
  iat: z.number(),
  exp: z.number(),
});

export type AccessClaims = z.infer<typeof claimsSchema>;

/** Why a token is refused, as the challenge says it. There are no others. */
export const REFUSALS = {
  malformed: 'The token is malformed',
  algorithm: 'The algorithm is not allowed',
  key: 'The key is not known',
  signature: 'The signature does not match',
  expired: 'The token has expired',
  claims: 'The claims are not those of a token for this server',
  revoked: 'The token was revoked',
} as const;

export type Refusal = (typeof REFUSALS)[keyof typeof REFUSALS];

export type AccessTokenCheck =
  | { readonly ok: true; readonly claims: AccessClaims }
  | { readonly ok: false; readonly reason: Refusal };

/** When a token issued at `issuedAt` (ms) ends, in ms; NumericDate counts whole seconds (RFC 7519 §2). */
export function accessTokenExpiry(issuedAt: number, lifeSeconds: number): number {
  return (Math.floor(issuedAt / 1000) + lifeSeconds) * 1000;
}

export async function signAccessToken(
  keys: KeyRing,
  user: User,
  familyId: string,
  issuedAt: number,
  lifeSeconds: number,
): Promise<string> {
  const { kid, algorithm, signWith } = await keys.signer();
  return new SignJWT({ sid: familyId, email: user.email, name: user.name, role: user.role })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(user.id)
    .setJti(randomUUID())
    .setIssuedAt(Math.floor(issuedAt / 1000))
    .setExpirationTime(accessTokenExpiry(issuedAt, lifeSeconds) / 1000)
    .sign(signWith);
}

/** Signature, algorithm, issuer, audience and times. Whether the token was revoked is not asked here. */
export async function verifyAccessToken(
  keys: KeyRing,
  token: string,
  now: number,
): Promise<AccessTokenCheck> {
  const keyOf: JWTVerifyGetKey = async ({ kid }) => {
    const key = await keys.verifier(kid);
    if (key === undefined) throw new errors.JWKSNoMatchingKey();
    return key.verifyWith;
  };
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      // Named here, never taken from the token (RFC 8725 §3.1): `none` and all others are refused.
      algorithms: [keys.algorithm],
      typ: 'JWT',
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: new Date(now),
    });
    const claims = claimsSchema.safeParse(payload);
    return claims.success
      ? { ok: true, claims: claims.data }
      : { ok: false, reason: REFUSALS.claims };
  } catch (error) {
    if (error instanceof errors.JOSEError) return { ok: false, reason: reasonOf(error) };
    throw error;
  }
}

function reasonOf(error: errors.JOSEError): Refusal {
  if (error instanceof errors.JWTExpired) return REFUSALS.expired;
  if (error instanceof errors.JWTClaimValidationFailed) return REFUSALS.claims;
  if (error instanceof errors.JOSEAlgNotAllowed) return REFUSALS.algorithm;
  if (error instanceof errors.JWKSNoMatchingKey) return REFUSALS.key;
  if (error instanceof errors.JWSSignatureVerificationFailed) return REFUSALS.signature;
  return REFUSALS.malformed;
}
