import type { Database } from './database.ts';

/**
 * The schema, one entry for each version, never edited once released.
 * Plain PostgreSQL that the embedded database (PostgreSQL itself, as WebAssembly) runs as well.
 */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `create table users (
       id text primary key,
       email text not null unique,
       name text not null,
       role text not null check (role in ('user', 'admin')),
       password_hash text not null,
       is_demo boolean not null default false,
       banned_at timestamptz
     )`,

    // All that changes about a family is in its one row, so that one row lock makes rotation
    // atomic over any number of processes.
    `create table refresh_families (
       id text primary key,
       user_id text not null references users (id) on delete cascade,
       channel text not null check (channel in ('bearer', 'cookie', 'hybrid')),
       generation integer not null,
       successor_salt text,
       created_at timestamptz not null,
       rotated_at timestamptz,
       refresh_expires_at timestamptz not null,
       access_expires_at timestamptz not null,
       revoked_at timestamptz
     )`,
    `create index refresh_families_user on refresh_families (user_id)`,
    `create index refresh_families_expiry on refresh_families (refresh_expires_at)`,

    // Every token a family ever had, as a hash. The old ones are kept to tell a replay (theft)
    // from a token that never was. Rows are never updated.
    `create table refresh_tokens (
       token_hash text primary key,
       family_id text not null references refresh_families (id) on delete cascade,
       generation integer not null,
       unique (family_id, generation)
     )`,

    // What is refused before its time: one access token (jti), all of one session (sid), or all
    // of one user (sub).
    `create table blocklist (
       claim text not null check (claim in ('jti', 'sid', 'sub')),
       value text not null,
       expires_at timestamptz not null,
       primary key (claim, value)
     )`,
    `create index blocklist_expiry on blocklist (expires_at)`,
  ],
  [
    // When it became the current one, and so when the one before it was rotated. Unknown of those
    // that are older than this column.
    `alter table refresh_tokens add column issued_at timestamptz`,
  ],
  [
    // What signs access tokens; sealed, see key_ring.ts.
    `create table signing_keys (
       kid text primary key,
       algorithm text not null,
       sealed_jwk text not null,
       created_at timestamptz not null,
       signs_from timestamptz not null,
       retires_at timestamptz
     )`,

    // Why a session was ended; unknown of those that ended before this column.
    `alter table refresh_families add column end_reason text`,

    // Each time a token came again after it had been redeemed.
    `create table refresh_replays (
       family_id text not null references refresh_families (id) on delete cascade,
       generation integer not null,
       replayed_at timestamptz not null
     )`,
    `create index refresh_replays_family on refresh_replays (family_id)`,
  ],
];

/** An arbitrary number that only this schema uses as a lock. */
const MIGRATION_LOCK = 7_233_410_551;

/**
 * Brings the schema up to date. Two processes may do this at once: the second waits at the lock,
 * which the transaction's end releases, and then finds nothing left to do.
 */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await tx.query('create table if not exists schema_version (version integer primary key)');
    const [row] = await tx.query<{ version: number }>(
      'select coalesce(max(version), 0)::integer as version from schema_version',
    );
    const from = row?.version ?? 0;
    for (const [index, statements] of MIGRATIONS.entries()) {
      if (index < from) continue;
      for (const statement of statements) await tx.query(statement);
      await tx.query('insert into schema_version (version) values ($1)', [index + 1]);
    }
  });
}
