import { Router } from 'express';
import type { RequestHandler } from 'express';
import { changePassword, endSessionsOf, listSessions } from '../account.ts';
import type { Context } from '../context.ts';
import { clearCookie, COOKIES } from '../cookies.ts';
import { HttpError } from '../errors.ts';
import { principalOf, requireAuth } from '../require_auth.ts';
import { wrongCredentials } from '../sessions.ts';
import { jsonBody, passwordChange } from './bodies.ts';
import { endpoint, partOf } from './endpoint.ts';

/** What users do about their own account, signed in by whichever way. */
export function accountRoutes(context: Context, loginLimit: RequestHandler): Router {
  const router = Router();
  const { database } = context;
  router.use('/account', requireAuth(context));

  endpoint(router, '/account/sessions', {
    get: async (request, response) => {
      const { sub, sid } = principalOf(request);
      const now = context.clock();
      const sessions = await listSessions(database, sub, now, context.settings.sessionSeconds);
      response.json({ sessions: sessions.map((each) => ({ ...each, current: each.id === sid })) });
    },
  });

  endpoint(router, '/account/sessions/:id', {
    delete: async (request, response) => {
      const only = partOf(request.params['id']);
      const { sub } = principalOf(request);
      const ended = await endSessionsOf(database, sub, context.clock(), 'signed_out', { only });
      if (ended === 0) throw new HttpError(404, 'not_found', 'There is no such session of yours');
      context.aids.stats.familiesRevoked += ended;
      response.status(204).end();
    },
  });

  endpoint(router, '/account/sign-out-everywhere', {
    post: async (request, response) => {
      const { sub } = principalOf(request);
      const ended = await endSessionsOf(database, sub, context.clock(), 'signed_out_everywhere');
      context.aids.stats.familiesRevoked += ended;
      for (const name of Object.values(COOKIES)) clearCookie(response, name);
      response.status(204).end();
    },
  });

  endpoint(router, '/account/password', {
    post: [
      ...jsonBody,
      // As for a login, and by the same counters: this is a way to guess a password, too.
      (request, response, next) => {
        const { email } = principalOf(request);
        const body: unknown = request.body;
        if (typeof body === 'object' && body !== null) Object.assign(body, { email });
        return loginLimit(request, response, next);
      },
      async (request, response) => {
        const { currentPassword, newPassword } = passwordChange.parse(request.body);
        const { sub, sid } = principalOf(request);
        const outcome = await changePassword(context, sub, sid, currentPassword, newPassword);
        if (outcome === 'wrong') throw wrongPassword();
        if (outcome === 'demo') {
          throw new HttpError(403, 'forbidden', 'The password of a demo account stays as it is');
        }
        response.status(204).end();
      },
    ],
  });

  return router;
}

/** Not a 401: the token is good, and a fresh one would not help. */
function wrongPassword(): HttpError {
  return new HttpError(403, 'invalid_credentials', wrongCredentials().message);
}
