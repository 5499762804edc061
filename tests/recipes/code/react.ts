import type { AuthClient, AuthSnapshot } from 'bearerkit';
import { useSyncExternalStore } from 'react';

const RESTORING: AuthSnapshot = { state: 'restoring', claims: null, reason: null };

/** const { state, claims, reason } = useAuth(auth); show nothing while `restoring` */
export function useAuth(auth: AuthClient): AuthSnapshot {
  // The last argument is for the server and for the start of hydration.
  return useSyncExternalStore(auth.subscribe, auth.getSnapshot, () => RESTORING);
}
