import type { RequestHandler } from 'express';
import type { Settings } from './settings.ts';

/** CORS with credentials for the listed origins, and nothing for any other (Fetch standard, CORS protocol). */
export function cors(settings: Settings): RequestHandler {
  const allowed = new Set(settings.corsOrigins);
  return (request, response, next) => {
    // Also where the answer is the same for all: a shared cache must not learn otherwise.
    response.vary('Origin');
    const origin = request.get('Origin');
    const isAllowed = origin !== undefined && allowed.has(origin);
    if (isAllowed) {
      response.set({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Credentials': 'true',
        // Without these a page cannot tell why it got a 401, what time it is here, or when to retry.
        'Access-Control-Expose-Headers': 'WWW-Authenticate, Date, Retry-After',
      });
    }
    if (request.method !== 'OPTIONS') {
      next();
      return;
    }
    if (isAllowed) {
      response.set({
        'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        // Listed by name: a `*` does not cover Authorization, nor anything with credentials.
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-CSRF',
        'Access-Control-Max-Age': '600',
      });
    }
    response.status(204).end();
  };
}
