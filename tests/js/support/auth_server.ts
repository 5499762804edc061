// An API that wants a Bearer token, and the endpoints that give one: strict by the book, with
// rotation of refresh tokens, both dialects, and scripted answers before the regular ones.
//
//   /api/…    200 {path, generation} with the current access token, else 401 with a challenge
//   /refresh  the next token set, in the dialect of the request; 400 invalid_grant for a wrong token
//   /revoke   200 for everything
import type { TestContext } from 'node:test';

import { type Answer, type Handler, HttpServer, type Recorded } from './http_server.ts';
import { type Json, makeJwt } from './tokens.ts';

export type DialectName = 'oauth' | 'json';

export interface AuthServerOptions {
  /** Seconds; undefined leaves the member out of the answers. */
  readonly expiresIn?: number | undefined;
  /** Claims of the access tokens; without it they are opaque. */
  readonly claims?: (() => Json) | undefined;
  /** Whether refreshing gives a new refresh token. */
  readonly rotate?: boolean;
  /** Whether access tokens are refused when their `expiresIn` is over, and not only by `expire()`. */
  readonly strictExpiry?: boolean;
}

const CHALLENGE = 'Bearer realm="api", error="invalid_token", error_description="expired"';
export const UNAUTHORIZED_BODY = '{"error":"invalid_token","from":"the server itself"}';

export class AuthServer extends HttpServer {
  /** Answers to /refresh to come before the regular ones, first in first out. */
  readonly refreshAnswers: Handler[] = [];
  generation = 0;
  options: AuthServerOptions;
  #user = 'ada';
  #accessToken = '';
  #refreshToken = '';
  #valid = new Map<string, { generation: number; until: number }>();

  constructor(options: AuthServerOptions = {}) {
    super();
    this.options = options;
    this.route('/api/', (request) => this.#api(request));
    this.route('/refresh', (request) => this.#refresh(request));
    this.route('/revoke', () => ({ status: 200 }));
  }

  /** The tokens that are good now. */
  get accessToken(): string {
    return this.#accessToken;
  }
  get refreshToken(): string {
    return this.#refreshToken;
  }

  /** A new session's tokens, as the answer to a login would hold them. */
  signIn(dialect: DialectName = 'oauth', user = 'ada'): Json {
    this.#user = user;
    this.#issue(true);
    return this.tokens(dialect);
  }

  tokens(dialect: DialectName, withRefreshToken = true): Json {
    const { expiresIn } = this.options;
    const [access, refresh, expires, type] =
      dialect === 'oauth'
        ? ['access_token', 'refresh_token', 'expires_in', 'token_type']
        : ['accessToken', 'refreshToken', 'expiresIn', 'tokenType'];
    return {
      [access]: this.#accessToken,
      ...(withRefreshToken && { [refresh]: this.#refreshToken }),
      ...(expiresIn !== undefined && { [expires]: expiresIn }),
      ...(dialect === 'oauth' && { [type]: 'Bearer' }),
    };
  }

  /** No access token given out so far is good any more; the refresh token is. */
  expire(): void {
    this.#valid.clear();
  }

  get refreshes(): Recorded[] {
    return this.to('/refresh');
  }

  /** What came to the API: the path and the number of the token set, 0 without a token. */
  get calls(): { path: string; token: string | undefined }[] {
    return this.requests
      .filter(({ path }) => path.startsWith('/api/'))
      .map(({ path, headers }) => ({ path, token: headers.authorization?.replace('Bearer ', '') }));
  }

  /** One regular rotation, as another client of the same session would bring about. */
  rotate(): void {
    this.#issue(this.options.rotate ?? true);
  }

  #issue(newRefreshToken: boolean): void {
    this.generation++;
    const unique = `${this.#user}-${this.generation}-${crypto.randomUUID()}`;
    const { claims } = this.options;
    this.#accessToken =
      claims === undefined ? `access-${unique}` : makeJwt({ jti: unique, ...claims() });
    if (newRefreshToken) this.#refreshToken = `refresh-${unique}`;
    const { expiresIn, strictExpiry = false } = this.options;
    const until =
      strictExpiry && expiresIn !== undefined ? Date.now() + expiresIn * 1000 : Infinity;
    this.#valid = new Map([[this.#accessToken, { generation: this.generation, until }]]);
  }

  /** The number of the token set that an access token is of; undefined when it is not good. */
  generationOf(token: string): number | undefined {
    const known = this.#valid.get(token);
    return known !== undefined && Date.now() < known.until ? known.generation : undefined;
  }

  #api(request: Recorded): Answer {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const generation = this.generationOf(token ?? '');
    if (generation !== undefined) return { json: { path: request.path, generation } };
    const challenge = token === undefined ? 'Bearer realm="api"' : CHALLENGE;
    return {
      status: 401,
      headers: { 'WWW-Authenticate': challenge, 'Content-Type': 'application/json' },
      body: UNAUTHORIZED_BODY,
    };
  }

  #refresh(request: Recorded): Answer | Promise<Answer> {
    const scripted = this.refreshAnswers.shift();
    if (scripted !== undefined) return scripted(request);
    const { dialect, refreshToken } = readRefresh(request);
    if (refreshToken !== this.#refreshToken) {
      return { status: 400, json: { error: 'invalid_grant', error_description: 'rotated' } };
    }
    const rotate = this.options.rotate ?? true;
    this.#issue(rotate);
    return { json: this.tokens(dialect, rotate) };
  }
}

/** The dialect of a refresh and the token that it sent. */
export function readRefresh(request: Recorded): {
  dialect: DialectName;
  refreshToken: string | undefined;
  fields: Json;
} {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) {
    const fields = Object.fromEntries(new URLSearchParams(request.body.toString()));
    return { dialect: 'oauth', refreshToken: fields['refresh_token'], fields };
  }
  const fields = JSON.parse(request.body.toString()) as Json;
  return { dialect: 'json', refreshToken: fields['refreshToken'] as string | undefined, fields };
}

export async function startAuthServer(
  t: TestContext,
  options: AuthServerOptions = {},
): Promise<AuthServer> {
  return new AuthServer(options).listen(t);
}
