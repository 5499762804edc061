import type { RequestHandler, Router } from 'express';
import { HttpError } from '../errors.ts';

type Method = 'get' | 'post' | 'put' | 'delete';

/**
 * All that one path does. Every other method gets a 405 that names those (RFC 9110 §15.5.6);
 * OPTIONS has been answered before (cors.ts).
 */
export function endpoint(
  router: Router,
  path: string,
  methods: Partial<Record<Method, RequestHandler | readonly RequestHandler[]>>,
): void {
  const route = router.route(path);
  const allowed: string[] = [];
  for (const method of ['get', 'post', 'put', 'delete'] as const) {
    const handlers = methods[method];
    if (handlers === undefined) continue;
    route[method](...[handlers].flat());
    // Express answers HEAD wherever it answers GET.
    allowed.push(...(method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  }
  const headers = { Allow: allowed.join(', ') };
  route.all(() => {
    throw new HttpError(405, 'method_not_allowed', 'This path does not take the method', headers);
  });
}

/** A part of the path, as a string; Express' types allow for patterns that are not used here. */
export function partOf(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}
