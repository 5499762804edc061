import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** A PostgreSQL server of the test's own: own folder, own port on loopback, gone afterwards. */
export interface Postgres {
  readonly url: string;
  /** Ends it as for maintenance: connections are closed, and new ones refused. The data stays. */
  shutDown(): Promise<void>;
  /** After `shutDown`: goes on at the same address, with the same data. */
  startAgain(): Promise<void>;
  /** From now on it answers nothing, although its connections stay and new ones come about. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

const USER = 'bearerkit';

/** Where a server keeps its data, and how its programs are run. */
interface Cluster {
  readonly bin: string;
  readonly folder: string;
  readonly password: string;
  readonly options: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly uid?: number;
    readonly gid?: number;
  };
}

/** @throws Error that says what to install, when there is no PostgreSQL: never a silent skip. */
export async function startPostgres(): Promise<Postgres> {
  const cluster = createCluster();
  // A free port can be taken by somebody else before PostgreSQL has it.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const server = await launch(cluster, port);
    if (server !== undefined) return handle(cluster, port, server);
    if (attempt === 3) throw new Error('PostgreSQL does not start');
  }
}

function createCluster(): Cluster {
  const bin = findBinaries();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bearerkit-postgres-'));
  // PostgreSQL refuses to run as root; Debian's package brings a user for it.
  const owner = process.getuid?.() === 0 ? postgresUser() : {};
  const password = randomBytes(16).toString('hex');
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) {
    for (const each of [folder, passwordFile]) chownSync(each, owner.uid, owner.gid);
  }
  const options = { ...owner, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  const init = spawnSync(
    path.join(bin, 'initdb'),
    [
      ['-D', path.join(folder, 'data')],
      ['-U', USER],
      ['-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ['-E', 'UTF8'],
      ['--no-sync'],
    ].flat(),
    { ...options, encoding: 'utf8' },
  );
  if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr}`);
  return { bin, folder, password, options };
}

/** Undefined when it does not come up. */
async function launch(
  { bin, folder, options }: Cluster,
  port: number,
): Promise<ChildProcess | undefined> {
  const server = spawn(
    path.join(bin, 'postgres'),
    [
      ['-D', path.join(folder, 'data')],
      ['-p', String(port)],
      ['-c', 'listen_addresses=127.0.0.1'],
      ['-c', 'unix_socket_directories='],
      // The data is thrown away: it need not survive a power cut.
      ['-c', 'fsync=off'],
    ].flat(),
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return (await isReady(server)) ? server : undefined;
}

function handle(cluster: Cluster, port: number, first: ChildProcess): Postgres {
  let server = first;
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const pid of familyOf(server)) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has just ended.
      }
    }
  };
  const end = (): void => {
    // What is frozen does not hear that it is to end.
    signalAll('SIGCONT');
    // "Fast shutdown": connections are closed, not waited for.
    server.kill('SIGINT');
  };
  const shutDown = async (): Promise<void> => {
    if (server.exitCode !== null) return;
    const exited = new Promise((resolve) => server.once('exit', resolve));
    end();
    await exited;
  };
  process.once('exit', end);
  return {
    url: `postgres://${USER}:${cluster.password}@127.0.0.1:${port}/postgres`,
    shutDown,
    startAgain: async () => {
      const next = await launch(cluster, port);
      if (next === undefined) throw new Error('PostgreSQL does not start again');
      server = next;
    },
    freeze: () => {
      // The first one first: it must not start any more of the others.
      signalAll('SIGSTOP');
      signalAll('SIGSTOP');
    },
    thaw: () => signalAll('SIGCONT'),
    stop: async () => {
      process.removeListener('exit', end);
      await shutDown();
      rmSync(cluster.folder, { recursive: true, force: true });
    },
  };
}

/** The server's process and its children, one for each connection: each is its own process group. */
function familyOf({ pid, exitCode }: ChildProcess): number[] {
  if (pid === undefined || exitCode !== null) return [];
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid);
  return [pid, ...children];
}

function parentOf(pid: number): number | undefined {
  try {
    // "pid (name) state parent …" (proc(5)); the name may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined; // it has just ended
  }
}

function isReady(server: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    let text = '';
    server.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('ready to accept connections')) resolve(true);
      text = text.slice(-1000);
    });
    server.once('error', () => resolve(false));
    server.once('exit', () => resolve(false));
  });
}

function findBinaries(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  const found = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(root, version, 'bin'))
    .find(
      (folder) =>
        existsSync(path.join(folder, 'initdb')) && existsSync(path.join(folder, 'postgres')),
    );
  if (found === undefined) {
    throw new Error('These tests need PostgreSQL. On Debian: apt-get install postgresql');
  }
  return found;
}

function postgresUser(): { uid?: number; gid?: number } {
  const ask = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}
