// What the examples of README.md, docs/RECIPES.md and the reference take for granted: names of the package
// that were imported further up, and what an app has. `npm run lint` compiles them with this.
import type * as Kit from 'bearerkit';
import type { createTestAuth as CreateTestAuth, TestAuth } from 'bearerkit/testing';

declare global {
  const createAuthClient: typeof Kit.createAuthClient;
  const decodeJwt: typeof Kit.decodeJwt;
  const decodeProtectedHeader: typeof Kit.decodeProtectedHeader;
  const inspectJwt: typeof Kit.inspectJwt;
  const isExpired: typeof Kit.isExpired;
  const memoryStorage: typeof Kit.memoryStorage;
  const useJavaScriptBuild: typeof Kit.useJavaScriptBuild;
  const webStorage: typeof Kit.webStorage;
  const createTestAuth: typeof CreateTestAuth;
  type TokenResponse = Kit.TokenResponse;
  type TokenStorage = Kit.TokenStorage;

  const auth: Kit.AuthClient;
  const token: string;
  /** Shows the login form, and why. */
  const showLogin: (reason: string) => void;
  /** Of the app's router. */
  const redirect: (path: string) => void;
  const router: { beforeEach(guard: (to: { meta: { open?: boolean } }) => unknown): void };
  /** Components. */
  const App: () => null;
  const Orders: new () => object;
  const SignIn: () => null;

  /** What the app sends, and by what else than fetch. */
  const body: string;
  const login: RequestInit;
  const order: string;
  const upload: (token: string | null) => Promise<number>;
  /** The app's storage. */
  const storage: Kit.TokenStorage;
  const get: (key: string) => string | null;
  const set: (key: string, value: string) => void;
  const remove: (key: string) => void;
  const key: string;
  /** Of the server's clock, in milliseconds. */
  const offset: number;

  /** A test's. */
  const world: TestAuth;
  const server: TestAuth['server'];
  const clock: TestAuth['clock'];
  const myOptions: Kit.AuthClientOptions;
}
