import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { Pool } from 'pg';
import { lockDataDir } from './data_dir_lock.ts';
import { migrate } from './schema.ts';
import type { Settings } from './settings.ts';

export type SqlValue = string | number | boolean | Date | null;

/** Runs SQL. The caller vouches for the row type: it stands next to the SQL that makes it so. */
export interface Queries {
  query<Row extends object>(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
}

/**
 * The one door to the database: PGlite inside the process, or PostgreSQL through a pool. Same SQL.
 * Isolation is READ COMMITTED, PostgreSQL's default: each statement sees what was committed before it.
 */
export interface Database extends Queries {
  /**
   * Commits when `work` fulfils, rolls back when it rejects. Inside, use only the `tx` handed in:
   * the embedded database has one connection, and would wait for itself.
   */
  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens the database that the settings name and brings its schema up to date. */
export async function openDatabase(settings: Settings): Promise<Database> {
  const database =
    settings.databaseUrl === undefined
      ? await openEmbedded(path.join(settings.dataDir, 'pglite'))
      : await openPostgres(settings.databaseUrl);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

/** The embedded database; without a folder it lives in memory. The schema is not touched. */
export async function openEmbedded(folder?: string): Promise<Database> {
  let unlock = (): void => {};
  if (folder !== undefined) {
    mkdirSync(path.dirname(folder), { recursive: true, mode: 0o700 });
    // PGlite itself lets two processes open one folder, and they ruin it together.
    unlock = lockDataDir(path.dirname(folder));
  }
  // Loaded only here: with PostgreSQL nobody should wait for, or pay for, the embedded one.
  const { PGlite: Embedded } = await import('@electric-sql/pglite');
  if (folder !== undefined && !existsSync(folder)) {
    // Making a new one takes seconds. Under a name of its own until it is whole: a first start that
    // is broken off must not leave half a database for the second.
    const draft = `${folder}.new`;
    rmSync(draft, { recursive: true, force: true });
    await (await Embedded.create(draft)).close();
    renameSync(draft, folder);
  }
  const pglite: PGlite = await Embedded.create(folder);
  return {
    query: async <Row extends object>(sql: string, params: readonly SqlValue[] = []) =>
      (await pglite.query<Row>(sql, [...params])).rows,
    transaction: (work) =>
      pglite.transaction((tx) =>
        work({
          query: async <Row extends object>(sql: string, params: readonly SqlValue[] = []) =>
            (await tx.query<Row>(sql, [...params])).rows,
        }),
      ),
    close: async () => {
      await pglite.close();
      unlock();
    },
  };
}

/** A pool of connections to PostgreSQL. The schema is not touched. */
export async function openPostgres(url: string): Promise<Database> {
  const { default: pg } = await import('pg');
  const pool: Pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5000,
    statement_timeout: 10_000,
    // A process that hangs in the middle of a rotation must not keep the family's row for ever.
    idle_in_transaction_session_timeout: 10_000,
  });
  // A connection that breaks while idle is no reason to die: the pool makes a new one, and a
  // query that fails says so itself. Without a listener Node would end the process.
  pool.on('error', () => {});

  return {
    query: async <Row extends object>(sql: string, params: readonly SqlValue[] = []) =>
      (await pool.query<Row>(sql, [...params])).rows,
    transaction: async (work) => {
      const client = await pool.connect();
      let broken = false;
      try {
        await client.query('begin');
        const result = await work({
          query: async <Row extends object>(sql: string, params: readonly SqlValue[] = []) =>
            (await client.query<Row>(sql, [...params])).rows,
        });
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => {
          broken = true;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

/** Whether an error means that the database cannot be reached at the moment. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Class 08: connection exception; 57P0x: the server goes down or starts (PostgreSQL, appendix A).
  if (/^(08...|57P0[1-3]|ECONN(REFUSED|RESET)|ENOTFOUND|ETIMEDOUT|EPIPE)$/.test(code)) return true;
  return /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message);
}
