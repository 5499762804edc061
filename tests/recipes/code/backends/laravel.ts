import { type AuthClient, createAuthClient, type JwtPayload } from 'bearerkit';

/** Sanctum in a single-page app: the session is in a cookie. */
export function sanctumCookie(origin: string): AuthClient {
  return createAuthClient({
    mode: 'cookie',
    origins: [origin],
    csrf: { cookie: 'XSRF-TOKEN', header: 'X-XSRF-TOKEN' },
    // 419 says that the CSRF token has expired. This answers 204 and sets a new one.
    refused: ({ status }) => status === 419,
    refresh: () => fetch(`${origin}/sanctum/csrf-cookie`, { credentials: 'include' }),
  });
}

/** Sanctum's API tokens: one token, which lasts until it is revoked. Nothing refreshes it. */
export function sanctumTokens(api: string): AuthClient<JwtPayload, { token: string }> {
  return createAuthClient({
    tokens: ({ token }: { token: string }) => ({ access_token: token }), // '1|laravel_…'
    signOut: { url: `${api}/api/logout`, sendAccessToken: true }, // your route: it deletes the token
    origins: [api],
  });
}

/** tymon/jwt-auth: one token, which the endpoint takes and replaces. */
export function jwtAuth(api: string): AuthClient {
  return createAuthClient({
    refresh: { url: `${api}/api/auth/refresh`, sendAccessToken: true },
    signOut: { url: `${api}/api/auth/logout`, sendAccessToken: true },
    // Its middleware jwt.auth answers with `WWW-Authenticate: jwt-auth`, which names no Bearer token.
    refused: ({ status }) => status === 401,
    origins: [api],
  });
}
