// A React Native app without its screens. Metro loads a module when it is first used, but these two at once.
import './host.js';
import './network.js';
import { tell } from './tell.js';
import { decodeJwt, ready } from 'bearerkit';
import { createAuth } from './recipe.js';
import { useApi } from '../flow.js';

/** The host's call: where the server is. */
Object.assign(globalThis, {
  start: (/** @type {string} */ api) => {
    const done = async () => useApi(createAuth(api), { decodeJwt, ready }, api);
    done().then(
      (said) => tell({ said }),
      (/** @type {unknown} */ error) =>
        tell({ said: error instanceof Error ? error.stack : String(error) }),
    );
  },
});
