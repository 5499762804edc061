// The package itself, let loose on the backend: what it sends is what apps send, and what it makes of
// an answer is what counts. No rule about tokens and answers is written down a second time here.
import {
  AuthError,
  createAuthClient,
  memoryStorage,
  type AuthErrorCode,
  type Dialect,
  type Fetch,
} from 'bearerkit';

import { keepCookies, writeCookies, type Cookies } from './cookies.ts';
import { ask, isRedirect, membersOf, type Answer } from './http.ts';
import type { Options } from './options.ts';

/** A session's secrets at one moment. Never changed, so an old one can be redeemed again. */
export interface Credentials {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly cookies: Cookies;
}

export interface Redemption {
  readonly answer: Answer;
  /** What the client makes of it: new tokens, the end of the session, or to be tried again. */
  readonly outcome: 'refreshed' | 'rejected' | 'failed';
  readonly next: Credentials;
}

/** How a request is to differ from the client's own. */
export interface Disguise {
  readonly headers?: HeadersInit;
  readonly withoutCsrf?: boolean;
}

// Well-formed, long expired, signed by nobody.
const jwtPart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const MADE_UP = `${jwtPart({ alg: 'HS256', typ: 'JWT' })}.${jwtPart({ sub: 'nobody', iat: 1, exp: 2 })}.${jwtPart({})}`;

export const NO_CREDENTIALS: Credentials = {
  accessToken: '',
  refreshToken: '',
  cookies: new Map(),
};

/** What opens nothing. Of a session's cookies it has the one that every page may read. */
export function madeUpCredentials({ csrfCookie }: Options, real = NO_CREDENTIALS): Credentials {
  const cookies = new Map<string, string>();
  if (csrfCookie !== undefined) cookies.set(csrfCookie, real.cookies.get(csrfCookie) ?? 'made-up');
  return { accessToken: MADE_UP, refreshToken: MADE_UP, cookies };
}

/** One refresh, by a client that is thrown away. */
export async function redeem(
  options: Options,
  url: URL,
  credentials: Credentials,
  disguise: Disguise = {},
): Promise<Redemption> {
  const { mode, clientId, timeout } = options;
  const { accessToken, refreshToken, cookies } = credentials;
  const { fetch, answers } = recorder(options, cookies, disguise.headers);
  const client = createAuthClient({
    mode,
    storage: memoryStorage(),
    fetch,
    refresh: {
      url,
      dialect: options.dialect ?? 'json',
      ...(clientId === undefined ? {} : { clientId }),
      // Longer than a request may take: that ends first, and says why.
      timeout: timeout * 2000,
    },
    csrf: () => (disguise.withoutCsrf === true ? {} : csrfHeader(options, cookies)),
  });
  let outcome: Redemption['outcome'];
  try {
    if (mode === 'bearer')
      await client.setTokens({ accessToken: accessToken || 'none', refreshToken });
    await client.refresh();
    outcome = 'refreshed';
  } catch (error) {
    outcome = codeOf(error) === 'refresh_rejected' ? 'rejected' : 'failed';
  } finally {
    client.close();
  }
  const answer = answers[0];
  if (answer === undefined) throw new Error('the client asked for nothing');
  const next = outcome === 'refreshed' ? credentialsIn(answer, credentials) : credentials;
  return { answer, outcome, next };
}

/** A sign-out as the client tells the server of it. */
export async function signOut(
  options: Options,
  url: URL,
  { accessToken, refreshToken, cookies }: Credentials,
): Promise<Answer> {
  const { mode, dialect = 'json', clientId, timeout } = options;
  const { fetch, answers } = recorder(options, cookies);
  const inCookies = mode !== 'bearer';
  const client = createAuthClient({
    // It is sent alike in hybrid mode, which would begin with a refresh.
    mode: inCookies ? 'cookie' : 'bearer',
    storage: memoryStorage(),
    fetch,
    signOut: {
      url,
      dialect,
      ...(clientId === undefined ? {} : { clientId }),
      timeout: timeout * 2000,
    },
    csrf: () => csrfHeader(options, cookies),
  });
  try {
    await client.setTokens(inCookies ? {} : { accessToken: accessToken || 'none', refreshToken });
    await client.signOut();
  } finally {
    client.close();
  }
  const answer = answers[0];
  if (answer === undefined) throw new Error('the client told nobody');
  return answer;
}

/** What to call, if not the API by GET. */
export interface Call {
  readonly url?: URL;
  readonly method?: string;
  readonly disguise?: Disguise;
}

/** One call of the API, and whether the client wants a refresh because of its answer. */
export async function call(
  options: Options,
  credentials: Credentials,
  { url = options.api, method = 'GET', disguise = {} }: Call = {},
): Promise<{ answer: Answer; wantsRefresh: boolean }> {
  const { cookies } = credentials;
  const { fetch, answers } = recorder(options, cookies, disguise.headers);
  const inCookies = options.mode === 'cookie';
  let wantsRefresh = false;
  const client = createAuthClient({
    // The access token is sent alike in bearer and hybrid mode, which would begin with a refresh.
    mode: inCookies ? 'cookie' : 'bearer',
    storage: memoryStorage(),
    origins: [url.origin],
    fetch,
    csrf: () => (disguise.withoutCsrf === true ? {} : csrfHeader(options, cookies)),
    refresh: () => {
      wantsRefresh = true;
      return Promise.reject(new Error('none is wanted here'));
    },
  });
  try {
    await client.setTokens(inCookies ? {} : { accessToken: credentials.accessToken });
    // What a browser says of a redirect or a broken connection is in the answer.
    await client.fetchWithAuth(url.href, { method }).catch(() => undefined);
  } finally {
    client.close();
  }
  const answer = answers[0];
  if (answer === undefined) throw new Error('the client sent nothing');
  return { answer, wantsRefresh };
}

/** Why the client does not take a token response; undefined when it does. */
export async function complaintAbout(
  { mode }: Options,
  response: Readonly<Record<string, unknown>>,
): Promise<AuthErrorCode | undefined> {
  const client = createAuthClient({
    mode: mode === 'cookie' ? 'cookie' : 'bearer',
    storage: memoryStorage(),
  });
  try {
    await client.setTokens(response);
    return undefined;
  } catch (error) {
    return codeOf(error) ?? 'invalid_token_response';
  } finally {
    client.close();
  }
}

/** Whether the client would send a token there: by https, or without leaving this machine. */
export function isSafe(url: URL): boolean {
  try {
    createAuthClient({ origins: [url.origin] }).close();
    return true;
  } catch {
    return false;
  }
}

/** What a session holds after an answer with tokens; what is not in it stays. */
export function credentialsIn(
  answer: Pick<Answer, 'text' | 'headers'>,
  before: Credentials,
): Credentials {
  const members = membersOf(answer);
  const text = (...names: string[]): string =>
    names.map((name) => members[name]).find((value) => typeof value === 'string') ?? '';
  return {
    accessToken: text('access_token', 'accessToken') || before.accessToken,
    refreshToken: text('refresh_token', 'refreshToken') || before.refreshToken,
    cookies: keepCookies(before.cookies, answer.headers),
  };
}

/** The dialect of a token response; undefined where it holds no access token. */
export function dialectOf(answer: Pick<Answer, 'text'>): Dialect | undefined {
  const members = membersOf(answer);
  if ('access_token' in members) return 'oauth';
  return 'accessToken' in members ? 'json' : undefined;
}

export function csrfHeader(options: Options, cookies: Cookies): Record<string, string> {
  const { csrf, csrfCookie } = options;
  if (csrfCookie === undefined) return { [csrf.header]: csrf.value };
  const value = cookies.get(csrfCookie);
  return value === undefined ? {} : { [csrf.header]: unescaped(value) };
}

// A fetch with cookies of its own, which keeps the answers as they came.
function recorder(
  options: Options,
  cookies: Cookies,
  more?: HeadersInit,
): { fetch: Fetch; answers: Answer[] } {
  const answers: Answer[] = [];
  const fetch: Fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    new Headers(more).forEach((value, name) => headers.set(name, value));
    if (init.credentials === 'include' && cookies.size > 0) {
      headers.set('cookie', writeCookies(cookies));
    }
    const answer = await ask(options, new URL(input instanceof Request ? input.url : input), {
      method: init.method ?? 'GET',
      headers,
      // The client's own posts are one of the two.
      ...(init.body ? { body: init.body as string | URLSearchParams } : {}),
    });
    answers.push(answer);
    if (answer.status === 0 || isRedirect(answer)) throw new TypeError('Failed to fetch');
    const { status } = answer;
    const body = [204, 205, 304].includes(status) ? null : answer.text;
    return new Response(body, { status, headers: answer.headers });
  };
  return { fetch, answers };
}

// As the client reads it.
function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function codeOf(error: unknown): AuthErrorCode | undefined {
  return error instanceof AuthError ? error.code : undefined;
}
