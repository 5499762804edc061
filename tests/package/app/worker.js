// A worker of either kind: does it all when the page asks, and answers at the port that came along.
import { createAuthClient, decodeJwt, ready } from 'bearerkit';
import { useApi } from './flow.js';

const auth = createAuthClient({ refresh: '/auth/refresh', signOut: '/auth/logout' });

globalThis.addEventListener('message', ({ ports: [port] }) => {
  useApi(auth, { decodeJwt, ready }).then(
    (result) => port?.postMessage(result),
    (/** @type {unknown} */ error) => port?.postMessage(String(error)),
  );
});
