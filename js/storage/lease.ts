// X4: the lease by which tabs take turns where there are no locks. The core writes and judges it. It
// stands beside the record, and apart from it: a storage that loses it keeps the session all the same.
import type { TokenStorage } from '../types.ts';
import { toText, type ReadResult } from './safe.ts';

/** None of these throws or rejects. */
export interface Lease {
  read(): Promise<ReadResult>;
  write(text: string): void;
  /** Removes it, unless it is another tab's by now. */
  remove(text: string): void;
}

export function openLease(storage: TokenStorage, key: string): Lease {
  // A worker or a server has no page that goes.
  const page: Partial<EventTarget> = globalThis;
  let leave: (() => void) | null = null;
  let removal: Promise<unknown> = Promise.resolve();
  const run = <T>(operation: () => Promise<T>): Promise<T | undefined> =>
    operation().catch(() => undefined);
  const remove = (text: string): void => {
    page.removeEventListener?.('pagehide', leave);
    removal = run(async () => {
      if ((await storage.get(key)) === text) await storage.remove(key);
    });
  };
  return {
    read: () => run(async () => toText(await storage.get(key))),
    write(text) {
      // A page that goes leaves it to the others at once.
      leave = () => remove(text);
      page.addEventListener?.('pagehide', leave, { once: true });
      // Lest the last one's removal, on its way, takes this one along.
      void removal.then(() => run(async () => storage.set(key, text)));
    },
    remove,
  };
}
