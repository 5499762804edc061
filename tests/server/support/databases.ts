import { after, before, describe } from 'node:test';
import path from 'node:path';
import { type Database, openEmbedded, openPostgres } from '../../../demo/server/database.ts';
import { migrate } from '../../../demo/server/schema.ts';
import { createDemoAccounts } from '../../../demo/server/users.ts';
import { copyBlankDatabase } from './blank_database.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { temporaryFolder } from './process.ts';

/** Runs one suite on the embedded database and once more on a real PostgreSQL. */
export function onEachDatabase(title: string, suite: (database: () => Database) => void): void {
  describe(`${title} (PGlite)`, () => suite(useEmbedded()));

  describe(`${title} (PostgreSQL)`, () => {
    let postgres: Postgres | undefined;
    let database: Database | undefined;
    before(async () => {
      postgres = await startPostgres();
      database = await openPostgres(postgres.url);
      await prepare(database);
    });
    after(async () => {
      await database?.close();
      await postgres?.stop();
    });
    suite(() => present(database));
  });
}

/** One embedded database for the tests of a file, or of a suite. */
export function useEmbedded(): () => Database {
  let database: Database | undefined;
  const { folder, remove } = temporaryFolder();
  before(async () => {
    const data = path.join(folder, 'pglite');
    await copyBlankDatabase(data);
    database = await openEmbedded(data);
    await prepare(database);
  });
  after(async () => {
    await database?.close();
    remove();
  });
  return () => present(database);
}

async function prepare(database: Database): Promise<void> {
  await migrate(database);
  await createDemoAccounts(database);
}

function present(database: Database | undefined): Database {
  if (database === undefined) throw new Error('The database is not open');
  return database;
}
