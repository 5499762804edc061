// F8: fetchWithAuth where the core has yet to be loaded.
import { unlessAborted } from '../platform/abort.ts';
import { baseUrl } from '../platform/location.ts';
import type { World } from '../platform/world.ts';
import type { Fetch } from '../types.ts';
import { OutgoingRequest } from './request.ts';

/**
 * Calls wait for `opened`, as they were made; an abort ends the wait (F4). `plain` takes those that
 * were aborted before (F11).
 */
export function makeLateFetch(world: World, opened: () => Promise<Fetch>, plain: Fetch): Fetch {
  let fetch: Fetch | undefined;
  return async function fetchWithAuth(input, init) {
    if (fetch !== undefined) return fetch(input, init);
    const request = new OutgoingRequest(input, init, baseUrl(world));
    const { signal } = request;
    if (signal?.aborted === true) return plain(input, init);
    request.keep();
    try {
      fetch = await unlessAborted(opened(), signal);
    } catch (error) {
      request.drop(error);
      throw error;
    }
    request.pin(world);
    return request.send(fetch, undefined, false);
  };
}
