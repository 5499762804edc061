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
        // A query's key is the URL; `signal` ends the request when nobody wants it any more.
        queryFn: async ({ queryKey: [url], signal }): Promise<unknown> => {
          const response = await auth.fetchWithAuth(String(url), { signal });
          if (!response.ok) throw new HttpError(response.status);
          return response.json();
        },
        // A 401 that gets here was not to be helped; asking again would not help either.
        retry: (failures, error) =>
          failures < 3 && !(error instanceof HttpError && error.status < 500),
      },
    },
  });
  // What one user has seen is not for the next.
  auth.addEventListener('signedout', () => queryClient.clear());
  return queryClient;
}
