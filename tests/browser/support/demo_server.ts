import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyBlankDatabase } from '../../server/support/blank_database.ts';

const BUNDLE = fileURLToPath(new URL('../../../build/demo/server.mjs', import.meta.url));
const START_MS = 300_000;

/** What the core in the pages is to be; `js` because their policy forbids WebAssembly. */
export const ENGINE = process.env['BEARERKIT_ENGINE'] ?? 'wasm';
const ALLOW_WASM = ENGINE === 'wasm' ? 'on' : 'off';

/** What the server counted, see its /demo/stats. */
export interface Stats {
  readonly refreshRequests: number;
  readonly refreshes: number;
  readonly replays: number;
  readonly familiesRevoked: number;
  readonly logins: number;
}

/** Of that what tells whether a session was handled well: refreshes, and what a strict server ends. */
export interface Counted {
  readonly asked: number;
  readonly given: number;
  readonly ended: number;
}

export type RefreshFault = 'none' | '503' | 'html' | 'redirect' | 'drop' | 'drop_after';

/** The reference server as it is shipped, in a process of its own with a database of its own. */
export interface DemoServer {
  readonly origin: string;
  stats(): Promise<Stats>;
  resetStats(): Promise<void>;
  /** Lets refreshes fail in that way until told otherwise. */
  failRefreshes(fault: RefreshFault): Promise<void>;
  /** The next refreshes, so many, are held for so long before anything is done. */
  delayRefreshes(delayMs: number, times: number): Promise<void>;
  /** For tokens made from then on. */
  setRules(rules: { accessTokenSeconds?: number; refreshGraceSeconds?: number }): Promise<void>;
  /** Makes the server refuse an access token from now on, however long it has to live. */
  revoke(token: string): Promise<void>;
  /** What the API says to an access token. */
  statusFor(accessToken: string): Promise<number>;
  /** What the server says to a refresh token of bearer mode: as a thief would ask. */
  redeem(refreshToken: string): Promise<number>;
  /** Goes on, at the same address and with the same data, under other settings. */
  restart(env: Record<string, string>): Promise<void>;
  /** Ends it at once, as a crash would; `restart` goes on. */
  kill(): Promise<void>;
  /** What it has written so far. */
  output(): string;
  stop(): Promise<void>;
}

export async function startDemoServer(env: Record<string, string> = {}): Promise<DemoServer> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'bearerkit-browser-'));
  await copyBlankDatabase(path.join(dataDir, 'pglite'));
  let running = await launch({ DATA_DIR: dataDir, ...env });
  const { origin } = running;
  let earlierOutput = '';
  return {
    ...remote(origin),
    kill: () => running.stop('SIGKILL'),
    output: () => earlierOutput + running.output(),
    restart: async (changed) => {
      await running.stop();
      earlierOutput += running.output();
      running = await launch({ DATA_DIR: dataDir, PORT: new URL(origin).port, ...changed });
    },
    stop: async () => {
      await running.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

interface Running {
  readonly origin: string;
  readonly output: () => string;
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

async function launch(env: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, ['--enable-source-maps', BUNDLE], {
    // Only what is given, so that the tester's own PORT or DATABASE_URL changes nothing.
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DEMO: 'on',
      ACCESS_LOG: 'off',
      ALLOW_WASM,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });

  let output = '';
  const origin = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      kill();
      reject(new Error(`The server did not start:\n${output}`));
    }, START_MS);
    const read = (chunk: string): void => {
      output += chunk;
      const address = /^bearerkit demo server: (http:\S+)$/m.exec(output)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    void exited.then(() => {
      clearTimeout(timer);
      reject(new Error(`The server ended:\n${output}`));
    });
  });

  return {
    origin,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      process.removeListener('exit', kill);
      child.kill(signal);
      await exited;
    },
  };
}

function remote(origin: string): Omit<DemoServer, 'kill' | 'output' | 'restart' | 'stop'> {
  // The browser knows localhost by itself; Node asks the system, which may not.
  const direct = origin.replace('//localhost:', '//127.0.0.1:');
  const post = async (route: string, body?: object): Promise<Response> =>
    fetch(`${direct}${route}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    });
  const mustWork = (response: Response, what: string): void => {
    if (!response.ok) throw new Error(`${what}: the server answered ${response.status}`);
  };
  return {
    origin,
    stats: async () => (await (await fetch(`${direct}/demo/stats`)).json()) as Stats,
    resetStats: async () => mustWork(await post('/demo/reset-stats'), 'reset-stats'),
    failRefreshes: async (refresh) => {
      mustWork(await post('/demo/faults', { refresh, times: 1_000_000 }), 'faults');
    },
    delayRefreshes: async (delayMs, times) => {
      mustWork(await post('/demo/faults', { refresh: 'none', times, delayMs }), 'faults');
    },
    setRules: async (rules) => mustWork(await post('/demo/settings', rules), 'settings'),
    revoke: async (token) => {
      const body = new URLSearchParams({ token, client_id: 'demo' });
      mustWork(await fetch(`${direct}/oauth/revoke`, { method: 'POST', body }), 'revoke');
    },
    statusFor: async (accessToken) => {
      const headers = { Authorization: `Bearer ${accessToken}` };
      return (await fetch(`${direct}/api/protected`, { headers })).status;
    },
    redeem: async (refreshToken) => (await post('/auth/refresh', { refreshToken })).status,
  };
}

/** What the server counted since the last reset. */
export async function countedBy(server: DemoServer): Promise<Counted> {
  const { refreshRequests, refreshes, replays, familiesRevoked } = await server.stats();
  return { asked: refreshRequests, given: refreshes, ended: replays + familiesRevoked };
}
