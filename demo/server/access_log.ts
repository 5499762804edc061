import type { RequestHandler } from 'express';
import type { Context } from './context.ts';

/** One line for each answer: method, path, status, milliseconds. */
export function accessLog(context: Context): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    const { method } = request;
    const path = loggablePath(request.originalUrl);
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : 'aborted';
      context.log(`${method} ${path} ${status} ${(performance.now() - start).toFixed(1)} ms`);
    });
    next();
  };
}

/**
 * The path without the query. A client might put a token into the path by mistake; whatever is
 * longer than any segment of ours (an id: 36) is left out.
 */
export function loggablePath(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  return path
    .split('/')
    .map((segment) => (segment.length > 36 ? '…' : segment))
    .join('/');
}
