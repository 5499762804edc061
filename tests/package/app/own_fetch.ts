// F18: compiled in Bun's and in Deno's own types; nothing here runs.
import { createAuthClient, type Fetch, type RefreshEndpoint } from 'bearerkit';

const auth = createAuthClient({ refresh: 'https://api.example.com/refresh', fetch });

export const ours: typeof fetch = auth.fetchWithAuth;
export const others: typeof fetch = auth.fetchWith({ fetch });
export const theirs: Fetch = fetch;

// @ts-expect-error A number is no URL: the parameter has a type.
void auth.fetchWithAuth(1);
// @ts-expect-error So have headers.
export const endpoint: RefreshEndpoint = { url: '/refresh', headers: 1 };

const request = new Request('https://api.example.com/orders', { headers: { a: 'b' } });
export const status: number = (await auth.fetchWithAuth(request, { method: 'POST' })).status;
