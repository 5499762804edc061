// X11: the marks of the tabs: locks that many may hold, whose names tell what their holders have.
import { nothing } from '../values.ts';
import { whileAway } from './away.ts';
import type { World } from './world.ts';

export interface Marks {
  /** Holds this one in place of the last one; while the page is away (X7), none. Empty: none. */
  hold(text: string): void;
  /** Resolves when the newest one is there for all to see, or cannot be. */
  shown(): Promise<void>;
  /** Those of all tabs, a blank between them. Rejects where there are no locks. */
  all(): Promise<string>;
  close(): void;
}

export function createMarks(world: World, prefix: string): Marks {
  let newest = '';
  let away = false;
  let drop = nothing;
  let shown = Promise.resolve();

  function hold(text: string): void {
    newest = text;
    request();
  }

  function request(): void {
    const dropLast = drop;
    drop = nothing;
    if (away || newest === '') {
      dropLast();
      return;
    }
    const dropped = new Promise<void>((resolve) => (drop = resolve));
    shown = new Promise<void>((resolve) => {
      const ended = (): void => {
        dropLast();
        resolve();
      };
      const held = async (): Promise<void> => {
        ended();
        await dropped;
      };
      requestLock(world, prefix + newest, { mode: 'shared' }, held).catch(ended);
    });
  }

  // X7: a page that holds a lock does not get into the back/forward cache.
  const stay = whileAway((isAway) => {
    if (away === isAway) return;
    away = isAway;
    request();
  });

  return {
    hold,
    shown: () => shown,
    async all() {
      const { held = [] } = await world.navigator.locks.query();
      const names = held.map((lock) => lock.name ?? '');
      return names
        .flatMap((each) => (each.startsWith(prefix) ? each.slice(prefix.length) : []))
        .join(' ');
    },
    close() {
      stay();
      hold('');
    },
  };
}

// Rejects where there are no locks: absent in insecure contexts, null in happy-dom.
export async function requestLock(
  world: World,
  ...request: [name: string, options: LockOptions, hold: () => Promise<void>]
): Promise<void> {
  await world.navigator.locks.request(...request);
}
