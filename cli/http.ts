// One request as a page would make it, and its answer as the server gave it.
import type { Options } from './options.ts';
import { relationOf } from './site.ts';

export interface Answer {
  /** 0: there was none. */
  readonly status: number;
  /** Why there was none. */
  readonly problem: string;
  readonly headers: Headers;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

export interface Request {
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly body?: string | URLSearchParams;
}

/** Another site's page, which browsers let send simple requests with cookies. */
export const FOREIGN: HeadersInit = {
  origin: 'https://attacker.example',
  'sec-fetch-site': 'cross-site',
};

/** Never rejects. Redirects are not followed. */
export async function ask(options: Options, url: URL, request: Request = {}): Promise<Answer> {
  const { method = 'GET', body = null } = request;
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(pageHeaders(options, url, method))) {
    if (!headers.has(name)) headers.set(name, value);
  }
  const sentAt = Date.now();
  try {
    const response = await fetch(url, {
      method,
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeout * 1000),
    });
    const text = await response.text();
    const { status } = response;
    return { status, problem: '', headers: response.headers, text, sentAt, receivedAt: Date.now() };
  } catch (error) {
    const problem = problemOf(error, options);
    return {
      status: 0,
      problem,
      headers: new Headers(),
      text: '',
      sentAt,
      receivedAt: Date.now(),
    };
  }
}

// What a browser says of where a request comes from; to its own origin only with an unsafe one.
function pageHeaders(options: Options, url: URL, method: string): Record<string, string> {
  const origin = options.origin ?? options.api.origin;
  const relation = relationOf(origin, url);
  const tells = relation !== 'same-origin' || !['GET', 'HEAD'].includes(method);
  return { 'sec-fetch-site': relation, ...(tells ? { origin } : {}) };
}

// A code only: messages quote addresses.
function problemOf(error: unknown, { timeout }: Options): string {
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return `none in ${timeout} s`;
  const code = String(cause?.code);
  return /^[A-Z][A-Z0-9_]+$/.test(code) && code.length < 40 ? code : 'the connection broke';
}

/** The answer in a few words. */
export function described({ status, problem, headers, text }: Answer): string {
  if (status === 0) return `no answer (${problem})`;
  const type = headers.get('content-type') ?? '';
  const kind = /\bhtml\b/i.test(type) || /^\s*<(?:!doctype|html)/i.test(text) ? ' with HTML' : '';
  return `${status}${kind}`;
}

export function isRedirect({ status }: Answer): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

/** It says nothing about what was sent: the server is busy, or out of reach. */
export function isUndecided({ status }: Answer): boolean {
  return [0, 408, 429, 503].includes(status);
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** The members of a JSON object; none where the body is no such thing. */
export function membersOf({ text }: Pick<Answer, 'text'>): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The words of a header that is a list, in lower case; of directives the names alone. */
export function wordsOf(headers: Headers, name: string): string[] {
  return (headers.get(name) ?? '')
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
