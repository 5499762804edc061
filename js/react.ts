/**
 * bearerkit for React, 18 or newer: who is signed in, as a hook, and a guard.
 * @module
 */
import {
  createElement,
  Fragment,
  type ReactElement,
  type ReactNode,
  useSyncExternalStore,
} from 'react';

import type { AuthClient, AuthSnapshot, JwtPayload } from './types.ts';

// What a server says, which knows of nobody.
const RESTORING: AuthSnapshot<never> = { state: 'restoring', claims: null, reason: null };

/**
 * Who is signed in. The component renders again when that changes, and at nothing else. On a server,
 * and while the page is hydrated, it is `restoring`.
 *
 * @example
 * import { useAuth } from 'bearerkit/react';
 *
 * const { state, claims, reason } = useAuth(auth);
 */
export function useAuth<Claims extends object = JwtPayload>(
  auth: Pick<AuthClient<Claims>, 'subscribe' | 'getSnapshot'>,
): AuthSnapshot<Claims> {
  return useSyncExternalStore(auth.subscribe, auth.getSnapshot, getServerSnapshot<Claims>);
}

/** What {@link AuthGuard} takes. */
export interface AuthGuardProps {
  /** The client. */
  auth: Pick<AuthClient<object>, 'subscribe' | 'getSnapshot'>;
  /** Shown to whoever is signed in. */
  children?: ReactNode;
  /** Shown to everybody else: the sign-in form, or what leads to it. Default: nothing. */
  signedOut?: ReactNode;
  /** While it is not known yet. Default: nothing. */
  restoring?: ReactNode;
}

/**
 * Shows its children to whoever is signed in. It guesses nothing: no form is shown, and taken away again,
 * while a session is looked for ([C5](../docs/RULES.md#c5)). It keeps nothing secret: what is in the
 * page can be read there. Your server is what refuses.
 *
 * @example
 * import { AuthGuard } from 'bearerkit/react';
 *
 * const page = <AuthGuard auth={auth} signedOut={<SignIn />}><App /></AuthGuard>;
 */
export function AuthGuard({ auth, children, signedOut, restoring }: AuthGuardProps): ReactElement {
  const shown = { 'signed-in': children, 'signed-out': signedOut, restoring };
  return createElement(Fragment, null, shown[useAuth(auth).state]);
}

const getServerSnapshot = <Claims extends object>(): AuthSnapshot<Claims> => RESTORING;
