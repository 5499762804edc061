import { type AuthClient, AuthError, createAuthClient, type JwtPayload } from 'bearerkit';

interface Answer {
  AuthenticationResult: {
    AccessToken: string;
    ExpiresIn: number;
    IdToken?: string;
    RefreshToken?: string; // only with refresh token rotation
  };
}

/** Amazon Cognito's own API, after InitiateAuth: `pool` is https://cognito-idp.{region}.amazonaws.com */
export function cognito(
  pool: string,
  clientId: string,
  api: string,
): AuthClient<JwtPayload, Answer> {
  const post = (action: string, body: object): RequestInit => ({
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `AWSCognitoIdentityProviderService.${action}`,
    },
    body: JSON.stringify({ ClientId: clientId, ...body }),
  });
  return createAuthClient({
    tokens: ({ AuthenticationResult: result }: Answer) => ({
      access_token: result.AccessToken,
      refresh_token: result.RefreshToken,
      id_token: result.IdToken,
      expires_in: result.ExpiresIn,
    }),
    keep: ['id_token'],
    refresh: async ({ refreshToken, signal, fetch }) => {
      const init = post('GetTokensFromRefreshToken', { RefreshToken: refreshToken });
      const response = await fetch(pool, { ...init, signal });
      if (response.status !== 400) return response;
      // Everything is a 400, also TooManyRequestsException: its name says what it means.
      const { __type: type = '' } = (await response.json()) as { __type?: string };
      const isOver = /(NotAuthorized|RefreshTokenReuse)Exception$/.test(type);
      throw isOver ? new AuthError('refresh_rejected') : new Error(type);
    },
    signOut: ({ refreshToken, signal }) => {
      const init = post('RevokeToken', { Token: refreshToken });
      return fetch(pool, { ...init, signal, keepalive: true });
    },
    origins: [api],
  });
}
