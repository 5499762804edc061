import { type AuthClient, createAuthClient } from 'bearerkit';

/** For Laravel Sanctum in a single-page app: the session is in a cookie. */
export function createAuth(origin: string): AuthClient {
  return createAuthClient({
    mode: 'cookie',
    origins: [origin],
    csrf: { cookie: 'XSRF-TOKEN', header: 'X-XSRF-TOKEN' },
    // 419 says that the CSRF token has expired. This answers 204 and sets a new one.
    refused: ({ status }) => status === 419,
    refresh: () => fetch(`${origin}/sanctum/csrf-cookie`, { credentials: 'include' }),
  });
}
