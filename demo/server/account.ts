import type { Context } from './context.ts';
import type { Database, Queries } from './database.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import type { Channel } from './refresh_tokens.ts';
import { type EndReason, revokeFamiliesOf } from './revocation.ts';

export interface Session {
  readonly id: string;
  readonly channel: Channel;
  /** All in ms since 1970. */
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly endsAt: number;
}

/** The living sessions of a user, the last used first. */
export async function listSessions(
  database: Queries,
  userId: string,
  now: number,
  sessionSeconds: number,
): Promise<Session[]> {
  const rows = await database.query<{
    id: string;
    channel: Channel;
    createdAt: Date;
    lastUsedAt: Date;
    refreshExpiresAt: Date;
  }>(
    `select id, channel, created_at as "createdAt", refresh_expires_at as "refreshExpiresAt",
            coalesce(rotated_at, created_at) as "lastUsedAt"
       from refresh_families where user_id = $1 and revoked_at is null
      order by "lastUsedAt" desc, id`,
    [userId],
  );
  return rows
    .map(({ id, channel, createdAt, lastUsedAt, refreshExpiresAt }) => ({
      id,
      channel,
      createdAt: createdAt.getTime(),
      lastUsedAt: lastUsedAt.getTime(),
      endsAt: Math.min(refreshExpiresAt.getTime(), createdAt.getTime() + sessionSeconds * 1000),
    }))
    .filter(({ endsAt }) => endsAt > now);
}

/** Ends all sessions of a user, or only one, or all except one. @returns how many */
export async function endSessionsOf(
  database: Database,
  userId: string,
  now: number,
  reason: EndReason,
  which: { readonly only?: string; readonly except?: string } = {},
): Promise<number> {
  return database.transaction(async (tx) => {
    // A login holds this row for share while it starts a session: it comes before, and ends with
    // the others, or after.
    await tx.query('select id from users where id = $1 for update', [userId]);
    return revokeFamiliesOf(tx, userId, now, reason, which);
  });
}

/** Ends the other sessions: whoever knew the old password may hold one of them. */
export async function changePassword(
  context: Context,
  userId: string,
  sessionId: string,
  currentPassword: string,
  newPassword: string,
): Promise<'changed' | 'wrong' | 'demo'> {
  const { database, hashing } = context;
  const [row] = await database.query<{ hash: string; isDemo: boolean }>(
    'select password_hash as hash, is_demo as "isDemo" from users where id = $1',
    [userId],
  );
  if (!(await hashing.run(() => verifyPassword(currentPassword, row?.hash)))) return 'wrong';
  // Everybody knows it, and anybody could lock everybody else out.
  if (row?.isDemo === true) return 'demo';
  const hash = await hashing.run(() => hashPassword(newPassword));
  const ended = await setPassword(database, userId, hash, context.clock(), { except: sessionId });
  context.aids.stats.familiesRevoked += ended;
  return 'changed';
}

/** Ends all sessions, or all except one. @returns how many */
export async function setPassword(
  database: Database,
  userId: string,
  passwordHash: string,
  now: number,
  which: { readonly except?: string } = {},
): Promise<number> {
  return database.transaction(async (tx) => {
    await tx.query('update users set password_hash = $2 where id = $1', [userId, passwordHash]);
    return revokeFamiliesOf(tx, userId, now, 'password_changed', which);
  });
}
