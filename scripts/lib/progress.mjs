// Telling a person that something still happens.
import { CommandFailed, run } from './run.mjs';

const QUIET_MS = 15_000;

/** @param {number} begin of performance.now() */
export const elapsed = (begin) => `${((performance.now() - begin) / 1000).toFixed(1)} s`;

/**
 * Runs work; after every quiet stretch prints what is running, and for how long.
 * @template T
 * @param {() => string} describe
 * @param {(sign: () => void) => Promise<T>} work calls `sign` whenever it printed something itself
 * @returns {Promise<T>}
 */
export async function withHeartbeat(describe, work) {
  const begin = performance.now();
  const tell = () => {
    console.log(`… still running: ${describe()} (${elapsed(begin)})`);
  };
  const timer = setInterval(tell, QUIET_MS);
  try {
    return await work(() => timer.refresh());
  } finally {
    clearInterval(timer);
  }
}

/**
 * Runs a program and passes on the lines of its output that `show` wants, as they come.
 * @param {string} what for the heartbeat
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ show?: (line: string) => boolean, env?: Record<string, string>, timeoutMs?: number }} [options]
 * @returns {ReturnType<typeof run>}
 */
export function runShowing(what, command, args, options = {}) {
  const show = options.show ?? (() => true);
  let rest = '';
  return withHeartbeat(
    () => what,
    async (sign) => {
      const result = await run(command, args, {
        allowFailure: true,
        ...(options.env === undefined ? {} : { env: options.env }),
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
        onOutput(text) {
          const lines = (rest + text).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines.filter(show)) {
            console.log(line);
            sign();
          }
        },
      });
      if (rest !== '' && show(rest)) console.log(rest);
      return result;
    },
  );
}

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

/**
 * The message of an error that a person is to read, with what the program printed.
 * @param {unknown} error
 */
export function messageOf(error) {
  if (error instanceof CommandFailed) return `${error.output.trimEnd()}\n${error.message}`.trim();
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
