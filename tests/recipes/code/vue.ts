import type { AuthClient, AuthSnapshot } from 'bearerkit';
import { onMounted, onUnmounted, type ShallowRef, shallowRef } from 'vue';

const RESTORING: AuthSnapshot = { state: 'restoring', claims: null, reason: null };

/** const session = useAuth(auth); in the template: session.state (nothing while `restoring`), session.claims */
export function useAuth(auth: AuthClient): Readonly<ShallowRef<AuthSnapshot>> {
  const session = shallowRef(RESTORING);
  let unsubscribe = (): void => {};
  // A server mounts nothing: nobody is known there, and hydration begins with that.
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
