import type { RequestListener } from 'node:http';
import { createApp } from './app.ts';
import { createAttacker } from './attacker.ts';
import { DataDirInUseError } from './data_dir_lock.ts';
import { type Database, openDatabase } from './database.ts';
import { loadKeys } from './keys.ts';
import { type Listener, listen } from './listen.ts';
import { projectDir } from './project_dir.ts';
import { purgeExpired } from './revocation.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import { createDemoAccounts, DEMO_ACCOUNTS, DEMO_PASSWORD, removeDemoAccounts } from './users.ts';

const PURGE_EVERY_MS = 60_000;
const PATIENCE_MS = 5000;

try {
  await start(readSettings(process.env, projectDir()));
} catch (error) {
  // One line that says what to do. Never the whole error: a connection string is in some of them.
  console.error(`bearerkit demo server: ${explain(error)}`);
  process.exit(1);
}

async function start(settings: Settings): Promise<void> {
  // The port first: with it taken, nothing else may be touched, least of all the data of the
  // server that has it. Requests that come before all is ready wait.
  let ready: (handler: RequestListener) => void = () => {};
  const app = new Promise<RequestListener>((resolve) => {
    ready = resolve;
  });
  const handleLater: RequestListener = (request, response) => {
    void app.then((handle) => {
      handle(request, response);
    });
  };
  const requestMs = settings.requestSeconds * 1000;
  const listener = await listen(settings.host, settings.port, handleLater, requestMs);

  const keys = loadKeys(settings);
  const database = await openDatabase(settings);
  if (settings.demo) await createDemoAccounts(database);
  else await removeDemoAccounts(database);

  const purge = (): void => {
    // A failure only means that the rows stay until the next round.
    purgeExpired(database, Date.now()).catch(() => {});
  };
  setInterval(purge, PURGE_EVERY_MS).unref();
  const attacker = await listenAsAttacker(settings, listener.port);
  stopOnSignals(attacker ? [listener, attacker] : [listener], database);
  ready(
    createApp({
      settings,
      database,
      keys,
      ...(attacker && { attackerPort: attacker.port }),
      log: (line) => {
        console.log(line);
      },
    }),
  );
  announce(settings, listener.port);
}

/** Only where both names of this machine lead to it: one is the page's, the other the attacker's. */
async function listenAsAttacker(
  settings: Settings,
  victimPort: number,
): Promise<Listener | undefined> {
  if (!settings.demo || !['localhost', '127.0.0.1'].includes(settings.host)) return undefined;
  return listen('localhost', 0, createAttacker(victimPort), settings.requestSeconds * 1000);
}

function stopOnSignals(listeners: readonly Listener[], database: Database): void {
  let stopping = false;
  const stop = (): void => {
    // The second signal is from somebody who has waited long enough.
    if (stopping) process.exit(1);
    stopping = true;
    void Promise.all(listeners.map((listener) => listener.close(PATIENCE_MS)))
      .then(() => database.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function announce(settings: Settings, port: number): void {
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const lines = [`bearerkit demo server: http://${host}:${port}`];
  for (const { email, role } of settings.demo ? DEMO_ACCOUNTS : []) {
    lines.push(`  demo account (${role}): ${email}  password: ${DEMO_PASSWORD}`);
  }
  // In one piece, for whoever waits for the first line and reads on.
  console.log(lines.join('\n'));
}

function explain(error: unknown): string {
  if (error instanceof SettingsError || error instanceof DataDirInUseError) return error.message;
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  switch (code) {
    case 'EADDRINUSE':
      return `port ${portOf(error)} is in use: set PORT to another one`;
    case 'EACCES':
      return 'not allowed to use that PORT or DATA_DIR: choose another one';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'HOST is no address of this machine, or DATABASE_URL names an unknown host';
    case 'ECONNREFUSED':
      return 'nothing answers at DATABASE_URL';
    case '28P01':
    case '28000':
      return 'DATABASE_URL: the database refuses the user or the password';
    case '3D000':
      return 'DATABASE_URL: there is no such database';
    default:
      return `could not start (${error instanceof Error ? [error.name, code].join(' ').trim() : 'unknown error'})`;
  }
}

function portOf(error: unknown): string {
  return error instanceof Error && 'port' in error ? String(error.port) : '';
}
