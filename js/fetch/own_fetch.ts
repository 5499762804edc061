import type { Fetch, SignedFetch } from '../types.ts';

/** `signed`, with the one member that a platform's own `fetch` may have besides: Bun's (F18). */
export function asOwnFetch(signed: Fetch): SignedFetch {
  const { preconnect } = (globalThis.fetch as { preconnect?: unknown } | undefined) ?? {};
  return Object.assign(signed, preconnect && { preconnect });
}
