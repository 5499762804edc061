import { parseCookie } from 'cookie';
import type { Request, Response } from 'express';

/**
 * The prefix makes the browser itself insist on Secure, Path=/ and no Domain, so that no sibling
 * host can plant a cookie of that name (RFC 6265bis §4.1.3.2). Browsers treat http://localhost as
 * secure enough for it.
 */
export const COOKIES = {
  /** Cookie mode: both tokens. */
  access: '__Host-access',
  refresh: '__Host-refresh',
  /** Hybrid mode: the refresh token alone. */
  hybridRefresh: '__Host-hybrid-refresh',
} as const;

export type CookieName = (typeof COOKIES)[keyof typeof COOKIES];

const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;

export function setCookie(
  response: Response,
  name: CookieName,
  value: string,
  lifeSeconds: number,
): void {
  response.cookie(name, value, { ...ATTRIBUTES, maxAge: lifeSeconds * 1000 });
}

export function clearCookie(response: Response, name: CookieName): void {
  response.clearCookie(name, ATTRIBUTES);
}

export function readCookie(request: Request, name: CookieName): string | undefined {
  const header = request.get('Cookie');
  if (header === undefined) return undefined;
  const value = parseCookie(header)[name];
  return value === '' ? undefined : value;
}
