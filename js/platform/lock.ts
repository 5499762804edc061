// One refresh for all tabs of an origin (X1): Web Locks where there are any. And the marks of the
// tabs (X11): locks that many may hold, whose names tell what their holders have.
//
// Without them (insecure context, opaque origin) the core takes a lease in the storage (X4).
import { createMarks, requestLock } from './marks.ts';
import type { World } from './world.ts';

/** The locks that one client waits for or holds, by the core's run. */
export interface Locks {
  /** Calls `granted` when the lock is this client's, or `unavailable` where it gets none. */
  acquire(run: number, steal: boolean, granted: () => void, unavailable: () => void): void;
  /** Gives the lock back, or the wait for it up. */
  release(run: number): void;
  /** Holds this mark in place of the last one. Empty: none. */
  mark(text: string): void;
  /** The marks of all tabs, a blank between them. Rejects where there are no locks. */
  marks(): Promise<string>;
  releaseAll(): void;
}

export function createLocks(world: World, name: string): Locks {
  const releases = new Map<number, () => void>();
  const marks = createMarks(world, `${name}.mark.`);

  function release(run: number): void {
    const end = releases.get(run);
    releases.delete(run);
    end?.();
  }

  function acquire(
    run: number,
    steal: boolean,
    granted: () => void,
    unavailable: () => void,
  ): void {
    const waiting = new AbortController();
    const { signal } = waiting;
    let held = false;
    const hold = async (): Promise<void> => {
      if (held || signal.aborted) return;
      held = true;
      const released = new Promise<void>((resolve) => releases.set(run, resolve));
      granted();
      await released;
      // The order of these two is what the marks are for.
      await marks.shown();
    };
    const ended = (): void => {
      // After it was held: released, or stolen by another tab, which the core finds out (X2).
      if (held || signal.aborted) return;
      // Refused by the browser (opaque origin, page on its way out): as if there were no locks.
      waiting.abort();
      unavailable();
    };
    releases.set(run, () => waiting.abort());
    // The API does not take both: a lock that is stolen is not waited for.
    requestLock(world, name, steal ? { steal } : { signal }, hold).then(ended, ended);
  }

  return {
    acquire(run, steal, granted, unavailable) {
      // A lock that is stolen replaces the wait for it.
      release(run);
      acquire(run, steal, granted, unavailable);
    },
    release,
    mark: (text) => marks.hold(text),
    marks: () => marks.all(),
    releaseAll() {
      marks.close();
      for (const run of [...releases.keys()]) release(run);
    },
  };
}
