// X4: the lease by which tabs take turns where there are no locks. The core writes and judges it. It
// stands beside the record, and apart from it: a storage that loses it keeps the session all the same.
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

export function openLease(storage: TokenStorage, key: string): Lease {
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
      // A page that goes leaves it to the others at once. A server has no page, and throws here.
      leave = () => remove(text);
      attempt(() => addEventListener('pagehide', leave, { once: true }));
      // The last one's removal may be on its way, and would take this one along.
      void removal.then(() => orUndefined(async () => storage.set(key, text)));
    },
    remove,
  };
}
