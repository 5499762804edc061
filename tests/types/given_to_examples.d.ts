// What the examples of README.md and docs/RECIPES.md take for granted: names of the package that were
// imported further up, and what an app has. `npm run lint` compiles them with this.
import type * as Kit from 'bearerkit';

declare global {
  const createAuthClient: typeof Kit.createAuthClient;
  const decodeJwt: typeof Kit.decodeJwt;
  const decodeProtectedHeader: typeof Kit.decodeProtectedHeader;
  const inspectJwt: typeof Kit.inspectJwt;
  const isExpired: typeof Kit.isExpired;
  const memoryStorage: typeof Kit.memoryStorage;

  const auth: Kit.AuthClient;
  const token: string;
  /** Shows the login form, and why. */
  const showLogin: (reason: string) => void;
  /** Of the app's router. */
  const redirect: (path: string) => void;
}
