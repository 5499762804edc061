// Cookies for tests. Node's fetch has no cookie jar: a client under test gets the `fetch` of a Jar,
// which does what a browser would: it keeps what Set-Cookie says, and sends it with requests that
// have credentials 'include' (the page of these tests is of another origin than the API, so
// 'same-origin' sends none). It adds Sec-Fetch-Site too, as browsers do.
import type { TestContext } from 'node:test';

import type { AuthClientOptions, Fetch } from 'bearerkit';

import { startClient, type TestClient } from './client.ts';
import { type Answer, HttpServer, type Recorded } from './http_server.ts';

export class Jar {
  readonly cookies = new Map<string, string>();
  readonly sent: { path: string; credentials: RequestCredentials }[] = [];
  readonly #send: Fetch;

  /** `send`: what sends in the end. */
  constructor(send: Fetch = (input, init) => fetch(input, init)) {
    this.#send = send;
  }

  readonly fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const { credentials } = request;
    this.sent.push({ path: new URL(request.url).pathname, credentials });
    if (credentials === 'include' && this.cookies.size > 0)
      request.headers.set('cookie', this.header);
    request.headers.set('sec-fetch-site', 'same-origin');
    const response = await this.#send(request);
    if (credentials !== 'omit')
      for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  };

  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** With the cookies of now. */
  copy(): Jar {
    const copy = new Jar(this.#send);
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals);
    if (equals === pair.length - 1 || attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(equals + 1));
  }
}

/**
 * A server that keeps the session in cookies: `/login`, `/refresh`, `/logout` and `/api/…`. In
 * hybrid mode `/refresh` answers with the access token, and the API wants that as Bearer.
 */
export class CookieServer extends HttpServer {
  readonly mode: 'cookie' | 'hybrid';
  readonly refreshAnswers: ((request: Recorded) => Answer | Promise<Answer>)[] = [];
  generation = 0;
  #valid = '';
  #refresh = '';

  constructor(mode: 'cookie' | 'hybrid') {
    super();
    this.mode = mode;
    this.route('/login', () => this.#issue());
    this.route('/refresh', (request) => this.#answerRefresh(request));
    this.route('/logout', () => ({
      status: 204,
      headers: { 'Set-Cookie': ['refresh=; Max-Age=0', 'access=; Max-Age=0'] },
    }));
    this.route('/api/', (request) => this.#answerApi(request));
  }

  get accessToken(): string {
    return this.#valid;
  }
  get refreshCookie(): string {
    return this.#refresh;
  }

  /** What opens the API is good no more; the refresh cookie is. */
  expire(): void {
    this.#valid = 'none';
  }

  /** A login in this jar, as the page would do it. */
  async logIn(jar: Jar): Promise<Record<string, unknown>> {
    const response = await jar.fetch(this.url('/login'), {
      method: 'POST',
      credentials: 'include',
    });
    return (await response.json()) as Record<string, unknown>;
  }

  #issue(): Answer {
    this.generation++;
    this.#valid = `access-${this.generation}-${crypto.randomUUID()}`;
    this.#refresh = `refresh-${this.generation}-${crypto.randomUUID()}`;
    const refresh = `refresh=${this.#refresh}; HttpOnly; Path=/`;
    if (this.mode === 'hybrid') {
      return {
        headers: { 'Set-Cookie': refresh },
        json: { accessToken: this.#valid, expiresIn: 900 },
      };
    }
    const access = `access=${this.#valid}; HttpOnly; Path=/`;
    return { headers: { 'Set-Cookie': [refresh, access] }, json: { expiresIn: 900 } };
  }

  async #answerRefresh(request: Recorded): Promise<Answer> {
    const scripted = this.refreshAnswers.shift();
    if (scripted !== undefined) return scripted(request);
    if (request.headers['x-csrf'] === undefined) return { status: 403, json: { error: 'csrf' } };
    if (cookieOf(request, 'refresh') !== this.#refresh || this.#refresh === '') {
      return { status: 401, json: { error: 'invalid_grant' } };
    }
    return this.#issue();
  }

  #answerApi(request: Recorded): Answer {
    const token =
      this.mode === 'hybrid'
        ? request.headers.authorization?.replace('Bearer ', '')
        : cookieOf(request, 'access');
    if (token !== this.#valid)
      return { status: 401, headers: { 'WWW-Authenticate': 'Bearer' }, body: 'no' };
    const unsafe = !['GET', 'HEAD', 'OPTIONS'].includes(request.method);
    if (this.mode === 'cookie' && unsafe && request.headers['x-csrf'] === undefined) {
      return { status: 403, body: 'csrf' };
    }
    return { json: { path: request.path } };
  }
}

export function cookieOf(request: Recorded, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split('; ');
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

export async function startCookieServer(
  t: TestContext,
  mode: 'cookie' | 'hybrid',
): Promise<CookieServer> {
  return new CookieServer(mode).listen(t);
}

/** A page's client in the mode of the server, with the cookies of this jar. */
export const startCookieClient = (
  t: TestContext,
  server: CookieServer,
  jar: Jar,
  options: AuthClientOptions = {},
): TestClient =>
  startClient(t, server, {
    mode: server.mode,
    signOut: server.url('/logout'),
    fetch: jar.fetch,
    ...options,
  });
