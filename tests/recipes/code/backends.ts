import { type AuthClient, createAuthClient, type JwtPayload, type TokenResponse } from 'bearerkit';

/** Supabase Auth without its library. Its answers have the names of OAuth. */
export function supabase(project: string, apikey: string): AuthClient {
  const headers = { apikey };
  return createAuthClient({
    refresh: {
      url: `${project}/auth/v1/token?grant_type=refresh_token`,
      dialect: 'json_snake',
      headers,
    },
    signOut: { url: `${project}/auth/v1/logout`, sendAccessToken: true, headers },
    identify: ({ user }) => (user as { id: string } | undefined)?.id,
    origins: [project],
  });
}

/** FastAPI, as most of its templates have it: JSON with the names of OAuth, in and out. */
export function fastApi(api: string): AuthClient {
  return createAuthClient({
    refresh: { url: `${api}/auth/refresh`, dialect: 'json_snake' },
    origins: [api],
  });
}

interface SimpleJwtAnswer {
  access: string;
  refresh?: string;
}

/** Django REST framework with Simple JWT: { access, refresh }, both at the login and at a refresh. */
export function simpleJwt(api: string): AuthClient<JwtPayload, SimpleJwtAnswer> {
  return createAuthClient({
    tokens: (answer: SimpleJwtAnswer) => ({
      access_token: answer.access,
      refresh_token: answer.refresh,
    }),
    refresh: ({ refreshToken, signal, fetch }) =>
      fetch(`${api}/api/token/refresh/`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ refresh: refreshToken }),
        signal,
      }),
    origins: [api],
  });
}

/** Laravel with tymon/jwt-auth: one token, which the endpoint takes and replaces. */
export function jwtAuth(api: string): AuthClient {
  return createAuthClient({
    refresh: { url: `${api}/api/auth/refresh`, sendAccessToken: true },
    signOut: { url: `${api}/api/auth/logout`, sendAccessToken: true },
    origins: [api],
  });
}

/** ASP.NET Core, where the endpoint wants the expired access token and the refresh token together. */
export function aspNet(api: string): AuthClient {
  return createAuthClient({
    refresh: ({ accessToken, refreshToken, signal, fetch }) =>
      fetch(`${api}/token/refresh`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ accessToken, refreshToken }),
        signal,
      }),
    // { data: { accessToken } }
    tokens: (answer: { data?: TokenResponse } & TokenResponse) => answer.data ?? answer,
    origins: [api],
  });
}
