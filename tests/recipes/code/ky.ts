import type { AuthClient } from 'bearerkit';
import ky, { type KyInstance } from 'ky';

export function createApi(auth: AuthClient, baseUrl: string): KyInstance {
  return ky.create({ baseUrl, fetch: auth.fetchWithAuth });
}
