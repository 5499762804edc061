// A page, brought by any bundler.
import { createAuthClient, decodeJwt, ready, webStorage } from 'bearerkit';
import { useApi } from './flow.js';

const auth = createAuthClient({
  refresh: '/auth/refresh',
  signOut: '/auth/logout',
  storage: webStorage('local'),
});

globalThis.result = useApi(auth, { decodeJwt, ready });
