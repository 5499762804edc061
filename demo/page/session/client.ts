// The client for each choice, and how each signs in.
import {
  type AuthClient,
  type AuthClientOptions,
  createAuthClient,
  memoryStorage,
  webStorage,
} from '/bearerkit/index.js';
import { type Keep, modeOf } from './keep.ts';

/** @param more in place of the usual options: a `name` of its own for a client beside the page's. */
export function createClient(keep: Keep, more: AuthClientOptions = {}): AuthClient {
  // A name for each choice: a tab in one mode has no business with the record of another.
  const options: AuthClientOptions = { mode: modeOf(keep), name: `demo-${keep}`, ...more };
  switch (keep) {
    case 'memory':
      return createAuthClient({ ...options, ...routes('auth'), storage: memoryStorage() });
    case 'session':
    case 'local':
      return createAuthClient({ ...options, ...routes('auth'), storage: webStorage(keep) });
    case 'hybrid':
      return createAuthClient({ ...options, ...routes('hybrid') });
    case 'cookie':
      return createAuthClient({ ...options, ...routes('cookie') });
  }
}

function routes(folder: string): { refresh: string; signOut: string } {
  return { refresh: `/${folder}/refresh`, signOut: `/${folder}/logout` };
}

/** What the server answers to a login. In cookie mode the tokens are not in it. */
export type LoginAnswer = { expiresIn?: number; user?: unknown } & (
  { accessToken: string; refreshToken?: string } | { accessToken?: never; refreshToken?: never }
);

/**
 * Asks the server for a session; what it answers goes to `setTokens`. The tokens themselves, the
 * access token alone, or neither, by the choice.
 * @throws {Error} with a message for the user.
 */
export async function logIn(keep: Keep, email: string, password: string): Promise<LoginAnswer> {
  const mode = modeOf(keep);
  const response = await fetch(`/${mode === 'bearer' ? 'auth' : mode}/login`, {
    method: 'POST',
    // X-CSRF: the server takes no sign-in by cookie from a page that cannot send it.
    headers: { 'Content-Type': 'application/json', 'X-CSRF': '1' },
    body: JSON.stringify({ email, password }),
  }).catch(() => {
    throw new Error('The server cannot be reached.');
  });
  if (response.ok) return (await response.json()) as LoginAnswer;
  switch (response.status) {
    case 401:
      throw new Error('The email or the password is wrong.');
    case 429:
      throw new Error('Too many failed attempts. Wait a minute, then try again.');
    default:
      throw new Error(`The server answered ${response.status}. Try again later.`);
  }
}
