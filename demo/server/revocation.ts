import type { BlocklistRow } from '../answers.ts';
import type { Database, Queries, SqlValue } from './database.ts';
import type { AccessClaims } from './access_tokens.ts';

/**
 * Signed tokens are valid until they expire, whatever happens meanwhile. The blocklist is what
 * makes "sign out" and "ban" true at the next request; an entry lives as long as the tokens it stops.
 */

/** Why a session was ended before its time. */
export type EndReason =
  | 'signed_out'
  | 'signed_out_everywhere'
  | 'password_changed'
  | 'reuse_detected'
  | 'banned'
  | 'replaced';

/** Whether the token, its session or its user was revoked. Also true when the user is gone. */
export async function isRevoked(
  database: Queries,
  claims: AccessClaims,
  now: number,
): Promise<boolean> {
  const [row] = await database.query<{ revoked: boolean }>(
    `select exists (
       select 1 from blocklist
        where expires_at > $4
          and ((claim = 'jti' and value = $1) or (claim = 'sid' and value = $2) or (claim = 'sub' and value = $3))
     ) or not exists (
       select 1 from users where id = $3 and banned_at is null
     ) as revoked`,
    [claims.jti, claims.sid, claims.sub, new Date(now)],
  );
  return row?.revoked ?? true;
}

/** Stops one access token. */
export async function revokeAccessToken(database: Queries, claims: AccessClaims): Promise<void> {
  await block(database, 'jti', claims.jti, claims.exp * 1000);
}

/** Stops a session: no refresh any more, and its live access tokens with it. Says whether it was alive. */
export async function revokeFamily(
  database: Queries,
  familyId: string,
  now: number,
  reason: EndReason,
): Promise<boolean> {
  return (await revokeFamiliesWhere(database, 'id = $1', [familyId], now, reason)) > 0;
}

/** Stops the sessions of a user, or only one, or all except one. @returns how many */
export async function revokeFamiliesOf(
  database: Queries,
  userId: string,
  now: number,
  reason: EndReason,
  { only, except }: { readonly only?: string; readonly except?: string } = {},
): Promise<number> {
  const where = 'user_id = $1 and id = coalesce($2, id) and id is distinct from $3';
  const values = [userId, only ?? null, except ?? null];
  return revokeFamiliesWhere(database, where, values, now, reason);
}

/**
 * Bans a user: no login, no refresh, and a 401 at the next request. Not oneself, nor the last
 * administrator: nobody would be left to lift a ban.
 */
export async function banUser(
  database: Database,
  userId: string,
  by: string,
  now: number,
  accessTokenSeconds: number,
): Promise<{ outcome: 'banned' | 'unknown' | 'refused'; families: number }> {
  return database.transaction(async (tx) => {
    // Locked, so that two who ban each other at the same moment do so one after the other: whoever
    // was banned in the meantime bans nobody. So there is always one left.
    const admins = await tx.query<{ id: string }>(
      `select id from users where role = 'admin' and banned_at is null order by id for update`,
    );
    if (userId === by || !admins.some(({ id }) => id === by)) {
      return { outcome: 'refused', families: 0 };
    }
    const banned = await tx.query(
      `update users set banned_at = coalesce(banned_at, $2) where id = $1 returning id`,
      [userId, new Date(now)],
    );
    if (banned.length === 0) return { outcome: 'unknown', families: 0 };
    await block(tx, 'sub', userId, now + accessTokenSeconds * 1000);
    return {
      outcome: 'banned',
      families: await revokeFamiliesOf(tx, userId, now, 'banned'),
    };
  });
}

/**
 * Lets a user sign in again. What was issued before the ban stays dead: its sessions were revoked
 * one by one, and those entries are not lifted.
 */
export async function unbanUser(database: Database, userId: string): Promise<boolean> {
  return database.transaction(async (tx) => {
    const found = await tx.query(`update users set banned_at = null where id = $1 returning id`, [
      userId,
    ]);
    await tx.query(`delete from blocklist where claim = 'sub' and value = $1`, [userId]);
    return found.length > 0;
  });
}

/** What is refused at the moment, the latest to be forgotten first. */
export async function listBlocklist(database: Queries, now: number): Promise<BlocklistRow[]> {
  const rows = await database.query<Omit<BlocklistRow, 'expiresAt'> & { expiresAt: Date }>(
    `select claim, value, expires_at as "expiresAt" from blocklist
      where expires_at > $1 order by expires_at desc, claim limit 1000`,
    [new Date(now)],
  );
  return rows.map((row) => ({ ...row, expiresAt: row.expiresAt.getTime() }));
}

/** Forgets what has expired anyway. */
export async function purgeExpired(database: Queries, now: number): Promise<void> {
  const at = [new Date(now)];
  await database.query('delete from blocklist where expires_at <= $1', at);
  await database.query(
    'delete from refresh_families where refresh_expires_at <= $1 and access_expires_at <= $1',
    at,
  );
  await database.query('delete from signing_keys where retires_at <= $1', at);
}

async function block(
  database: Queries,
  claim: 'jti' | 'sid' | 'sub',
  value: string,
  expiresAt: number,
): Promise<void> {
  await database.query(
    `insert into blocklist (claim, value, expires_at) values ($1, $2, $3)
     on conflict (claim, value) do update set expires_at = greatest(blocklist.expires_at, excluded.expires_at)`,
    [claim, value, new Date(expiresAt)],
  );
}

async function revokeFamiliesWhere(
  database: Queries,
  where: string,
  values: readonly SqlValue[],
  now: number,
  reason: EndReason,
): Promise<number> {
  const [at, why] = [`$${values.length + 1}`, `$${values.length + 2}`];
  // The families and the entries for their access tokens in one statement, so that no moment lies
  // between the two. `access_expires_at` is the end of the longest-lived token ever issued there.
  const revoked = await database.query(
    `with revoked as (
       update refresh_families set revoked_at = ${at}, end_reason = ${why}
        where ${where} and revoked_at is null
        returning id, access_expires_at
     )
     insert into blocklist (claim, value, expires_at)
     select 'sid', id, access_expires_at from revoked
     on conflict (claim, value) do nothing
     returning value`,
    [...values, new Date(now), reason],
  );
  return revoked.length;
}
