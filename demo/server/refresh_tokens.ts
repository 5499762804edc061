import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { accessTokenExpiry } from './access_tokens.ts';
import type { Database, Queries } from './database.ts';
import { type EndReason, revokeFamily } from './revocation.ts';
import type { User, Verified } from './users.ts';

/** The way a session's tokens travel. A refresh token is good only in the one it was issued for. */
export type Channel = 'bearer' | 'cookie' | 'hybrid';

export interface Issued {
  readonly refreshToken: string;
  readonly familyId: string;
  readonly user: User;
  /** Milliseconds; the access token that goes with it carries this as `iat`. */
  readonly issuedAt: number;
  /** When the session is over for good, in ms. */
  readonly endsAt: number;
}

export type RotationOutcome =
  | ({ readonly kind: 'rotated' | 'replayed' } & Issued)
  | { readonly kind: 'rejected'; readonly reason: string; readonly familyRevoked: boolean };

export interface RefreshTokenRules {
  readonly successorKey: Uint8Array;
  readonly refreshTokenSeconds: number;
  /** Of a whole session, from the login on. */
  readonly sessionSeconds: number;
  readonly refreshGraceSeconds: number;
  readonly accessTokenSeconds: number;
  readonly clock: () => number;
}

/** Starts a family, unless the user was banned, or got another password, in the meantime. */
export async function startFamily(
  database: Database,
  rules: RefreshTokenRules,
  { user, passwordHash }: Verified,
  channel: Channel,
): Promise<Issued | undefined> {
  const refreshToken = randomBytes(32).toString('base64url');
  const familyId = randomUUID();
  return database.transaction(async (tx) => {
    // The share lock makes a ban, or a new password, wait for this login or this login see it: never
    // neither.
    const alive = await tx.query(
      'select id from users where id = $1 and banned_at is null and password_hash = $2 for share',
      [user.id, passwordHash],
    );
    if (alive.length === 0) return undefined;
    const now = rules.clock();
    const endsAt = now + rules.sessionSeconds * 1000;
    await tx.query(
      `insert into refresh_families
         (id, user_id, channel, generation, created_at, refresh_expires_at, access_expires_at)
       values ($1, $2, $3, 0, $4, $5, $6)`,
      [familyId, user.id, channel, new Date(now), ...expiries(rules, now, endsAt)],
    );
    await insertToken(tx, refreshToken, familyId, 0, now);
    return { refreshToken, familyId, user, issuedAt: now, endsAt };
  });
}

/**
 * Exchanges a refresh token for its successor (RFC 9700 §4.14.2, refresh token rotation).
 *
 * Atomic over any number of processes: the family's row is locked first, and everything that
 * decides is in that row or never changes. What the losers of a race find after their wait is the
 * row as the winner left it, and then the grace rule applies to them.
 */
export async function rotate(
  database: Database,
  rules: RefreshTokenRules,
  presented: string,
  channel: Channel,
): Promise<RotationOutcome> {
  // A rejection that revokes has to be committed, so outcomes are returned, not thrown.
  return database.transaction(async (tx) => {
    const family = await lockFamily(tx, presented);
    // Taken after the wait for the lock; before it, a loser would live in the winner's past.
    const now = rules.clock();
    if (family === undefined || family.channel !== channel) return rejected('unknown');
    if (family.revoked) return rejected('revoked');
    // Not stored: a shorter SESSION_SECONDS holds for the sessions that there are, too.
    const endsAt = family.createdAt.getTime() + rules.sessionSeconds * 1000;

    if (family.presentedGeneration !== family.generation) {
      await noteReplay(tx, family, now);
      const successor = forgivenSuccessor(rules, family, presented, now);
      if (successor === undefined || !(await isCurrent(tx, successor, family))) {
        if (await isOvertaken(tx, rules, family, now)) return rejected('overtaken');
        // Either the client or a thief has used this token before. Which of the two holds the
        // successor cannot be known, so neither keeps it (RFC 9700 §4.14.2).
        return {
          ...rejected('reused'),
          familyRevoked: await revokeFamily(tx, family.familyId, now, 'reuse_detected'),
        };
      }
      if (isOver(family, now, endsAt)) return rejected('expired');
      await tx.query(
        `update refresh_families set access_expires_at = greatest(access_expires_at, $2) where id = $1`,
        [family.familyId, expiries(rules, now, endsAt)[1]],
      );
      return {
        kind: 'replayed',
        refreshToken: successor,
        ...holder(family),
        issuedAt: now,
        endsAt,
      };
    }

    if (isOver(family, now, endsAt)) return rejected('expired');
    const salt = randomBytes(16).toString('base64url');
    const successor = deriveSuccessor(rules, presented, salt);
    await tx.query(
      `update refresh_families
          set generation = generation + 1, successor_salt = $2, rotated_at = $3,
              refresh_expires_at = $4, access_expires_at = greatest(access_expires_at, $5)
        where id = $1`,
      [family.familyId, salt, new Date(now), ...expiries(rules, now, endsAt)],
    );
    await insertToken(tx, successor, family.familyId, family.generation + 1, now);
    return { kind: 'rotated', refreshToken: successor, ...holder(family), issuedAt: now, endsAt };
  });
}

/** Ends the session a token belongs to, be it the current token or an old one. Unknown: nothing to do. */
export async function endFamilyOf(
  database: Queries,
  token: string,
  now: number,
  reason: EndReason,
): Promise<boolean> {
  const [row] = await database.query<{ familyId: string }>(
    `select family_id as "familyId" from refresh_tokens where token_hash = $1`,
    [hashToken(token)],
  );
  return row !== undefined && (await revokeFamily(database, row.familyId, now, reason));
}

/** Who a refresh token would refresh at the moment; nothing is redeemed. */
export async function holderOf(
  database: Queries,
  token: string,
  channel: Channel,
  endsAfter: Date,
  startedAfter: Date,
): Promise<User | undefined> {
  const [user] = await database.query<User>(
    `select u.id, u.email, u.name, u.role
       from refresh_tokens t
       join refresh_families f on f.id = t.family_id and f.generation = t.generation
       join users u on u.id = f.user_id
      where t.token_hash = $1 and f.channel = $2 and f.revoked_at is null and u.banned_at is null
        and f.refresh_expires_at > $3 and f.created_at > $4`,
    [hashToken(token), channel, endsAfter, startedAfter],
  );
  return user;
}

interface LockedFamily {
  readonly familyId: string;
  readonly channel: Channel;
  readonly generation: number;
  readonly presentedGeneration: number;
  readonly successorSalt: string | null;
  readonly createdAt: Date;
  readonly rotatedAt: Date | null;
  readonly refreshExpiresAt: Date;
  readonly revoked: boolean;
  readonly banned: boolean;
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: User['role'];
}

async function lockFamily(tx: Queries, token: string): Promise<LockedFamily | undefined> {
  // After a wait PostgreSQL reads the locked row (f) anew, but not the rows joined to it. For t
  // that is right: it never changes. For u it is harmless: a ban also revokes the family, in f.
  const [family] = await tx.query<LockedFamily>(
    `select f.id as "familyId", f.channel, f.generation, t.generation as "presentedGeneration",
            f.successor_salt as "successorSalt", f.created_at as "createdAt", f.rotated_at as "rotatedAt",
            f.refresh_expires_at as "refreshExpiresAt", f.revoked_at is not null as revoked,
            u.banned_at is not null as banned, u.id, u.email, u.name, u.role
       from refresh_tokens t
       join refresh_families f on f.id = t.family_id
       join users u on u.id = f.user_id
      where t.token_hash = $1
        for update of f`,
    [hashToken(token)],
  );
  return family;
}

/** The successor to hand out once more, if the token is the last rotated one and still in its grace. */
function forgivenSuccessor(
  rules: RefreshTokenRules,
  family: LockedFamily,
  presented: string,
  now: number,
): string | undefined {
  if (family.presentedGeneration !== family.generation - 1) return undefined;
  if (family.successorSalt === null || !isWithinGrace(rules, family.rotatedAt, now))
    return undefined;
  return deriveSuccessor(rules, presented, family.successorSalt);
}

/**
 * The successor is computed, not drawn, so that a replay within the grace window can be given the
 * very same one although the database holds no token in clear. It takes three things to compute it:
 * the server's key, the salt of this rotation, and the token before it, of which the database has
 * the hash only. So neither a stolen database nor a stolen key yields a token.
 */
function deriveSuccessor(rules: RefreshTokenRules, token: string, salt: string): string {
  return createHmac('sha256', rules.successorKey).update(`${salt}.${token}`).digest('base64url');
}

/** False when the server's key was changed in between: then there is no successor to repeat. */
async function isCurrent(tx: Queries, successor: string, family: LockedFamily): Promise<boolean> {
  const rows = await tx.query(
    `select 1 as found from refresh_tokens where token_hash = $1 and family_id = $2 and generation = $3`,
    [hashToken(successor), family.familyId, family.generation],
  );
  return rows.length > 0;
}

/**
 * Whether two or more rotations have overtaken the token since it was the current one, all of them
 * within the grace window. Then it is most likely the late request of a tab that was closed, and
 * those that came after it are not to pay for it: it is refused, and nothing is revoked. A thief
 * gains nothing by that, and gives himself away when the window is over.
 */
async function isOvertaken(
  tx: Queries,
  rules: RefreshTokenRules,
  family: LockedFamily,
  now: number,
): Promise<boolean> {
  if (family.presentedGeneration >= family.generation - 1) return false;
  const [next] = await tx.query<{ issuedAt: Date | null }>(
    `select issued_at as "issuedAt" from refresh_tokens where family_id = $1 and generation = $2`,
    [family.familyId, family.presentedGeneration + 1],
  );
  return isWithinGrace(rules, next?.issuedAt ?? null, now);
}

/** For whoever looks into it later; what comes a hundred times tells no more by then. */
async function noteReplay(tx: Queries, family: LockedFamily, now: number): Promise<void> {
  await tx.query(
    `insert into refresh_replays (family_id, generation, replayed_at)
     select $1, $2, $3
      where (select count(*) from refresh_replays where family_id = $1) < 100`,
    [family.familyId, family.presentedGeneration, new Date(now)],
  );
}

function isWithinGrace(rules: RefreshTokenRules, rotatedAt: Date | null, now: number): boolean {
  const { refreshGraceSeconds } = rules;
  if (refreshGraceSeconds === 0 || rotatedAt === null) return false;
  return now - rotatedAt.getTime() <= refreshGraceSeconds * 1000;
}

/** Unsalted and fast on purpose: the input is 256 random bits, not a password. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

async function insertToken(
  tx: Queries,
  token: string,
  familyId: string,
  generation: number,
  now: number,
): Promise<void> {
  await tx.query(
    `insert into refresh_tokens (token_hash, family_id, generation, issued_at) values ($1, $2, $3, $4)`,
    [hashToken(token), familyId, generation, new Date(now)],
  );
}

/** Of the tokens that are issued now: neither outlives the session. */
function expiries(
  rules: RefreshTokenRules,
  now: number,
  endsAt: number,
): [refresh: Date, access: Date] {
  return [
    new Date(Math.min(now + rules.refreshTokenSeconds * 1000, endsAt)),
    new Date(accessTokenExpiry(now, accessLife(rules.accessTokenSeconds, now, endsAt))),
  ];
}

/** Of an access token that is issued now, in seconds. */
export function accessLife(accessTokenSeconds: number, now: number, endsAt: number): number {
  return Math.max(1, Math.min(accessTokenSeconds, Math.floor((endsAt - now) / 1000)));
}

function isOver(family: LockedFamily, now: number, endsAt: number): boolean {
  return family.banned || Math.min(family.refreshExpiresAt.getTime(), endsAt) <= now;
}

function holder(family: LockedFamily): { familyId: string; user: User } {
  const { familyId, id, email, name, role } = family;
  return { familyId, user: { id, email, name, role } };
}

function rejected(reason: string) {
  return { kind: 'rejected', reason, familyRevoked: false } as const;
}
