/**
 * bearerkit for Vue, 3.2 or newer: who is signed in, as a ref, and a guard for routes.
 * @module
 */
import { onMounted, onUnmounted, type ShallowRef, shallowRef } from 'vue';

import type { AuthClient, AuthSnapshot, JwtPayload } from './types.ts';

// What a server says, which knows of nobody.
const RESTORING: AuthSnapshot<never> = { state: 'restoring', claims: null, reason: null };

/**
 * Who is signed in; to be called in `setup`. On a server, and until the component is mounted, it is
 * `restoring`.
 *
 * @example
 * import { useAuth } from 'bearerkit/vue';
 *
 * const session = useAuth(auth); // in the template: session.state, session.claims
 */
export function useAuth<Claims extends object = JwtPayload>(
  auth: Pick<AuthClient<Claims>, 'subscribe' | 'getSnapshot'>,
): Readonly<ShallowRef<AuthSnapshot<Claims>>> {
  const session = shallowRef<AuthSnapshot<Claims>>(RESTORING);
  let unsubscribe = (): void => {};
  onMounted(() => {
    const update = (): void => {
      session.value = auth.getSnapshot();
    };
    unsubscribe = auth.subscribe(update);
    update();
  });
  onUnmounted(() => unsubscribe());
  return session;
}

/**
 * A guard for Vue Router: waits until it is known who is signed in, and leads everybody else to
 * `signIn`. It keeps nothing secret: your server is what refuses.
 *
 * @example
 * import { requireAuth } from 'bearerkit/vue';
 *
 * router.beforeEach((to) => to.meta.open || requireAuth(auth, '/sign-in')());
 * @param signIn the path of the page where one signs in
 */
export function requireAuth<Path>(
  auth: Pick<AuthClient, 'ready'>,
  signIn: Path,
): () => Promise<true | Path> {
  return async () => (await auth.ready()) === 'signed-in' || signIn;
}
