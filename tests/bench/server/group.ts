// Processes of the reference server on one database, as an operator starts them.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../demo/server/main.ts', import.meta.url));

export interface Group {
  readonly origins: readonly string[];
  readonly stop: () => Promise<void>;
}

export async function startGroup(
  processes: number,
  env: Readonly<Record<string, string>>,
): Promise<Group> {
  const started = await Promise.all(Array.from({ length: processes }, () => start(env)));
  return {
    origins: started.map(({ origin }) => origin),
    stop: async () => {
      await Promise.all(started.map(({ stop }) => stop()));
    },
  };
}

async function start(
  env: Readonly<Record<string, string>>,
): Promise<{ origin: string; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    env: { PATH: process.env['PATH'], PORT: '0', DEMO: 'on', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  const origin = await new Promise<string>((resolve, reject) => {
    const listen = (text: string): void => {
      said += text;
      const address = /^bearerkit demo server: (http:\S+)$/m.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    void ended.then(() => reject(new Error(`The server ended: ${said}`)));
  });
  return {
    origin,
    stop: async () => {
      process.removeListener('exit', kill);
      child.kill();
      await ended;
    },
  };
}
