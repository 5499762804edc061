import type { AuthClient, AuthSnapshot } from 'bearerkit';
import { useSyncExternalStore } from 'react';

const SIGNED_OUT: AuthSnapshot = { state: 'signed-out', claims: null };

/** const { state, claims } = useAuth(auth); */
export function useAuth(auth: AuthClient): AuthSnapshot {
  // The last argument is for the server and for the start of hydration.
  return useSyncExternalStore(auth.subscribe, auth.getSnapshot, () => SIGNED_OUT);
}
