import type { AuthClient, AuthSnapshot } from 'bearerkit';
import { useSyncExternalStore } from 'react';

const SIGNED_OUT: AuthSnapshot = { state: 'signed-out', claims: null };

/** const { state, claims } = useAuth(auth); */
export function useAuth(auth: AuthClient): AuthSnapshot {
  // The last one is what a server renders, and what hydration begins with.
  return useSyncExternalStore(auth.subscribe, auth.getSnapshot, () => SIGNED_OUT);
}
