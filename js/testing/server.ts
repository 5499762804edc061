// The scripted server: routes of the test's own behind a check of the token, and the endpoints for refresh
// and sign-out.
import type { JwtPayload, OAuthTokenResponse, RefreshEndpoint, TokenResponse } from '../types.ts';
import type {
  TestAnswer,
  TestAuthOptions,
  TestCall,
  TestRoute,
  TestServer,
} from '../types/testing.ts';
import type { VirtualClock } from './clock.ts';
import { TestAuthError } from './errors.ts';
import type { Message } from './message.ts';
import { Sessions } from './sessions.ts';

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly answer: TestRoute;
  readonly isOpen: boolean;
}

type Params = Readonly<Record<string, string>>;

export class ScriptedServer implements TestServer {
  readonly origin: string;
  readonly calls: TestCall[] = [];
  readonly sessions: Sessions;
  /** Errors that the next refreshes are refused with. */
  readonly refusals: string[] = [];
  /** Until then the refresh endpoint refuses in its own words. */
  unclearUntil = 0;
  readonly #options: TestAuthOptions;
  readonly #clock: VirtualClock;
  readonly #refreshUrl: string;
  readonly #signOutUrl: string;
  // By what `on` was told.
  readonly #routes = new Map<string, Route>();

  constructor(origin: string, options: TestAuthOptions, clock: VirtualClock) {
    const { mode = 'bearer', expiresIn = 300, grace = 600 } = options;
    this.origin = origin;
    this.#options = options;
    this.#clock = clock;
    this.sessions = new Sessions({ mode, issuer: origin, expiresIn, grace }, clock);
    this.#refreshUrl = addressOf(options.refresh, '/auth/refresh', origin);
    this.#signOutUrl = addressOf(options.signOut, '/auth/logout', origin);
  }

  readonly on: TestServer['on'] = (route, answer, { open = false } = {}) => {
    const [, method, origin = this.origin, path] =
      /^([A-Z]+) (https?:\/\/[^/\s]+)?(\/[^\s?#]*)$/.exec(route) ?? [];
    if (method === undefined || path === undefined) {
      throw new TestAuthError(
        'bad_route',
        `A route is a method and a path without a query, such as "GET /todos/:id". It is "${route}".`,
      );
    }
    const source = escapeRegExp(origin + path).replaceAll(/\/:(\w+)/g, '/(?<$1>[^/]+)');
    const isOpen = open || [this.#refreshUrl, this.#signOutUrl].includes(origin + path);
    this.#routes.set(route, { method, pattern: new RegExp(`^${source}$`), answer, isOpen });
  };

  readonly issue = (claims: JwtPayload = {}): TokenResponse => {
    const { refresh } = this.#options;
    const isJson = isEndpoint(refresh) && refresh.dialect === 'json';
    return this.#word(this.sessions.begin(claims), isJson);
  };

  isRefresh(url: URL): boolean {
    return placeOf(url) === this.#refreshUrl;
  }

  async answer(message: Message): Promise<TestAnswer | Response> {
    const { method, url } = message;
    for (const route of [...this.#routes.values()].reverse()) {
      const found = route.method === method ? route.pattern.exec(placeOf(url)) : null;
      if (found) return this.#answerRoute(route, message, found.groups ?? {});
    }
    if (method === 'POST' && this.isRefresh(url)) return this.#refresh(message);
    if (method === 'POST' && placeOf(url) === this.#signOutUrl) return this.#signOut(message);
    return noRoute(message.name, [...this.#routes.keys()]);
  }

  async #answerRoute(
    route: Route,
    message: Message,
    params: Params,
  ): Promise<TestAnswer | Response> {
    const { method, url, headers, withCookies, name } = message;
    const isCookie = this.#options.mode === 'cookie' && withCookies;
    const token = isCookie ? this.sessions.accessTokenOfCookie() : message.token;
    const known = this.sessions.check(token);
    const claims = typeof known === 'string' ? null : known;
    if (typeof known === 'string' && !route.isOpen)
      return unauthorized(known, url.origin === this.origin);
    if (typeof route.answer !== 'function') return route.answer;
    const text = (): Promise<string> => message.text();
    const json = async (): Promise<unknown> => JSON.parse(await text()) as unknown;
    const request = { method, url, params, headers, claims, text, json };
    const answer: unknown = await route.answer(request);
    if (typeof answer === 'object' && answer !== null) return answer;
    throw new TestAuthError(
      'bad_answer',
      `The route ${name} gave ${String(answer)}. It has to give an object, such as { json: [] }.`,
    );
  }

  async #refresh(message: Message): Promise<TestAnswer> {
    const { token, isJson } = await this.#readTokens(message);
    const error = this.refusals.shift();
    if (error !== undefined) {
      this.sessions.endFamily(token);
      return { status: 400, json: { error } };
    }
    if (this.#clock.now() < this.unclearUntil) return { status: 403, json: { message: 'no' } };
    const tokens = this.sessions.redeem(token);
    if (tokens === undefined) return { status: 400, json: { error: 'invalid_grant' } };
    return { json: this.#word(tokens, isJson), headers: { 'Cache-Control': 'no-store' } };
  }

  async #signOut(message: Message): Promise<TestAnswer> {
    const { token } = await this.#readTokens(message);
    this.sessions.endFamily(token);
    if (this.sessions.cookie === token) this.sessions.cookie = '';
    return {};
  }

  // In any of the dialects; without a body the cookie has it.
  async #readTokens(message: Message): Promise<{ token: string; isJson: boolean }> {
    const text = await message.text();
    if (text === '')
      return { token: message.withCookies ? this.sessions.cookie : '', isJson: false };
    const isJson = text.startsWith('{');
    const fields = (
      isJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text))
    ) as Record<string, unknown>;
    const token = fields['refreshToken'] ?? fields['refresh_token'] ?? fields['token'];
    return { token: String(token), isJson: 'refreshToken' in fields };
  }

  // What the page may see of it, in the server's words.
  #word(tokens: OAuthTokenResponse, isJson: boolean): TokenResponse {
    const { mode = 'bearer', answers } = this.#options;
    const { access_token, refresh_token, expires_in, ...others } = tokens;
    if (mode === 'cookie') return { expires_in: expires_in ?? null };
    if (isJson && !answers) {
      return {
        ...{ accessToken: access_token, expiresIn: expires_in ?? null },
        ...(mode === 'bearer' && { refreshToken: refresh_token ?? null }),
      };
    }
    const shown = {
      ...{ access_token, expires_in: expires_in ?? null, ...others },
      ...(mode === 'bearer' && { refresh_token: refresh_token ?? null }),
    };
    return answers ? answers(shown) : shown;
  }
}

function isEndpoint(option: TestAuthOptions['refresh']): option is RefreshEndpoint {
  return typeof option === 'object' && 'url' in option;
}

// An app's own function talks to routes of the test.
function addressOf(
  option: TestAuthOptions['refresh'] | TestAuthOptions['signOut'],
  otherwise: string,
  origin: string,
): string {
  if (typeof option === 'function') return '';
  const address = typeof option === 'object' && 'url' in option ? option.url : option;
  return placeOf(new URL(address ?? otherwise, `${origin}/`));
}

function placeOf({ origin, pathname }: URL): string {
  return origin + pathname;
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export function unauthorized(reason: string, isOwnOrigin: boolean): TestAnswer {
  const hint = isOwnOrigin
    ? 'Nobody was signed in, a refresh has failed, or the call was not made by fetchWithAuth.'
    : 'Is the origin in the option origins?';
  const isAbsent = reason === 'no token';
  const message = `bearerkit/testing: ${reason}.${isAbsent ? ` ${hint}` : ''}`;
  const challenge = `Bearer${isAbsent ? '' : ` error="invalid_token", error_description="${reason}"`}`;
  return {
    status: 401,
    headers: { 'WWW-Authenticate': challenge },
    json: { error: 'invalid_token', message },
  };
}

function noRoute(name: string, routes: readonly string[]): TestAnswer {
  const known = routes.length > 0 ? `There are ${routes.join(', ')}.` : 'There are none.';
  const message = `bearerkit/testing: no route for ${name}. Add one by server.on("${name}", …). ${known}`;
  return { status: 404, json: { error: 'no_route', message } };
}
