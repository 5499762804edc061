import { signAccessToken } from './access_tokens.ts';
import type { Context } from './context.ts';
import { type HttpError, invalidGrant, unauthorized } from './errors.ts';
import {
  accessLife,
  type Channel,
  endFamilyOf,
  holderOf,
  type Issued,
  type RefreshTokenRules,
  rotate,
  startFamily,
} from './refresh_tokens.ts';
import { checkAccessToken } from './require_auth.ts';
import type { EndReason } from './revocation.ts';
import { authenticate, type User } from './users.ts';

/** What a login or a refresh yields; the routes differ only in how they hand it over. */
export interface Grant {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Life of the access token, in seconds. */
  readonly expiresIn: number;
  /** Life of the refresh token, in seconds. */
  readonly refreshExpiresIn: number;
  readonly user: User;
}

/** @throws HttpError 401 `invalid_credentials`: unknown, wrong password or banned, all alike. */
export async function logIn(
  context: Context,
  email: string,
  password: string,
  channel: Channel,
): Promise<Grant> {
  const verified = await authenticate(context.database, context.hashing, email, password);
  const issued =
    verified && (await startFamily(context.database, rulesOf(context), verified, channel));
  if (issued === undefined) throw wrongCredentials();
  context.aids.stats.logins += 1;
  return grant(context, issued);
}

export function wrongCredentials(): HttpError {
  return unauthorized('invalid_credentials', 'The email or the password is wrong');
}

/** @throws HttpError 401 `invalid_grant` */
export async function refreshSession(
  context: Context,
  token: string,
  channel: Channel,
): Promise<Grant> {
  const outcome = await rotate(context.database, rulesOf(context), token, channel);
  const { stats } = context.aids;
  if (outcome.kind === 'rejected') {
    if (outcome.familyRevoked) stats.familiesRevoked += 1;
    throw invalidGrant();
  }
  if (outcome.kind === 'rotated') stats.refreshes += 1;
  else stats.replays += 1;
  return grant(context, outcome);
}

/** Ends the session of a refresh token. One that is unknown, or over, is fine: that was the wish. */
export async function endSession(
  context: Context,
  token: string,
  reason: EndReason = 'signed_out',
): Promise<void> {
  if (await endFamilyOf(context.database, token, context.clock(), reason)) {
    context.aids.stats.familiesRevoked += 1;
  }
}

/**
 * Who is signed in by these cookies. `expiresIn` is what the access token has left: 0 where only the
 * refresh token is good. A user who is null is nobody.
 */
export async function whoIs(
  context: Context,
  accessToken: string | undefined,
  refreshToken: string | undefined,
): Promise<{ readonly user: User | null; readonly expiresIn: number }> {
  const { database, settings } = context;
  const now = context.clock();
  if (accessToken !== undefined) {
    const check = await checkAccessToken(context, accessToken);
    if (check.ok) {
      const { sub: id, email, name, role, exp } = check.claims;
      return { user: { id, email, name, role }, expiresIn: Math.floor(exp - now / 1000) };
    }
  }
  const [endsAfter, startedAfter] = [new Date(now), new Date(now - settings.sessionSeconds * 1000)];
  const user =
    refreshToken && (await holderOf(database, refreshToken, 'cookie', endsAfter, startedAfter));
  return { user: user || null, expiresIn: 0 };
}

function rulesOf(context: Context): RefreshTokenRules {
  const { refreshTokenSeconds, sessionSeconds } = context.settings;
  const { refreshGraceSeconds, accessTokenSeconds } = context.rules;
  return {
    successorKey: context.keys.refreshSuccessor,
    refreshTokenSeconds,
    sessionSeconds,
    refreshGraceSeconds,
    accessTokenSeconds,
    clock: context.clock,
  };
}

async function grant(context: Context, issued: Issued): Promise<Grant> {
  const { user, familyId, issuedAt, endsAt, refreshToken } = issued;
  const expiresIn = accessLife(context.rules.accessTokenSeconds, issuedAt, endsAt);
  const left = Math.max(1, Math.floor((endsAt - issuedAt) / 1000));
  const refreshExpiresIn = Math.min(context.settings.refreshTokenSeconds, left);
  const accessToken = await signAccessToken(context.keyRing, user, familyId, issuedAt, expiresIn);
  return { accessToken, refreshToken, expiresIn, refreshExpiresIn, user };
}
