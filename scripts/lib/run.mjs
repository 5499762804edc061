// Running other programs.
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

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

/** A program that ended badly. The message says all that a person needs: no stack is to be shown. */
export class CommandFailed extends Error {
  /**
   * @param {string} message
   * @param {string} output
   */
  constructor(message, output) {
    super(message);
    this.output = output;
  }
}

/**
 * Runs a program in the repository's folder and resolves with what it printed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{
 *   env?: Record<string, string>,
 *   cwd?: string,
 *   show?: boolean, // pass its output on as it comes (standard input too)
 *   onOutput?: (text: string) => void, // see its output as it comes
 *   allowFailure?: boolean,
 *   timeoutMs?: number, // then it is ended, which counts as a failure
 * }} [options]
 * @returns {Promise<{ code: number, stdout: string, output: string }>} `output` is both streams
 */
export async function run(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: options.show === true ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  });
  let stdout = '';
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    stdout += text;
    output += text;
    options.onOutput?.(text);
  });
  child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    output += text;
    options.onOutput?.(text);
  });
  /** @type {number} */
  const code = await new Promise((done, fail) => {
    child.on('error', (error) => {
      fail(new CommandFailed(`${command} could not be started: ${error.message}`, ''));
    });
    child.on('close', (exitCode, signal) => {
      done(exitCode ?? (signal === null ? 1 : 128));
    });
  });
  if (code !== 0 && options.allowFailure !== true) {
    throw new CommandFailed(
      `${[command, ...args].join(' ')}\nended with exit code ${code}`,
      output,
    );
  }
  return { code, stdout, output };
}

/**
 * Runs a script's main function: errors meant for people without a stack, exit code 1.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    if (error.output !== '') console.error(error.output.trimEnd());
    console.error(error.message);
    process.exitCode = 1;
  }
}

/**
 * Whether a script was started itself, not imported.
 * @param {ImportMeta} meta
 */
export function isMain(meta) {
  return process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(meta.url);
}
