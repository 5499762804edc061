import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../demo/server/main.ts', import.meta.url));
const START_MS = 300_000;

// A test that fails half-way stops nothing; a child left over would keep its file from ever ending.
const running = new Set<ChildProcess>();
const killAll = (): void => {
  for (const child of running) child.kill('SIGKILL');
};
after(killAll);
process.once('exit', killAll);

export interface Exit {
  readonly code: number | null;
  readonly output: string;
}

/** The server as an operator starts it: a process with an environment. */
export interface ServerProcess {
  readonly origin: string;
  readonly output: () => string;
  /** Ends it with a signal and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}

/** Starts one and waits for its address. @throws Error when it ends before that. */
export async function startProcess(env: Record<string, string>): Promise<ServerProcess> {
  const { child, output, exit } = launch(env);
  const origin = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The server did not start: ${output()}`));
    }, START_MS);
    child.stdout?.on('data', () => {
      const match = /^bearerkit demo server: (http:\S+)$/m.exec(output());
      if (match?.[1] !== undefined) resolve(match[1]);
      if (match !== null) clearTimeout(timer);
    });
    void exit.then(() => {
      clearTimeout(timer);
      reject(new Error(`The server ended: ${output()}`));
    });
  });
  return {
    origin,
    output,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exit;
    },
  };
}

/** Starts one that is expected to refuse, and waits for its end. */
export function runToEnd(env: Record<string, string>): Promise<Exit> {
  return launch(env).exit;
}

/** A folder for DATA_DIR, and how to be rid of it. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bearerkit-server-'));
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function launch(env: Record<string, string>): {
  child: ChildProcess;
  output: () => string;
  exit: Promise<Exit>;
} {
  // Only what is given, so that the tester's own PORT or DATABASE_URL changes nothing.
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    env: { PATH: process.env['PATH'], PORT: '0', DEMO: 'on', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let text = '';
  const collect = (chunk: string): void => {
    text += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  const exit = new Promise<Exit>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, output: text });
    });
  });
  return { child, output: () => text, exit };
}
