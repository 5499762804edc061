import { createServer } from 'node:http';
import type { TestContext } from 'node:test';
import { createApp } from '../../../demo/server/app.ts';
import type { Database } from '../../../demo/server/database.ts';
import { deriveKeys, type Keys } from '../../../demo/server/keys.ts';
import { readSettings, type Settings } from '../../../demo/server/settings.ts';
import { postJson } from './requests.ts';

export const KEYS: Keys = deriveKeys('a secret of the tests, and of nobody else');

export interface TestServer {
  readonly origin: string;
  readonly url: (path: string) => string;
  readonly logged: string[];
  /** How often it has looked at its clock. */
  readonly looks: () => number;
  /** Puts the server's clock forward: access tokens live 900 seconds. */
  readonly advance: (seconds: number) => void;
  readonly now: () => number;
  /** What it has counted so far. */
  readonly stats: () => Promise<Stats>;
  /** Makes refreshes fail in that way. @throws Error when there is no such fault */
  readonly fault: (refresh: string, times?: number) => Promise<void>;
}

/** See the demo's routes. */
interface Stats {
  readonly refreshRequests: number;
  readonly refreshes: number;
  readonly replays: number;
}

/** The app on a port of its own, with a clock that the test holds; closed when the test ends. */
export async function startServer(
  t: TestContext,
  database: Database,
  overrides: Partial<Settings> = {},
  keys: Keys = KEYS,
): Promise<TestServer> {
  // Far above what a suite needs: the limit has a test of its own.
  const defaults = readSettings(
    { DEMO: 'on', LOGIN_ATTEMPTS_PER_MINUTE: '100000' },
    '/nonexistent',
  );
  // Stands still unless told: on a busy machine real seconds would eat into a grace window.
  let now = Date.now();
  let looks = 0;
  const clock = (): number => {
    looks += 1;
    return now;
  };
  const logged: string[] = [];
  const app = createApp({
    settings: { ...defaults, ...overrides },
    database,
    keys,
    clock,
    log: (line) => logged.push(line),
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
  return {
    origin,
    url: (path) => origin + path,
    logged,
    looks: () => looks,
    advance: (seconds) => {
      now += seconds * 1000;
    },
    now: () => now,
    stats: async () => (await (await fetch(`${origin}/demo/stats`)).json()) as Stats,
    fault: async (refresh, times = 1) => {
      const { status } = await postJson(`${origin}/demo/faults`, { refresh, times });
      if (status !== 204) throw new Error(`No such fault: ${refresh}`);
    },
  };
}
