import axios, { type AxiosInstance } from 'axios';
import type { AuthClient } from 'bearerkit';

export function createApi(auth: AuthClient, baseURL: string): AxiosInstance {
  return axios.create({ baseURL, adapter: 'fetch', env: { fetch: auth.fetchWithAuth } });
}
