import { createAuthClient, webStorage } from 'bearerkit';

export const auth = createAuthClient({ refresh: '/refresh', storage: webStorage('local') });
export const { fetchWithAuth } = auth;
