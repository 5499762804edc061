// The leases: the one by which tabs take turns where there are no locks (X4), and the note of a refresh
// that is under way (R25). The core writes and judges them. They stand beside the record, and apart
// from it: a storage that loses them keeps the session all the same.
import type { TokenStorage } from '../../types.ts';
import { attempt, nothing } from '../../values.ts';
import { toText, type ReadResult } from './guarded.ts';

/** None of these throws or rejects: what cannot be had or kept is as if it were not there. */
export interface Lease {
  read(): Promise<ReadResult>;
  write(text: string): void;
  /** Removes it, unless it is another tab's by now. */
  remove(text: string): void;
}

/** `outlives`: it stays when its page goes. */
export function openLease(storage: TokenStorage, key: string, outlives: boolean): Lease {
  let leave = nothing;
  let removal: Promise<unknown> = Promise.resolve();
  const orUndefined = <T>(operation: () => Promise<T>): Promise<T | undefined> =>
    operation().catch(() => undefined);

  function remove(text: string): void {
    attempt(() => removeEventListener('pagehide', leave));
    removal = orUndefined(async () => {
      if ((await storage.get(key)) === text) await storage.remove(key);
    });
  }

  return {
    read: () => orUndefined(async () => toText(await storage.get(key))),
    write(text) {
      // A page that goes leaves its turn to the others at once. A server has no page, and throws here.
      leave = () => remove(text);
      if (!outlives) attempt(() => addEventListener('pagehide', leave, { once: true }));
      // The last one's removal may be on its way, and would take this one along.
      void removal.then(() => orUndefined(async () => storage.set(key, text)));
    },
    remove,
  };
}
