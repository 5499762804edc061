import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client';
import type { AuthClient } from 'bearerkit';

import type { AppRouter } from '../support/trpc_server.ts'; // your server's

export function createApi(auth: AuthClient, url: string): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url, fetch: auth.fetchWithAuth })],
  });
}
