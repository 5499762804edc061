import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** A PostgreSQL server of the test's own: own folder, own port on loopback, gone afterwards. */
export interface Postgres {
  readonly url: string;
  stop(): Promise<void>;
}

const USER = 'bearerkit';

/** @throws Error that says what to install, when there is no PostgreSQL: never a silent skip. */
export async function startPostgres(): Promise<Postgres> {
  const bin = findBinaries();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bearerkit-postgres-'));
  // PostgreSQL refuses to run as root; Debian's package brings a user for it.
  const owner = process.getuid?.() === 0 ? postgresUser() : {};
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);

  const password = randomBytes(16).toString('hex');
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined)
    chownSync(passwordFile, owner.uid, owner.gid);
  const data = path.join(folder, 'data');
  const options = { ...owner, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  const init = spawnSync(
    path.join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      USER,
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--no-sync',
    ],
    { ...options, encoding: 'utf8' },
  );
  if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr}`);

  // A free port can be taken by somebody else before PostgreSQL has it.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const server = spawn(
      path.join(bin, 'postgres'),
      [
        ['-D', data],
        ['-p', String(port)],
        ['-c', 'listen_addresses=127.0.0.1'],
        ['-c', 'unix_socket_directories='],
        // The data is thrown away: it need not survive a power cut.
        ['-c', 'fsync=off'],
      ].flat(),
      { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    if (await isReady(server)) {
      return handle(server, folder, `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`);
    }
    if (attempt === 3) throw new Error('PostgreSQL does not start');
  }
}

function handle(server: ChildProcess, folder: string, url: string): Postgres {
  // SIGINT is "fast shutdown": connections are closed, not waited for.
  const kill = (): void => {
    server.kill('SIGINT');
  };
  process.once('exit', kill);
  return {
    url,
    stop: async () => {
      process.removeListener('exit', kill);
      if (server.exitCode === null) {
        const exited = new Promise((resolve) => server.once('exit', resolve));
        kill();
        await exited;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
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
