import type { AuthClient } from 'bearerkit';
import createClient, { type Client } from 'openapi-fetch';

import type { paths } from './openapi_types.ts'; // made by openapi-typescript

export function createApi(auth: AuthClient, baseUrl: string): Client<paths> {
  return createClient<paths>({ baseUrl, fetch: auth.fetchWithAuth });
}
