import { type AuthClient, createAuthClient } from 'bearerkit';

/** FastAPI, as most of its templates have it: JSON with the names of OAuth, in and out. */
export function fastApi(api: string): AuthClient {
  return createAuthClient({
    refresh: { url: `${api}/auth/refresh`, dialect: 'json_snake' },
    // Its tutorial answers 401 to an expired token, but its full-stack template 403.
    refused: async (response) =>
      response.status === 403 && (await response.text()).includes('Could not validate credentials'),
    origins: [api],
  });
}
