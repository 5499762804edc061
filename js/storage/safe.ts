// S2: a storage that never throws, for the driver. Operations go one after the other, in the order
// in which they were asked for; a synchronous storage answers before the call returns, so that a
// client with web storage knows its state at once.
import type { TokenStorage } from '../types.ts';

/** What a read found: the text, null for nothing, undefined when the storage failed. */
export type ReadResult = string | null | undefined;

type Task = () => PromiseLike<void> | undefined;

export class SafeStorage {
  readonly #storage: TokenStorage;
  readonly #key: string;
  readonly #onFailure: () => void;
  readonly #queue: Task[] = [];
  readonly #whenIdle = new Set<() => void>();
  #busy = false;
  #failed = false;

  /** `onFailure` is called once, when the storage fails for the first time. */
  constructor(storage: TokenStorage, key: string, onFailure: () => void) {
    this.#storage = storage;
    this.#key = key;
    this.#onFailure = onFailure;
  }

  /** Whether an operation is under way. */
  get busy(): boolean {
    return this.#busy;
  }

  read(done: (found: ReadResult) => void): void {
    this.#run(
      () => this.#storage.get(this.#key),
      (found) => done(toText(found)),
      () => done(undefined),
    );
  }

  /** Calls `done` after a failure, too: the core has the record, and goes on with it. */
  write(record: string, done: () => void): void {
    this.#run(() => this.#write(record), done, done);
  }

  remove(): void {
    this.#run(() => this.#storage.remove(this.#key), nothing, nothing);
  }

  /** Resolves when nothing is under way, or after `timeout` milliseconds. */
  settled(timeout: number): Promise<void> {
    if (!this.#busy) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#whenIdle.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeout);
      this.#whenIdle.add(done);
    });
  }

  // A full storage keeps the old record. Better none than one whose refresh token has been
  // replaced: a tab that redeems it would end the session for all.
  #write(record: string): unknown {
    const discard = (error: unknown): unknown => {
      const gone = this.#storage.remove(this.#key);
      const fail = (): never => {
        throw error;
      };
      return isThenable(gone) ? gone.then(fail) : fail();
    };
    try {
      const written = this.#storage.set(this.#key, record);
      return isThenable(written) ? written.then(nothing, discard) : written;
    } catch (error) {
      return discard(error);
    }
  }

  // Calls `done` or `failed`: before it returns, where the storage answers at once.
  #run(operation: () => unknown, done: (value: unknown) => void, failed: () => void): void {
    this.#queue.push(() => {
      if (this.#failed) {
        failed();
        return undefined;
      }
      const fail = (): void => {
        this.#fail();
        failed();
      };
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
    if (!this.#busy) this.#work();
  }

  #work(): void {
    for (let task = this.#queue.shift(); task !== undefined; task = this.#queue.shift()) {
      const pending = task();
      if (pending === undefined) continue;
      const next = (): void => {
        this.#busy = false;
        this.#work();
      };
      this.#busy = true;
      pending.then(next, next);
      return;
    }
    for (const resolve of this.#whenIdle) resolve();
  }

  #fail(): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#onFailure();
  }
}

// What is no text is no record of ours: the empty text is none, either (S3).
function toText(found: unknown): string | null {
  if (found === null || found === undefined) return null;
  return typeof found === 'string' ? found : '';
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

function nothing(): void {}
