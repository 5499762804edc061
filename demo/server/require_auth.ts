import type { Request, RequestHandler } from 'express';
import {
  type AccessClaims,
  type AccessTokenCheck,
  REFUSALS,
  verifyAccessToken,
} from './access_tokens.ts';
import type { Context } from './context.ts';
import { COOKIES, readCookie } from './cookies.ts';
import { assertNotCrossSite } from './csrf.ts';
import { bearerChallenge, HttpError, invalidToken, unauthorized } from './errors.ts';
import { isRevoked } from './revocation.ts';

const principals = new WeakMap<Request, AccessClaims>();

/** The claims of the request's access token; only behind `requireAuth`. */
export function principalOf(request: Request): AccessClaims {
  const principal = principals.get(request);
  if (principal === undefined) throw new Error('principalOf needs requireAuth before it');
  return principal;
}

/** Whether it is genuine, unexpired and not revoked. */
export async function checkAccessToken(
  { keyRing, database, clock, rules }: Context,
  token: string,
): Promise<AccessTokenCheck> {
  const now = clock();
  const check = await verifyAccessToken(keyRing, token, now);
  return check.ok && rules.blocklist && (await isRevoked(database, check.claims, now))
    ? { ok: false, reason: REFUSALS.revoked }
    : check;
}

/** Lets a request through whose access token is genuine, unexpired and not revoked. */
export function requireAuth(context: Context): RequestHandler {
  return async (request, _response, next) => {
    const check = await checkAccessToken(context, accessTokenOf(request, context));
    if (!check.ok) throw invalidToken(check.reason);
    principals.set(request, check.claims);
    next();
  };
}

/** After `requireAuth`. A better token of the same user would not help, so no `invalid_token`. */
export const requireAdmin: RequestHandler = (request, _response, next) => {
  if (principalOf(request).role !== 'admin') {
    const description = 'Only an administrator may do this';
    throw new HttpError(403, 'insufficient_scope', description, {
      'WWW-Authenticate': bearerChallenge({
        error: 'insufficient_scope',
        error_description: description,
        scope: 'admin',
      }),
    });
  }
  next();
};

/** From the Authorization header, which wins even when it is wrong; else from the cookie. */
function accessTokenOf(request: Request, context: Context): string {
  const header = request.get('Authorization');
  if (header !== undefined) {
    const [scheme, ...rest] = header.split(' ');
    // Another scheme is as good as none: it is told which one would do.
    if (scheme?.toLowerCase() !== 'bearer') throw noToken();
    const token = rest.join(' ').trim();
    if (!/^[\w\-.~+/]+=*$/.test(token)) {
      // Not a b64token (RFC 6750 §2.1): malformed, for which §3.1 has 400.
      const description = 'The Authorization header is malformed';
      throw new HttpError(400, 'invalid_request', description, {
        'WWW-Authenticate': bearerChallenge({
          error: 'invalid_request',
          error_description: description,
        }),
      });
    }
    return token;
  }
  const cookie = readCookie(request, COOKIES.access);
  if (cookie === undefined) throw noToken();
  assertNotCrossSite(request, context.settings);
  return cookie;
}

function noToken(): HttpError {
  return unauthorized('unauthorized', 'An access token is needed');
}
