import type { Request } from 'express';
import { HttpError } from './errors.ts';
import type { Settings } from './settings.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * For requests that a cookie authenticates: the browser adds that by itself, whoever made the
 * request. SameSite=Strict holds back other sites; this is for sibling hosts and old browsers, and
 * in depth (OWASP CSRF Prevention, "Fetch Metadata" and "custom request headers").
 *
 * An unsafe request has to
 *  - carry the header `X-CSRF`, which no form can send and no other origin without a preflight;
 *  - come from this origin by `Sec-Fetch-Site`, which no page can forge, or, where the browser
 *    sends none, by `Origin`; or come from an origin that CORS_ORIGINS names.
 *
 * @throws HttpError 403 `csrf_rejected`
 */
export function assertNotCrossSite(request: Request, settings: Settings): void {
  if (SAFE_METHODS.has(request.method)) return;
  if (request.get('X-CSRF') === undefined) throw rejected('The X-CSRF header is missing');

  const origin = request.get('Origin');
  if (origin !== undefined && settings.corsOrigins.includes(origin)) return;

  const site = request.get('Sec-Fetch-Site');
  const isOwn =
    site !== undefined
      ? site === 'same-origin' || site === 'none'
      : origin !== undefined && origin === ownOrigin(request);
  if (!isOwn) throw rejected('The request comes from another origin');
}

function ownOrigin(request: Request): string | undefined {
  const host = request.get('Host');
  if (host === undefined) return undefined;
  const url = `${request.protocol}://${host}`;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function rejected(description: string): HttpError {
  return new HttpError(403, 'csrf_rejected', description);
}
