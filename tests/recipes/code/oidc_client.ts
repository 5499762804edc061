import { type AuthClient, createAuthClient, webStorage } from 'bearerkit';

/** The client for it: refreshes and revokes at the endpoints that the issuer's metadata names. */
export function createOidcAuth(
  endpoints: { token_endpoint: string; revocation_endpoint: string },
  clientId: string,
  origins: string[],
): AuthClient {
  return createAuthClient({
    refresh: { url: endpoints.token_endpoint, dialect: 'oauth', clientId },
    signOut: { url: endpoints.revocation_endpoint, dialect: 'oauth', clientId },
    storage: webStorage('session'),
    origins, // those of your API
  });
}
