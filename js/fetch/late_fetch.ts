// F8: fetchWithAuth where the core has yet to be loaded.
import { baseUrl } from '../platform/location.ts';
import type { Fetch } from '../types.ts';
import { createRequest, signalOf } from './request.ts';

/** Calls wait for `opened`, as they were made; an abort ends the wait (F4). */
export function makeLateFetch(opened: () => Promise<Fetch>): Fetch {
  let fetch: Fetch | undefined;
  return async function fetchWithAuth(input, init) {
    if (fetch !== undefined) return fetch(input, init);
    const signal = signalOf(input, init);
    if (signal?.aborted === true) throw signal.reason;
    const request = createRequest(input, init, baseUrl());
    request.keep();
    request.pin();
    fetch = await new Promise<Fetch>((resolve, reject) => {
      // As fetch does: with what the caller gave, be it an Error or not.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      opened().then(resolve, reject);
    });
    return request.send(fetch, undefined, false);
  };
}
