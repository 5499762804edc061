// A handler as libraries for servers write it, (Request) → Response, as a route of a test server.
import type { Handler } from '../../js/support/http_server.ts';

export function fetchRoute(handle: (request: Request) => Promise<Response>): Handler {
  return async ({ method, path, query, headers, body }) => {
    const request = new Request(`http://server.test${path}${query}`, {
      method,
      headers: Object.entries(headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
      body: body.length > 0 ? body : null,
    });
    const response = await handle(request);
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  };
}

/** The token of a request, or the empty text. */
export function bearerOf(request: Request): string {
  return request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
}
