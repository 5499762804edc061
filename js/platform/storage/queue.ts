// Operations on a storage, one after the other, in the order in which they were asked for. What is
// synchronous is done before the call returns, unless something else is under way.
import { hasMethod } from '../../values.ts';

export interface OperationQueue {
  /** Whether an operation is under way. */
  readonly busy: () => boolean;
  /** Does `operation`, and calls `done` with its answer, or `failed`: one of them, once. */
  readonly run: (
    operation: () => unknown,
    done: (answer: unknown) => void,
    failed: () => void,
  ) => void;
  /** Resolves when nothing is under way, or after `timeout` milliseconds. */
  readonly whenIdle: (timeout: number) => Promise<void>;
}

export function createQueue(): OperationQueue {
  const queue: (() => PromiseLike<void> | undefined)[] = [];
  const waiting = new Set<() => void>();
  let busy = false;

  function work(): void {
    busy = false;
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      const pending = task();
      if (pending === undefined) continue;
      busy = true;
      pending.then(work, work);
      return;
    }
    for (const resolve of waiting) resolve();
  }

  return {
    busy: () => busy,
    run(operation, done, failed) {
      queue.push(() => {
        let answer: unknown;
        try {
          answer = operation();
          if (isThenable(answer)) return Promise.resolve(answer).then(done, failed);
        } catch {
          failed();
          return undefined;
        }
        done(answer);
        return undefined;
      });
      if (!busy) work();
    },
    async whenIdle(timeout) {
      if (!busy) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, timeout);
        waiting.add(done);
      });
    },
  };
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return hasMethod(value, 'then');
}
