import type { AuthClient, AuthSnapshot } from 'bearerkit';
import { readable, type Readable } from 'svelte/store';

/** const session = authStore(auth); then in the markup: $session.state, $session.claims */
export function authStore(auth: AuthClient): Readable<AuthSnapshot> {
  return readable(auth.getSnapshot(), (set) => {
    const update = (): void => set(auth.getSnapshot());
    update();
    return auth.subscribe(update);
  });
}
