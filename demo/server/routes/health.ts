import { Router } from 'express';
import type { Context } from '../context.ts';
import { endpoint } from './endpoint.ts';

/** For whoever watches the server: 200 while it can do its work, 503 while it cannot. */
export function healthRoutes(context: Context): Router {
  const router = Router();
  endpoint(router, '/healthz', {
    get: async (_request, response) => {
      const healthy = await context.database.query('select 1 as one').then(
        () => true,
        () => false,
      );
      response.status(healthy ? 200 : 503).json({ status: healthy ? 'ok' : 'unavailable' });
    },
  });
  return router;
}
