// A small backend that does all that the doctor asks for, in each mode, unless told otherwise: each
// way in which it can be told to misbehave is one flaw.
import { createHmac, randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';

import { readRefresh } from '../../js/support/auth_server.ts';
import { cookieOf } from '../../js/support/cookies.ts';
import { type Answer, HttpServer, type Recorded } from '../../js/support/http_server.ts';
import { makeJwt } from '../../js/support/tokens.ts';

/** Of another origin than the backend, and of the same site. */
export const PAGE = 'http://127.0.0.1:4173';
export const PASSWORD: string = randomUUID();

export type Mode = 'bearer' | 'hybrid' | 'cookie';

/** Every way in which it can be told to misbehave. */
export interface Behaviour {
  /** To a request without a token, with one that is no good, with a good one. */
  unauthorized: Answer;
  refused: Answer;
  api: Answer;
  /** The API accepts no token at all. */
  loop: boolean;
  /** Tokens that it did not make, and that open the API all the same. */
  takes: (token: string) => boolean;
  /** Tokens over which it stumbles. */
  stumbles: (token: string) => boolean;
  /** Whether a refresh token opens the API, and an access token refreshes. */
  opensByRefreshToken: boolean;
  refreshesByAccessToken: boolean;
  /** That signs the access tokens. */
  secret: string;
  /** To a refresh that is refused. */
  refusal: Answer;
  /** To a used refresh token; undefined: as to any other. */
  usedRefusal: Answer | undefined;
  tokenHeaders: Headers;
  /** What is added to answers with tokens. */
  more: Readonly<Record<string, unknown>>;
  /** The one access token; undefined: JWTs. */
  accessToken: string | undefined;
  expiresIn: number | undefined;
  /** Seconds from now. */
  exp: number | undefined;
  rotates: boolean;
  /** Whether the last used refresh token brings its successor again. */
  grace: boolean;
  /** Whether that successor is good for anything. */
  goodSuccessor: boolean;
  /** Whether a used refresh token ends the session. */
  detectsReuse: boolean;
  /** Whether used refresh tokens work for ever. */
  forgetsUse: boolean;
  /** Whether a refusal deletes the cookies. */
  refusalDeletes: boolean;
  /** What a sign-out ends: any session by its newest token alone, by any of them, or none. */
  signOut: 'newest' | 'any' | 'none';
  cookieName: string;
  cookie: string;
  checksCsrf: boolean;
  /** Cookie mode: the same of unsafe requests for the API. */
  checksCsrfOfApi: boolean;
  preflight: number;
  allowOrigin: string | undefined;
  allowHeaders: string;
  allowCredentials: string;
  exposed: string;
  /** Which origins are allowed beside that, with cookies. */
  alsoAllows: (origin: string) => boolean;
  corsOnErrors: boolean;
  /** The server's clock, in seconds from ours. */
  clock: number;
  /** Paths, or methods and paths. */
  redirects: readonly string[];
}

type Headers = Readonly<Record<string, string>>;

const ACCESS_COOKIE = '__Host-access';
const COOKIE = 'HttpOnly; Secure; SameSite=Strict; Path=/';
const LIFE = 900;
const NO_CSRF: Answer = { status: 403, json: { error: 'csrf' } };

const GOOD: Behaviour = {
  unauthorized: { status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="api"' } },
  refused: { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } },
  api: { json: { hello: 'ada' }, headers: { 'Cache-Control': 'no-store' } },
  loop: false,
  takes: () => false,
  stumbles: () => false,
  opensByRefreshToken: false,
  refreshesByAccessToken: false,
  secret: randomUUID(),
  refusal: { status: 400, json: { error: 'invalid_grant' } },
  usedRefusal: undefined,
  tokenHeaders: { 'Cache-Control': 'no-store' },
  more: {},
  accessToken: undefined,
  expiresIn: LIFE,
  exp: LIFE,
  rotates: true,
  grace: true,
  goodSuccessor: true,
  detectsReuse: true,
  forgetsUse: false,
  refusalDeletes: false,
  signOut: 'any',
  cookieName: '__Host-refresh',
  cookie: COOKIE,
  checksCsrf: true,
  checksCsrfOfApi: true,
  preflight: 204,
  allowOrigin: PAGE,
  allowHeaders: 'Authorization, Content-Type, X-CSRF',
  allowCredentials: 'true',
  exposed: 'WWW-Authenticate, Date, Retry-After',
  alsoAllows: () => false,
  corsOnErrors: true,
  clock: 0,
  redirects: [],
};

interface Session {
  tokens: string[];
  over: boolean;
}

export class Backend extends HttpServer {
  /** All that must never be printed. */
  readonly secrets: Set<string>;
  readonly #mode: Mode;
  readonly #as: Behaviour;
  readonly #sessions: Session[] = [];
  readonly #accessTokens = new Set<string>();

  constructor(mode: Mode, flaw: Partial<Behaviour> = {}) {
    super();
    this.#mode = mode;
    this.#as = { ...GOOD, ...flaw };
    this.secrets = new Set([PASSWORD, this.#as.secret]);
    this.route('/api', (request) => this.#answer(request, (it) => this.#api(it)));
    this.route('/login', (request) => this.#answer(request, (it) => this.#logIn(it)));
    this.route('/refresh', (request) => this.#answer(request, (it) => this.#refresh(it)));
    this.route('/logout', (request) => this.#answer(request, (it) => this.#logOut(it)));
  }

  #answer(request: Recorded, act: (request: Recorded) => Answer): Answer {
    const { redirects, clock, corsOnErrors } = this.#as;
    const date = { Date: new Date(Date.now() + clock * 1000).toUTCString() };
    if (request.method === 'OPTIONS') return this.#preflight(request, date);
    const { method, path } = request;
    const answer = redirects.some((place) => [path, `${method} ${path}`].includes(place))
      ? { status: 302, headers: { Location: '/sign-in' } }
      : act(request);
    const isError = (answer.status ?? 200) >= 400;
    const cors = isError && !corsOnErrors ? {} : this.#cors(request);
    return { ...answer, headers: { ...date, ...cors, ...answer.headers } };
  }

  #preflight(request: Recorded, date: Headers): Answer {
    const { preflight, allowHeaders } = this.#as;
    const headers = { 'Access-Control-Allow-Headers': allowHeaders };
    return { status: preflight, headers: { ...date, ...this.#cors(request), ...headers } };
  }

  #cors({ headers: { origin } }: Recorded): Headers {
    const { allowOrigin, allowCredentials, alsoAllows, exposed } = this.#as;
    if (origin === undefined || allowOrigin === undefined) return {};
    const allowed = alsoAllows(origin) ? origin : allowOrigin;
    return {
      'Access-Control-Allow-Origin': allowed,
      'Access-Control-Allow-Credentials': allowCredentials,
      'Access-Control-Expose-Headers': exposed,
    };
  }

  #api(request: Recorded): Answer {
    const { unauthorized, refused, api, loop, checksCsrfOfApi } = this.#as;
    const unsafe = this.#mode === 'cookie' && request.method === 'POST';
    if (unsafe && checksCsrfOfApi && request.headers['x-csrf'] === undefined) return NO_CSRF;
    const token =
      this.#mode === 'cookie'
        ? cookieOf(request, ACCESS_COOKIE)
        : /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) return unauthorized;
    const { takes, stumbles, opensByRefreshToken } = this.#as;
    if (stumbles(token)) return { status: 500 };
    const isRefreshToken = this.#sessions.some(({ tokens }) => tokens.includes(token));
    const opens =
      this.#accessTokens.has(token) || takes(token) || (opensByRefreshToken && isRefreshToken);
    return opens && !loop ? api : refused;
  }

  #logIn(request: Recorded): Answer {
    const sent = request.body.toString();
    if (!sent.includes(PASSWORD)) return { status: 400, json: { error: 'invalid_request' } };
    const session: Session = { tokens: [], over: false };
    this.#sessions.push(session);
    return this.#issue(session, request.headers['content-type'] === 'application/json');
  }

  #refresh(request: Recorded): Answer {
    const { checksCsrf, refusal, usedRefusal, rotates, grace, goodSuccessor } = this.#as;
    const byCookie = this.#mode !== 'bearer';
    if (byCookie && checksCsrf && request.headers['x-csrf'] === undefined) {
      return NO_CSRF;
    }
    const { json, refreshToken } = this.#sent(request);
    if (this.#as.refreshesByAccessToken && this.#accessTokens.has(refreshToken)) {
      return this.#issue({ tokens: [], over: false }, json);
    }
    const session = this.#sessionOf(refreshToken);
    if (session === undefined || session.over) return this.#refuse(refusal);
    const age = session.tokens.length - 1 - session.tokens.indexOf(refreshToken);
    if (age === 0) return this.#issue(session, json, rotates);
    if (this.#as.forgetsUse) return this.#issue(session, json, true);
    if (age === 1 && grace) {
      const again = this.#issue(session, json, false);
      if (!goodSuccessor) session.over = true;
      return again;
    }
    session.over = this.#as.detectsReuse;
    return this.#refuse(usedRefusal ?? refusal);
  }

  #refuse(refusal: Answer): Answer {
    const { refusalDeletes, cookieName, cookie } = this.#as;
    if (!refusalDeletes) return refusal;
    const deletion = `${cookieName}=; Max-Age=0; ${cookie}`;
    return { ...refusal, headers: { ...refusal.headers, 'Set-Cookie': deletion } };
  }

  #logOut(request: Recorded): Answer {
    const { checksCsrf, signOut } = this.#as;
    if (this.#mode !== 'bearer' && checksCsrf && request.headers['x-csrf'] === undefined) {
      return NO_CSRF;
    }
    const { refreshToken } = this.#sent(request);
    const session = this.#sessionOf(refreshToken);
    const isNewest = session?.tokens.at(-1) === refreshToken;
    if (session && (signOut === 'any' || (signOut === 'newest' && isNewest))) session.over = true;
    return { status: 204 };
  }

  #sent(request: Recorded): { json: boolean; refreshToken: string } {
    if (this.#mode !== 'bearer') {
      return { json: true, refreshToken: cookieOf(request, this.#as.cookieName) ?? '' };
    }
    const { dialect, refreshToken = '' } = readRefresh(request);
    return { json: dialect === 'json', refreshToken };
  }

  #sessionOf(refreshToken: string): Session | undefined {
    return this.#sessions.find(({ tokens }) => tokens.includes(refreshToken));
  }

  #issue(session: Session, json: boolean, rotates = true): Answer {
    const { expiresIn, exp, tokenHeaders, more, clock, cookie, cookieName } = this.#as;
    if (rotates) session.tokens.push(this.#secret(randomUUID()));
    const refresh = session.tokens.at(-1) ?? '';
    const now = Math.floor(Date.now() / 1000) + clock;
    const claims = {
      iat: now,
      jti: randomUUID(),
      ...(exp === undefined ? {} : { exp: now + exp }),
    };
    const access = this.#secret(this.#as.accessToken ?? this.#sign(claims));
    this.#accessTokens.add(access);
    const names = json
      ? (['accessToken', 'refreshToken', 'expiresIn'] as const)
      : (['access_token', 'refresh_token', 'expires_in'] as const);
    const cookies: string[] = [];
    if (this.#mode !== 'bearer') cookies.push(`${cookieName}=${refresh}; ${cookie}`);
    if (this.#mode === 'cookie') cookies.push(`${ACCESS_COOKIE}=${access}; ${COOKIE}`);
    return {
      headers: { ...tokenHeaders, 'Set-Cookie': cookies },
      json: {
        ...(this.#mode !== 'cookie' && { [names[0]]: access }),
        ...(this.#mode === 'bearer' && { [names[1]]: refresh }),
        ...(expiresIn !== undefined && { [names[2]]: expiresIn }),
        ...more,
      },
    };
  }

  #sign(claims: Readonly<Record<string, unknown>>): string {
    const signed = makeJwt(claims, undefined, '').slice(0, -1);
    const mac = createHmac('sha256', this.#as.secret).update(signed);
    return `${signed}.${mac.digest('base64url')}`;
  }

  #secret(text: string): string {
    this.secrets.add(text);
    return text;
  }
}

export async function startBackend(
  t: TestContext,
  mode: Mode,
  flaw: Partial<Behaviour> = {},
): Promise<Backend> {
  return new Backend(mode, flaw).listen(t);
}
