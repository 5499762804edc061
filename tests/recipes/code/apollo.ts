import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import type { AuthClient } from 'bearerkit';

export function createGraphql(auth: AuthClient, uri: string): ApolloClient {
  const client = new ApolloClient({
    link: new HttpLink({ uri, fetch: auth.fetchWithAuth }),
    cache: new InMemoryCache(),
  });
  // What one user has seen is not for the next.
  auth.addEventListener('signedout', () => void client.clearStore());
  return client;
}
