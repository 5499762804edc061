import { type AuthClient, createAuthClient, webStorage } from 'bearerkit';

/** A client that refreshes and revokes at the endpoints of the issuer's metadata. */
export function createOidcAuth(
  endpoints: { token_endpoint: string; revocation_endpoint: string },
  clientId: string,
  origins: string[],
): AuthClient {
  return createAuthClient({
    refresh: { url: endpoints.token_endpoint, dialect: 'oauth', clientId },
    signOut: { url: endpoints.revocation_endpoint, dialect: 'oauth', clientId },
    storage: webStorage('session'),
    origins, // the origins of your API
  });
}
