import { Router } from 'express';
import type { RequestHandler } from 'express';
import type { Context } from '../context.ts';
import { endSession, logIn } from '../sessions.ts';
import { credentials, jsonBody, refreshTokenBody } from './bodies.ts';
import { endpoint } from './endpoint.ts';
import { jsonDialect } from './dialects.ts';
import { tokenEndpoint } from './token_endpoint.ts';

/** The JSON dialect: tokens in and out of the body, and the client keeps both. */
export function authRoutes(context: Context, loginLimit: RequestHandler): Router {
  const router = Router();

  endpoint(router, '/auth/login', {
    post: [
      ...jsonBody,
      loginLimit,
      async (request, response) => {
        const { email, password } = credentials.parse(request.body);
        response.json(jsonDialect(await logIn(context, email, password, 'bearer')));
      },
    ],
  });

  endpoint(router, '/auth/refresh', { post: tokenEndpoint(context, loginLimit) });

  endpoint(router, '/auth/logout', {
    post: [
      ...jsonBody,
      async (request, response) => {
        const { refreshToken } = refreshTokenBody.parse(request.body);
        await endSession(context, refreshToken);
        response.status(204).end();
      },
    ],
  });

  return router;
}
