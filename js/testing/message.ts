// A request as it comes to the network, in whatever words the caller of fetch has chosen.
import type { Fetch } from '../types.ts';

export interface Message {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly signal: AbortSignal | null;
  readonly withCookies: boolean;
  /** The token of its Authorization header. */
  readonly token: string | null;
  /** Its method and path, and the origin where it is another one. */
  readonly name: string;
  text(): Promise<string>;
}

/** @throws {TypeError} as fetch does, for what is no URL */
export function readMessage(origin: string, ...[input, init = {}]: Parameters<Fetch>): Message {
  const request = typeof input === 'object' && 'clone' in input ? input : undefined;
  const address = typeof input === 'string' ? input : 'href' in input ? input.href : input.url;
  const url = new URL(address, `${origin}/`);
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase();
  const headers = new Headers(init.headers ?? request?.headers);
  const credentials = init.credentials ?? request?.credentials ?? 'same-origin';
  const isOwn = url.origin === origin;
  const place = `${isOwn ? '' : url.origin}${url.pathname}`;
  return {
    method,
    url,
    headers,
    signal: init.signal ?? request?.signal ?? null,
    withCookies: credentials === 'include' || (isOwn && credentials !== 'omit'),
    token: /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null,
    name: `${method} ${place}`,
    text: async () => {
      const body = init.body ?? undefined;
      if (body === undefined) return request ? request.clone().text() : '';
      if (typeof body === 'string' || body instanceof URLSearchParams) return String(body);
      return new Response(body).text();
    },
  };
}
