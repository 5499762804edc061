/**
 * bearerkit for Svelte: who is signed in, as a store. It takes nothing of Svelte's: a store is what
 * has `subscribe`, in each of its versions.
 * @module
 */
import type { AuthClient, AuthSnapshot, JwtPayload } from './types.ts';

// What a server says, which knows of nobody.
const RESTORING: AuthSnapshot<never> = { state: 'restoring', claims: null, reason: null };

/** What Svelte calls `Readable`. */
export interface AuthStore<Claims extends object = JwtPayload> {
  /** Calls `run` at once and at every change, until the function that it gives is called. */
  subscribe(run: (session: AuthSnapshot<Claims>) => void): () => void;
}

/**
 * Who is signed in. On a server it is `restoring`. In a page it begins so, too, until what looks at it
 * is hydrated; nothing is painted before that.
 *
 * @example
 * import { authStore } from 'bearerkit/svelte';
 *
 * const session = authStore(auth); // in the markup: $session.state, $session.claims
 */
export function authStore<Claims extends object = JwtPayload>(
  auth: Pick<AuthClient<Claims>, 'subscribe' | 'getSnapshot'>,
): AuthStore<Claims> {
  let current: () => AuthSnapshot<Claims> = () => RESTORING;
  return {
    subscribe: (run) => {
      let subscribed = true;
      let seen: AuthSnapshot<Claims> | undefined;
      const update = (): void => {
        const session = current();
        if (!subscribed || session === seen) return;
        seen = session;
        run(session);
      };
      const unsubscribe = auth.subscribe(update);
      update();
      if (current !== auth.getSnapshot && 'document' in globalThis) {
        // Svelte hydrates in one go.
        queueMicrotask(() => {
          current = auth.getSnapshot;
          update();
        });
      }
      return () => {
        subscribed = false;
        unsubscribe();
      };
    },
  };
}
