// The reference server of demo/server, on its embedded database, for the package's own tests.
import { createServer } from 'node:http';
import { after, before, type TestContext } from 'node:test';

import { createApp } from '../../../demo/server/app.ts';
import { type Database, openEmbedded } from '../../../demo/server/database.ts';
import { deriveKeys } from '../../../demo/server/keys.ts';
import { migrate } from '../../../demo/server/schema.ts';
import { readSettings } from '../../../demo/server/settings.ts';
import { createDemoAccounts, DEMO_PASSWORD } from '../../../demo/server/users.ts';

export const ADA = { email: 'ada@example.com', password: DEMO_PASSWORD };
export const GRACE = { email: 'grace@example.com', password: DEMO_PASSWORD };

export interface ReferenceServer {
  readonly origin: string;
  url(path: string): string;
  /** Lets the server's clock run ahead: access tokens live 900 seconds. */
  advance(seconds: number): void;
  /** What the server has counted so far. */
  stats(): Promise<{ refreshRequests: number; refreshes: number; replays: number }>;
  /** Makes refreshes fail; see the demo's routes. */
  fault(refresh: string, times?: number): Promise<void>;
}

/** One embedded database for all tests of a file. */
export function withDatabase(): () => Database {
  let database: Database | undefined;
  before(async () => {
    database = await openEmbedded();
    await migrate(database);
    await createDemoAccounts(database);
  });
  after(() => database?.close());
  return () => {
    if (database === undefined) throw new Error('The database is not open');
    return database;
  };
}

export async function startReferenceServer(
  t: TestContext,
  database: Database,
): Promise<ReferenceServer> {
  let ahead = 0;
  const app = createApp({
    settings: readSettings({ LOGIN_ATTEMPTS_PER_MINUTE: '100000' }, '/nonexistent'),
    database,
    keys: deriveKeys('a secret of these tests, and of nobody else'),
    clock: () => Date.now() + ahead,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(origin + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    origin,
    url: (path) => origin + path,
    advance: (seconds) => {
      ahead += seconds * 1000;
    },
    stats: async () =>
      (await (await fetch(`${origin}/demo/stats`)).json()) as Awaited<
        ReturnType<ReferenceServer['stats']>
      >,
    fault: async (refresh, times = 1) => {
      const { status } = await post('/demo/faults', { refresh, times });
      if (status !== 204) throw new Error(`no such fault: ${refresh}`);
    },
  };
}
