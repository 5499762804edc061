import { Router } from 'express';
import type { RequestHandler } from 'express';
import { verifyAccessToken } from '../access_tokens.ts';
import type { Context } from '../context.ts';
import { invalidRequest } from '../errors.ts';
import { revokeAccessToken } from '../revocation.ts';
import { endSession } from '../sessions.ts';
import { formBody } from './bodies.ts';
import { endpoint } from './endpoint.ts';
import { parametersOf, requireClient, tokenEndpoint } from './token_endpoint.ts';

/** The OAuth dialect: token endpoint (RFC 6749) and token revocation (RFC 7009). */
export function oauthRoutes(context: Context, loginLimit: RequestHandler): Router {
  const router = Router();

  endpoint(router, '/oauth/token', { post: tokenEndpoint(context, loginLimit) });

  endpoint(router, '/oauth/revoke', {
    post: [
      ...formBody,
      async (request, response) => {
        const { token } = parametersOf(request);
        if (token === undefined) throw invalidRequest('token is missing');
        requireClient(request);
        // token_type_hint is only a hint (RFC 7009 §2.1): the two kinds are easy to tell apart.
        const check = await verifyAccessToken(context.keyRing, token, context.clock());
        if (check.ok) await revokeAccessToken(context.database, check.claims);
        else await endSession(context, token);
        // 200 for an unknown token too (§2.2): it is not valid, and that was the wish.
        response.status(200).end();
      },
    ],
  });

  return router;
}
