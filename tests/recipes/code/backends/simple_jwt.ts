import { type AuthClient, createAuthClient, type JwtPayload } from 'bearerkit';

interface Answer {
  access: string;
  refresh?: string;
}

/** Django REST framework with Simple JWT: { access, refresh }, both at the login and at a refresh. */
export function simpleJwt(api: string): AuthClient<JwtPayload, Answer> {
  const post = (path: string, refreshToken: string | null): [string, RequestInit] => [
    `${api}/api/token/${path}/`,
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ refresh: refreshToken }),
    },
  ];
  return createAuthClient({
    tokens: ({ access, refresh }: Answer) => ({ access_token: access, refresh_token: refresh }),
    refresh({ refreshToken, signal, fetch }) {
      const [url, init] = post('refresh', refreshToken);
      return fetch(url, { ...init, signal });
    },
    // Its app token_blacklist has this endpoint.
    signOut({ refreshToken, signal }) {
      const [url, init] = post('blacklist', refreshToken);
      return fetch(url, { ...init, signal, keepalive: true });
    },
    origins: [api],
  });
}
