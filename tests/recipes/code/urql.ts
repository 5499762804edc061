import { cacheExchange, Client, fetchExchange } from '@urql/core';
import type { AuthClient } from 'bearerkit';

export function createGraphql(auth: AuthClient, url: string): Client {
  return new Client({ url, fetch: auth.fetchWithAuth, exchanges: [cacheExchange, fetchExchange] });
}
