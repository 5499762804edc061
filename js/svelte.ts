/**
 * bearerkit for Svelte: who is signed in, as a store. It takes nothing of Svelte's: a store is what
 * has `subscribe`, in each of its versions.
 * @module
 */
import type { AuthClient, AuthSnapshot, JwtPayload } from './types.ts';

/** What Svelte calls `Readable`. */
export interface AuthStore<Claims extends object = JwtPayload> {
  /** Calls `run` at once and at every change, until the function that it gives is called. */
  subscribe(run: (session: AuthSnapshot<Claims>) => void): () => void;
}

/**
 * Who is signed in.
 *
 * @example
 * import { authStore } from 'bearerkit/svelte';
 *
 * const session = authStore(auth); // in the markup: $session.state, $session.claims
 */
export function authStore<Claims extends object = JwtPayload>(
  auth: Pick<AuthClient<Claims>, 'subscribe' | 'getSnapshot'>,
): AuthStore<Claims> {
  return {
    subscribe: (run) => {
      const unsubscribe = auth.subscribe(() => run(auth.getSnapshot()));
      run(auth.getSnapshot());
      return unsubscribe;
    },
  };
}
