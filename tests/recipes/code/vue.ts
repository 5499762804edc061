import type { AuthClient, AuthSnapshot } from 'bearerkit';
import { onMounted, onUnmounted, type ShallowRef, shallowRef } from 'vue';

const SIGNED_OUT: AuthSnapshot = { state: 'signed-out', claims: null };

/** const session = useAuth(auth); then in the template: session.state, session.claims */
export function useAuth(auth: AuthClient): Readonly<ShallowRef<AuthSnapshot>> {
  const session = shallowRef(SIGNED_OUT);
  let unsubscribe = (): void => {};
  // A server mounts nothing: it renders signed out, and hydration begins with that.
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
