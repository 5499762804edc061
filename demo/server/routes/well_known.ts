import { Router } from 'express';
import type { Context } from '../context.ts';
import { endpoint } from './endpoint.ts';

/** The public keys: with them anybody can verify an access token (RFC 7517 §5). */
export function wellKnownRoutes(context: Context): Router {
  const router = Router();
  endpoint(router, '/.well-known/jwks.json', {
    get: async (_request, response) => {
      // A new key is shown a minute before it signs (key_ring.ts).
      response.set('Cache-Control', 'public, max-age=30').removeHeader('Pragma');
      response.json({ keys: await context.keyRing.publicKeys() });
    },
  });
  return router;
}
