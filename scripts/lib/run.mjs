// Running other programs.
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

// After so long without a line a person, and a CI, is told that something still happens.
const QUIET_MS = 30_000;

/**
 * Where a command stands on the PATH, or undefined. Starts no process.
 * @param {string} name
 * @returns {string | undefined}
 */
export function which(name) {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not there: on to the next folder.
    }
  }
  return undefined;
}

/** What went wrong, in a message that says all that a person needs: no stack is to be shown. */
export class CommandFailed extends Error {}

/**
 * @typedef {object} Options
 * @property {Record<string, string>} [env]
 * @property {string} [cwd]
 * @property {boolean} [interactive] it gets our own input and output
 * @property {(line: string) => boolean} [show] passes on these lines of its output, as they come
 * @property {boolean} [allowFailure]
 * @property {number} [timeoutMs] then it is ended, which counts as a failure
 */

/**
 * Runs a program in the repository's folder and resolves with what it printed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Options} [options]
 * @returns {Promise<{ code: number, stdout: string, output: string }>} `output` is both streams
 */
export async function run(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: options.interactive === true ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs,
  });
  const called = [command, ...args].join(' ');
  const stillRuns = options.interactive === true ? undefined : tellWhenQuiet(called);
  const printed = { stdout: '', output: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      if (stream === child.stdout) printed.stdout += text;
      printed.output += text;
    });
    if (stream === null || options.show === undefined) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (options.show?.(line) !== true) return;
      console.log(line);
      stillRuns?.refresh();
    });
  }
  /** @type {Promise<number>} */
  const ended = new Promise((done, fail) => {
    child.on('error', (error) => {
      fail(new CommandFailed(`${command} could not be started: ${error.message}`));
    });
    child.on('close', (exitCode, signal) => {
      done(exitCode ?? (signal === null ? 1 : 128));
    });
  });
  const code = await ended.finally(() => {
    clearInterval(stillRuns);
  });
  if (code !== 0 && options.allowFailure !== true) {
    const unseen = options.show === undefined ? printed.output : '';
    throw new CommandFailed(`${unseen}${called}\nended with exit code ${code}`);
  }
  return { code, ...printed };
}

/** @param {string} what */
function tellWhenQuiet(what) {
  const begin = performance.now();
  return setInterval(() => {
    console.log(`… still running: ${what.slice(0, 80)} (${elapsed(begin)})`);
  }, QUIET_MS);
}

/**
 * Runs a program of node_modules, by Node itself: their start files are no programs on every system.
 * @param {string} file
 * @param {readonly string[]} args
 */
export const npmTool = (file, ...args) => run(process.execPath, [`node_modules/${file}`, ...args]);

/** @param {number} begin of performance.now() */
export const elapsed = (begin) => `${((performance.now() - begin) / 1000).toFixed(1)} s`;

/**
 * Runs tasks, at most `limit` of them at once, in their order.
 * @param {readonly (() => Promise<void>)[]} tasks
 * @param {number} limit
 */
export async function runLimited(tasks, limit) {
  const waiting = [...tasks];
  await Promise.all(
    Array.from({ length: limit }, async () => {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await task();
    }),
  );
}

/** @param {unknown} error */
export function messageOf(error) {
  if (error instanceof CommandFailed) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Runs the main function of a script that was started itself, not imported. Errors meant for people
 * are shown without a stack; the exit code is 1.
 * @param {ImportMeta} meta
 * @param {() => unknown} main
 */
export async function runMain(meta, main) {
  if (process.argv[1] === undefined || resolve(process.argv[1]) !== fileURLToPath(meta.url)) return;
  try {
    await main();
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}
