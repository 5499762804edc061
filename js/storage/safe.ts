// S2: a storage that never throws, for the driver. Operations go one after the other, in the order
// in which they were asked for; a synchronous storage answers before the call returns, so that a
// client with web storage knows its state at once.
import type { TokenStorage } from '../types.ts';
import { hasMethod, nothing } from '../values.ts';

/** What a read found: the text, null for nothing, undefined when the storage failed. */
export type ReadResult = string | null | undefined;

export interface SafeStorage {
  /** Whether an operation is under way. */
  readonly busy: () => boolean;
  read(done: (found: ReadResult) => void): void;
  /** Calls `done` after a failure, too: the core has the record, and goes on with it. */
  write(record: string, done: () => void): void;
  remove(): void;
  /** Resolves when nothing is under way, or after `timeout` milliseconds. */
  settled(timeout: number): Promise<void>;
}

/** `onFailure` is called once, when the storage fails for the first time. */
export function guardStorage(
  storage: TokenStorage,
  key: string,
  onFailure: () => void,
): SafeStorage {
  const queue: (() => PromiseLike<void> | undefined)[] = [];
  const whenIdle = new Set<() => void>();
  let busy = false;
  let failed = false;

  // Calls `done` or `otherwise`: before it returns, where the storage answers at once.
  function run(
    operation: () => unknown,
    done: (value: unknown) => void,
    otherwise: () => void,
  ): void {
    const fail = (): void => {
      if (!failed) {
        failed = true;
        onFailure();
      }
      otherwise();
    };
    queue.push(() => {
      let answer: unknown;
      try {
        answer = operation();
      } catch {
        fail();
        return undefined;
      }
      if (isThenable(answer)) return answer.then(done, fail);
      done(answer);
      return undefined;
    });
    if (!busy) work();
  }

  function work(): void {
    busy = false;
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      const pending = task();
      if (pending === undefined) continue;
      busy = true;
      pending.then(work, work);
      return;
    }
    for (const resolve of whenIdle) resolve();
  }

  // A full storage keeps the old record. Better none than one whose refresh token has been
  // replaced: a tab that redeems it would end the session for all.
  function replace(record: string): unknown {
    const discard = (error: unknown): unknown => {
      const gone = storage.remove(key);
      const fail = (): never => {
        throw error;
      };
      return isThenable(gone) ? gone.then(fail) : fail();
    };
    try {
      const written = storage.set(key, record);
      return isThenable(written) ? written.then(nothing, discard) : written;
    } catch (error) {
      return discard(error);
    }
  }

  return {
    busy: () => busy,
    read(done) {
      run(
        () => failed || storage.get(key),
        (found) => done(failed ? undefined : toText(found)),
        () => done(undefined),
      );
    },
    // Once it has failed the record is in memory: what is stored is out of date with each write.
    write: (record, done) =>
      run(() => (failed ? storage.remove(key) : replace(record)), done, done),
    remove: () => run(() => storage.remove(key), nothing, nothing),
    async settled(timeout) {
      if (!busy) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          whenIdle.delete(done);
          resolve();
        };
        const timer = setTimeout(done, timeout);
        whenIdle.add(done);
      });
    },
  };
}

// What is no text is no record of ours: the empty text is none, either (S3).
export function toText(found: unknown): string | null {
  if (typeof found === 'string') return found;
  return (found ?? null) === null ? null : '';
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return hasMethod(value, 'then');
}
