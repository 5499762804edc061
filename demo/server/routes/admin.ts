import { Router } from 'express';
import type { Context } from '../context.ts';
import { HttpError } from '../errors.ts';
import { requireAdmin, requireAuth } from '../require_auth.ts';
import { banUser, unbanUser } from '../revocation.ts';
import { listUsers } from '../users.ts';

/** For administrators: who there is, and who is to be kept out. */
export function adminRoutes(context: Context): Router {
  const router = Router();
  router.use('/admin', requireAuth(context), requireAdmin);

  router.get('/admin/users', async (_request, response) => {
    response.json({ users: await listUsers(context.database) });
  });

  router.post('/admin/users/:id/ban', async (request, response) => {
    const { found, families } = await banUser(
      context.database,
      request.params.id,
      context.clock(),
      context.rules.accessTokenSeconds,
    );
    if (!found) throw noSuchUser();
    context.aids.stats.familiesRevoked += families;
    response.status(204).end();
  });

  router.post('/admin/users/:id/unban', async (request, response) => {
    if (!(await unbanUser(context.database, request.params.id))) throw noSuchUser();
    response.status(204).end();
  });

  return router;
}

function noSuchUser(): HttpError {
  return new HttpError(404, 'not_found', 'There is no such user');
}
