import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { Pool, PoolClient } from 'pg';
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

/** The embedded database. The schema is not touched. */
export async function openEmbedded(folder: string): Promise<Database> {
  mkdirSync(path.dirname(folder), { recursive: true, mode: 0o700 });
  // PGlite itself lets two processes open one folder, and they ruin it together.
  const unlock = lockDataDir(path.dirname(folder));
  // Loaded only here: with PostgreSQL nobody should wait for, or pay for, the embedded one.
  const { PGlite: Embedded } = await import('@electric-sql/pglite');
  if (!existsSync(folder)) {
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
    // Together less than the ten seconds after which a client gives a refresh up: an answer that
    // comes later is one that was lost.
    connectionTimeoutMillis: 3000,
    query_timeout: 5000,
    // The server's own limit comes first, so that a query that is only slow keeps its connection.
    statement_timeout: 4000,
    // A process that hangs in the middle of a rotation must not keep the family's row for ever.
    idle_in_transaction_session_timeout: 10_000,
  });
  // A connection that breaks is no reason to die: the pool makes a new one, and a query that fails
  // says so itself. Without a listener Node would end the process.
  pool.on('error', () => {});

  return {
    query: async <Row extends object>(sql: string, params: readonly SqlValue[] = []) =>
      (await pool.query<Row>(sql, [...params])).rows,
    transaction: async (work) => {
      const client = await pool.connect();
      // The pool's listener is not there for a connection that is lent out.
      const ignore = (): void => {};
      client.on('error', ignore);
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
        broken = isDatabaseUnavailable(error) || !(await rollBack(client));
        throw error;
      } finally {
        client.removeListener('error', ignore);
        // Closing a broken connection rolls back as well, and waits for nobody.
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

/** Whether it worked. */
function rollBack(client: PoolClient): Promise<boolean> {
  return client.query('rollback').then(
    () => true,
    () => false,
  );
}

// Class 08: connection exception; 57P0x: the server goes down or starts; 25P03, 57P05: it closed
// the connection; 53300: it has no room for one more; 57014: it gave the query up (PostgreSQL,
// appendix A). Then what the system says of hosts and connections.
const UNAVAILABLE_CODE =
  /^(08...|57P0[1-35]|25P03|53300|57014|ECONN(REFUSED|RESET|ABORTED)|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE)$/;
// What the driver says without a code.
const UNAVAILABLE_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (has encountered a connection error|was closed))/;

/** Whether an error means that the database cannot be reached, or does not answer, at the moment. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return UNAVAILABLE_CODE.test(code) || UNAVAILABLE_MESSAGE.test(error.message);
}
