import { Router } from 'express';
import type { Context } from '../context.ts';
import { HttpError } from '../errors.ts';
import { principalOf, requireAdmin, requireAuth } from '../require_auth.ts';
import { banUser, unbanUser } from '../revocation.ts';
import { listUsers } from '../users.ts';
import { endpoint, partOf } from './endpoint.ts';

/** For administrators: who there is, and who is to be kept out. */
export function adminRoutes(context: Context): Router {
  const router = Router();
  router.use('/admin', requireAuth(context), requireAdmin);

  endpoint(router, '/admin/users', {
    get: async (_request, response) => {
      response.json({ users: await listUsers(context.database) });
    },
  });

  endpoint(router, '/admin/users/:id/ban', {
    post: async (request, response) => {
      const { outcome, families } = await banUser(
        context.database,
        partOf(request.params['id']),
        principalOf(request).sub,
        context.clock(),
        context.rules.accessTokenSeconds,
      );
      if (outcome === 'unknown') throw noSuchUser();
      if (outcome === 'refused') {
        throw new HttpError(
          409,
          'conflict',
          'You cannot ban yourself, nor anybody once you are banned',
        );
      }
      context.aids.stats.familiesRevoked += families;
      response.status(204).end();
    },
  });

  endpoint(router, '/admin/users/:id/unban', {
    post: async (request, response) => {
      if (!(await unbanUser(context.database, partOf(request.params['id'])))) throw noSuchUser();
      response.status(204).end();
    },
  });

  return router;
}

function noSuchUser(): HttpError {
  return new HttpError(404, 'not_found', 'There is no such user');
}
