import { randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
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

export type AccessTokenCheck =
  | { readonly ok: true; readonly claims: AccessClaims }
  | { readonly ok: false; readonly expired: boolean };

/** When a token issued at `issuedAt` (ms) ends, in ms; NumericDate counts whole seconds (RFC 7519 §2). */
export function accessTokenExpiry(issuedAt: number, lifeSeconds: number): number {
  return (Math.floor(issuedAt / 1000) + lifeSeconds) * 1000;
}

export async function signAccessToken(
  key: Uint8Array,
  user: User,
  familyId: string,
  issuedAt: number,
  lifeSeconds: number,
): Promise<string> {
  return new SignJWT({ sid: familyId, email: user.email, name: user.name, role: user.role })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(user.id)
    .setJti(randomUUID())
    .setIssuedAt(Math.floor(issuedAt / 1000))
    .setExpirationTime(accessTokenExpiry(issuedAt, lifeSeconds) / 1000)
    .sign(key);
}

/** Signature, algorithm, issuer, audience and times. Whether the token was revoked is not asked here. */
export async function verifyAccessToken(
  key: Uint8Array,
  token: string,
  now: number,
): Promise<AccessTokenCheck> {
  try {
    const { payload } = await jwtVerify(token, key, {
      // Named here, never taken from the token (RFC 8725 §3.1): `none` and all others are refused.
      algorithms: ['HS256'],
      typ: 'JWT',
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: new Date(now),
    });
    const claims = claimsSchema.safeParse(payload);
    return claims.success ? { ok: true, claims: claims.data } : { ok: false, expired: false };
  } catch (error) {
    if (error instanceof errors.JOSEError) {
      return { ok: false, expired: error instanceof errors.JWTExpired };
    }
    throw error;
  }
}
