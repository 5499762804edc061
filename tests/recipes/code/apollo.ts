import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import type { AuthClient } from 'bearerkit';

export function createGraphql(auth: AuthClient, uri: string): ApolloClient {
  const client = new ApolloClient({
    link: new HttpLink({ uri, fetch: auth.fetchWithAuth }),
    cache: new InMemoryCache(),
  });
  // The next user must not see the data of this one.
  auth.addEventListener('signedout', () => void client.clearStore());
  return client;
}
