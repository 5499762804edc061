// When the page may have missed something: it was hidden, frozen, asleep, offline or in the
// back/forward cache, or another tab wrote to the storage (E8, X3).

import { WAKE_FLAGS } from '#generated/abi';

import { listen } from './listen.ts';
import type { World } from './world.ts';

// The page is on its way out, or in the back/forward cache. Noticed while a client listens.
let leaving = false;

/**
 * Calls `onWake` with WAKE_FLAGS at each such moment. Gives the function that ends it. Does nothing
 * where there is no page.
 */
export function listenForWake(
  world: World,
  key: string,
  onWake: (flags: number) => void,
): () => void {
  const wake = (event: Event): void => {
    // Of writes to the storage, those to this key only; a key of null says that all was cleared.
    const { key: written } = event as Partial<StorageEvent>;
    leaving = event.type === 'pagehide';
    if (leaving) return;
    if (event.type !== 'storage' || written === key || written === null) {
      onWake(pageFlags() | (event.type === 'online' ? WAKE_FLAGS.network_back : 0));
    }
  };
  leaving = false;
  const ends = [
    listen(world.document, ['visibilitychange', 'resume', 'prerenderingchange'], wake),
    listen(world, ['pagehide', 'pageshow', 'online', 'storage'], wake),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** What a page is like now, as WAKE_FLAGS. */
export function pageFlags(): number {
  const page = globalThis.document as { prerendering?: boolean } | undefined;
  return (
    (isVisible() ? WAKE_FLAGS.page_visible : 0) | (page?.prerendering ? WAKE_FLAGS.prerendering : 0)
  );
}

/** Whether the page may be gone before anything else can happen (F10). */
export function goesAway(): boolean {
  // A listener of pagehide that was added before ours is told before it.
  const { event } = globalThis as { event?: Event };
  return leaving || event?.type === 'pagehide' || !isVisible();
}

/** Whether a person can see the page; true in a worker and on a server. */
export function isVisible(): boolean {
  return (globalThis.document as Document | undefined)?.visibilityState !== 'hidden';
}
