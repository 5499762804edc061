// F4, F13: the caller's signal, while the client waits for something else.
import { attempt } from '../values.ts';

/** What fetch rejects with: the caller's reason. React Native's signals have none. */
export function reasonOf({ reason }: AbortSignal): unknown {
  return reason === undefined
    ? Object.assign(new Error(), { name: 'AbortError' })
    : (reason as unknown);
}

/**
 * What `value` gives, unless the caller gives up first. No listener stays on the signal. What is no
 * AbortSignal is ignored: fetch will say so.
 */
export function unlessAborted<T>(value: T | Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    // As fetch does: with what the caller gave, be it an Error or not.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    const abort = (): void => reject(signal && reasonOf(signal));
    attempt(() => signal?.addEventListener('abort', abort, { once: true }));
    Promise.resolve(value)
      .finally(() => attempt(() => signal?.removeEventListener('abort', abort)))
      .then(resolve, reject);
  });
}
