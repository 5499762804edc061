import { QueryClient } from '@tanstack/react-query'; // or vue-query, svelte-query, …
import type { AuthClient } from 'bearerkit';

export class HttpError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The server answered ${status}`);
    this.status = status;
  }
}

export function createQueryClient(auth: AuthClient): QueryClient {
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        // A query's key is the URL; `signal` aborts the request when nobody needs it any more.
        queryFn: async ({ queryKey: [url], signal }): Promise<unknown> => {
          const response = await auth.fetchWithAuth(String(url), { signal });
          if (!response.ok) throw new HttpError(response.status);
          return response.json();
        },
        // A refresh did not help against a 401 that gets here; a retry does not help either.
        retry: (failures, error) =>
          failures < 3 && !(error instanceof HttpError && error.status < 500),
      },
    },
  });
  // The next user must not see the data of this one.
  auth.addEventListener('signedout', () => queryClient.clear());
  return queryClient;
}
