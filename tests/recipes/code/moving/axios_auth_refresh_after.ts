import axios, { type AxiosInstance } from 'axios';
import { createAuthClient, webStorage } from 'bearerkit';

export const auth = createAuthClient({ refresh: '/refresh', storage: webStorage('local') });

export function createApi(baseURL: string): AxiosInstance {
  return axios.create({ baseURL, adapter: 'fetch', env: { fetch: auth.fetchWithAuth } });
}
