// When the page leaves, perhaps for the back/forward cache, and when it is back (X7).
import { listen } from './listen.ts';

/**
 * Calls `changed` with true when the page goes away, and with false when it is shown: also at its
 * first load. Gives the function that ends it. Does nothing where there is no page.
 */
export function whileAway(changed: (away: boolean) => void): () => void {
  return listen(globalThis, ['pagehide', 'pageshow'], ({ type }) => changed(type === 'pagehide'));
}
