// Node, Deno, Bun: told where the server is, it prints what came of it.
import process from 'node:process';
import { createAuthClient, decodeJwt, ready } from 'bearerkit';
import { useApi } from './flow.js';

const [, , api = ''] = process.argv;

const auth = createAuthClient({
  refresh: `${api}/auth/refresh`,
  signOut: `${api}/auth/logout`,
  origins: [api],
});
console.log(JSON.stringify(await useApi(auth, { decodeJwt, ready }, api)));
auth.close();
