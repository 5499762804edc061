// One refresh for all tabs of an origin (X1): Web Locks where there are any.
//
// Without them (insecure context, opaque origin) the core takes a lease in the storage (X4).

/** The locks that one client waits for or holds, by the core's ticket. */
export interface Locks {
  /** Calls `granted` once when the lock is this client's, or `unavailable` where there are none. */
  acquire(ticket: number, steal: boolean, granted: () => void, unavailable: () => void): void;
  /** Gives the lock back, or the wait for it up. */
  release(ticket: number): void;
  releaseAll(): void;
}

/** With `enabled` false there are no other tabs, and every lock is granted at once. */
export function createLocks(name: string, enabled: boolean): Locks {
  const releases = new Map<number, () => void>();

  function release(ticket: number): void {
    const end = releases.get(ticket);
    releases.delete(ticket);
    end?.();
  }

  function acquire(
    ticket: number,
    steal: boolean,
    granted: () => void,
    unavailable: () => void,
  ): void {
    // A lock that is stolen replaces the wait for it.
    release(ticket);
    // Absent in insecure contexts, and null in happy-dom, whatever the types say.
    const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
    if (!enabled || !locks) {
      if (enabled) unavailable();
      else granted();
      return;
    }
    const waiting = new AbortController();
    const { signal } = waiting;
    let held = false;
    const hold = async (): Promise<void> => {
      if (signal.aborted) return;
      held = true;
      const released = new Promise<void>((resolve) => releases.set(ticket, resolve));
      granted();
      await released;
    };
    releases.set(ticket, () => waiting.abort());
    // The API does not take both: a lock that is stolen is not waited for.
    locks.request(name, steal ? { steal } : { signal }, hold).catch(() => {
      // Given up, or stolen by another tab: the core's tickets tell (X2). Refused by the browser
      // (opaque origin, page on its way out): as if there were no locks.
      if (!held && !signal.aborted) unavailable();
    });
  }

  return {
    acquire,
    release,
    releaseAll() {
      for (const ticket of [...releases.keys()]) release(ticket);
    },
  };
}
