import { type AuthClient, AuthError, createAuthClient } from 'bearerkit';

/** ASP.NET Core Identity, by MapIdentityApi: camelCase JSON. */
export function aspNetIdentity(api: string): AuthClient {
  return createAuthClient({ refresh: `${api}/refresh`, origins: [api] });
}

/** A pair of tokens, as tutorials have it: the endpoint wants both, the expired one too. */
export function aspNetPair(api: string): AuthClient {
  return createAuthClient({
    refresh: async ({ accessToken, refreshToken, signal, fetch }) => {
      const response = await fetch(`${api}/token/refresh`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ accessToken, refreshToken }),
        signal,
      });
      // 400 "Invalid client request". Without this line it would be tried again for a while.
      if (response.status === 400) throw new AuthError('refresh_rejected');
      return response;
    },
    origins: [api],
  });
}
