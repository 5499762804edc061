// A test of an app, in Jest or Vitest: what came of it goes into a file, since both keep what is printed.
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { createAuthClient, decodeJwt, ready, webStorage } from 'bearerkit';
import { useApi } from '../flow.js';

const { API: api = '', CORE: core, RESULT: file = '' } = process.env;
if (core === 'js') Reflect.deleteProperty(globalThis, 'WebAssembly');

/** @type {{ test: (name: string, run: () => Promise<void>) => void }} */
const { test } = /** @type {any} */ (globalThis);

test('the session of an app', async () => {
  const auth = createAuthClient({
    refresh: `${api}/auth/refresh`,
    signOut: `${api}/auth/logout`,
    origins: [api],
    storage: webStorage('local'),
  });
  writeFileSync(file, JSON.stringify(await useApi(auth, { decodeJwt, ready }, api)));
  auth.close();
});
