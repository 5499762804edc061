import { createHash } from 'node:crypto';
import express, { Router } from 'express';
import type { RequestHandler } from 'express';
import type { Context } from '../context.ts';
import { principalOf, requireAuth } from '../require_auth.ts';
import { endpoint } from './endpoint.ts';

/** Up to here a body is echoed as text, so that a test can read what arrived. */
const ECHO_BYTES = 4096;

/** What the tokens are for. */
export function apiRoutes(context: Context): Router {
  const router = Router();
  router.use('/api', requireAuth(context));

  endpoint(router, '/api/protected', {
    get: (request, response) => {
      const { sub, email, name, role } = principalOf(request);
      response.json({
        message: `Hello, ${name}`,
        user: { id: sub, email, name, role },
        time: new Date(context.clock()).toISOString(),
      });
    },
  });

  endpoint(router, '/api/me', {
    get: (request, response) => {
      const { sub, email, name, role, sid, iat, exp } = principalOf(request);
      response.json({ id: sub, email, name, role, session: sid, issuedAt: iat, expiresAt: exp });
    },
  });

  // Any type, and as it came: `inflate` off, so that the hash is that of the bytes sent.
  const raw = express.raw({ type: () => true, limit: '5mb', inflate: false });
  const echo: RequestHandler = (request, response) => {
    const body: unknown = request.body;
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    response.json({
      method: request.method,
      contentType: request.get('Content-Type') ?? null,
      length: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      text: bytes.length <= ECHO_BYTES ? textOf(bytes) : null,
    });
  };
  endpoint(router, '/api/echo', { post: [raw, echo], put: [raw, echo] });

  return router;
}

function textOf(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
