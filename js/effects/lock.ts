// One refresh for all tabs of an origin (X1): Web Locks where there are any.
//
// Without them (insecure context, opaque origin, server) the lock is granted at once, and what is
// left is the core's own single flight, with the comparison of what the storage holds.

/** The locks that one client waits for or holds, by the core's ticket. */
export class Locks {
  readonly #name: string;
  readonly #enabled: boolean;
  readonly #releases = new Map<number, () => void>();

  /** With `enabled` false every lock is granted at once. */
  constructor(name: string, enabled: boolean) {
    this.#name = name;
    this.#enabled = enabled;
  }

  /** Calls `granted` once when the lock is this client's, at once where there are no locks. */
  acquire(ticket: number, steal: boolean, granted: () => void): void {
    // A lock that is stolen replaces the wait for it.
    this.release(ticket);
    const locks = this.#enabled ? lockManager() : undefined;
    if (locks === undefined) {
      granted();
      return;
    }
    const waiting = new AbortController();
    let held = false;
    const hold = (): Promise<void> => {
      if (waiting.signal.aborted) return Promise.resolve();
      held = true;
      const released = new Promise<void>((resolve) => this.#releases.set(ticket, resolve));
      granted();
      return released;
    };
    this.#releases.set(ticket, () => waiting.abort());
    // The API does not take both: a lock that is stolen is not waited for.
    const options: LockOptions = steal ? { steal } : { signal: waiting.signal };
    locks.request(this.#name, options, hold).catch(() => {
      // Given up, or stolen by another tab: the core's tickets tell (X2). Refused by the browser
      // (opaque origin, page on its way out): as if there were no locks.
      if (!held && !waiting.signal.aborted) granted();
    });
  }

  /** Gives the lock back, or the wait for it up. */
  release(ticket: number): void {
    const release = this.#releases.get(ticket);
    this.#releases.delete(ticket);
    release?.();
  }

  releaseAll(): void {
    for (const ticket of [...this.#releases.keys()]) this.release(ticket);
  }
}

function lockManager(): LockManager | undefined {
  // Absent in insecure contexts, whatever the types say.
  return (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
}
