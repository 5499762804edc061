// The options as the client uses them: checked, with defaults, in milliseconds. A bad one is
// refused by its name, without its value.
import { DIALECT, DIALECTS, MODE, MODES, PRESUMPTION } from '#generated/abi';

import type { AnswerOptions } from '../endpoints/token_answer.ts';
import { csrfSource, type CsrfSource } from '../endpoints/csrf.ts';
import { refuse } from '../errors.ts';
import { readCookie } from '../platform/cookie.ts';
import { baseUrl, parseUrl, pinUrl } from '../platform/location.ts';
import { memoryStorage } from '../platform/storage/memory.ts';
import { webStorage } from '../platform/storage/web.ts';
import type { World, WorldClock } from '../platform/world.ts';
import type {
  AuthClientOptions,
  Fetch,
  FetchOptions,
  RefreshEndpoint,
  RefreshFunction,
  SignOutEndpoint,
  SignOutFunction,
  TokenStorage,
} from '../types.ts';
import { hasMethod, isObject } from '../values.ts';
import { check, duration, seconds, warnOfUnknown } from './checks.ts';

interface Endpoints {
  /** DIALECT; unknown unless set. */
  dialect: number;
  refresh: RefreshEndpoint | RefreshFunction | undefined;
  signOut: SignOutEndpoint | SignOutFunction | undefined;
  /** DIALECT; unknown: that of the tokens. */
  signOutDialect: number;
  refreshTimeout: number;
  signOutTimeout: number;
}

export interface Config extends AnswerOptions, Endpoints {
  /** MODE */
  mode: number;
  storage: TokenStorage;
  /** Serialized origins, besides the page's own. */
  origins: string[];
  /** Gives a PRESUMPTION. Throws where the app's own function does. */
  presume: () => number;
  csrf: CsrfSource;
  /** The app's own word on an answer that is no 401. */
  refused: AuthClientOptions['refused'];
  leeway: number;
  refreshMargin: number;
  lockTimeout: number;
  storageTimeout: number;
  keepAlive: boolean;
  name: string;
  tabs: boolean;
  fetch: Fetch;
  now: () => number;
  world: World;
  /** Takes a line about each event; false: nobody wants to know. */
  debug: ((line: string) => void) | false;
}

export function readOptions(options: AuthClientOptions): Config {
  check(isObject(options), 'options must be an object', options);
  warnOfUnknown(options);
  const { mode: modeName = 'bearer', keepAlive = false, name = 'bearerkit', csrf } = options;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- methods in the types only
  const { tokens, identify, keep = [] } = options;
  const mode = MODES.indexOf(modeName);
  const { clock = Date } = options;
  const world = (clock as WorldClock).testWorld ?? globalThis;
  const base = baseUrl(world);
  const page = base !== undefined;
  const {
    // In cookie and hybrid mode what is stored is no secret (C3), and the tabs need it.
    storage = page && mode !== MODE.bearer ? webStorage('local') : memoryStorage(),
    // Looked up at each call, for those who replace the global one later.
    fetch = (input: RequestInfo | URL, init?: RequestInit) => globalThis.fetch(input, init),
    // A server has no tabs, and clients of several users in one process.
    tabs = page,
    debug = false,
  } = options;
  const say = debug === true ? console.debug : debug;
  check(mode >= 0, "mode must be 'bearer', 'hybrid' or 'cookie'", modeName);
  checkKinds({ keepAlive, name, storage, fetch, clock, debug: say });
  checkCsrf(csrf);
  const { refused } = options;
  const isOwn = refused === undefined || typeof refused === 'function';
  check(isOwn, 'refused must be a function', refused);
  checkAnswers(tokens, identify, keep);

  return {
    mode,
    ...readEndpoints(options, base),
    storage,
    origins: origins(options.origins),
    presume: presumption(options.presume, page || mode === MODE.cookie),
    csrf: csrfSource(csrf),
    refused,
    tokens,
    identify,
    keep: [...keep],
    leeway: seconds(options.leeway, 'leeway', 0),
    refreshMargin: seconds(options.refreshMargin, 'refreshMargin', 30),
    lockTimeout: duration(options.lockTimeout, 'lockTimeout', 15_000),
    storageTimeout: duration(options.storageTimeout, 'storageTimeout', 5_000),
    keepAlive,
    name,
    tabs,
    // Called as a plain function: it must not be a method of anything else.
    fetch: (input, init) => fetch(input, init),
    now: () => clock.now(),
    world,
    debug: say,
  };
}

function readEndpoints(options: AuthClientOptions, base: string | undefined): Endpoints {
  const refresh = target<RefreshFunction>(options.refresh, 'refresh', base);
  const signOut = target<SignOutFunction>(options.signOut, 'signOut', base);
  const refreshEndpoint = typeof refresh === 'object' ? refresh : undefined;
  const signOutEndpoint = typeof signOut === 'object' ? signOut : undefined;
  const refreshTime = refreshEndpoint?.timeout ?? options.refreshTimeout;
  const refreshTimeout = duration(refreshTime, 'refreshTimeout', 10_000);
  return {
    dialect: dialect(refreshEndpoint, 'refresh'),
    refresh,
    signOut: signOutEndpoint ? withClientId(signOutEndpoint, refreshEndpoint) : signOut,
    signOutDialect: dialect(signOutEndpoint, 'signOut'),
    refreshTimeout,
    signOutTimeout: duration(signOutEndpoint?.timeout, 'signOut.timeout', refreshTimeout),
  };
}

/** Whether a fetch of fetchWith refreshes and retries, and what sends, unless it is the client's own. */
export function readFetchOptions(options: FetchOptions): {
  retry: boolean;
  fetch: Fetch | undefined;
} {
  check(isObject(options), 'options must be an object', options);
  const { retry = true, fetch, ...others } = options;
  check(typeof retry === 'boolean', 'retry must be true or false', retry);
  const isFetch = fetch === undefined || typeof fetch === 'function';
  check(isFetch, 'fetch must be a function', fetch);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) refuse(`there is no option ${unknown} beside retry and fetch`);
  return { retry, fetch };
}

// A string or URL is short for an endpoint. Relative URLs mean what they mean now.
function target<Own>(
  value: string | URL | RefreshEndpoint | Own | undefined,
  option: string,
  base: string | undefined,
): RefreshEndpoint | Own | undefined {
  if (value === undefined || typeof value === 'function') return value;
  const endpoint = isUrl(value) ? { url: value } : (value as RefreshEndpoint);
  const usable = isObject(endpoint) && isUrl(endpoint.url);
  check(usable, `${option} must be a URL, an object with a url, or a function`, value);
  const url = String(endpoint.url);
  // Without a base it is absolute. React Native's own URL would put a slash behind it.
  return { ...endpoint, url: base === undefined ? url : pinUrl(url, base) };
}

// The sign-out is that of the client that refreshes, unless it says otherwise.
function withClientId(signOut: SignOutEndpoint, refresh?: RefreshEndpoint): SignOutEndpoint {
  const clientId = refresh?.clientId;
  return clientId === undefined ? signOut : { clientId, ...signOut };
}

function isUrl(value: unknown): value is string | URL {
  return typeof value === 'string' || value instanceof URL;
}

function dialect(endpoint: { dialect?: string } | undefined, option: string): number {
  if (endpoint?.dialect === undefined) return DIALECT.unknown;
  const index = (DIALECTS as readonly string[]).indexOf(endpoint.dialect);
  check(index > 0, `${option}.dialect must be 'oauth', 'json' or 'json_snake'`, endpoint.dialect);
  return index;
}

function origins(values: readonly (string | URL)[] = []): string[] {
  check(Array.isArray(values), 'origins must be an array', values);
  return values.map((value) => {
    const url = parseUrl(String(value));
    const isWild = String(value).includes('*');
    check(!isWild, 'origins must be named one by one, without wildcards', String(value));
    const isOrigin = url !== undefined && `${url.origin}/` === url.href;
    check(isOrigin, 'origins must be like https://api.example.com', String(value));
    return url.origin;
  });
}

// What has one form only.
function checkKinds(
  options: Record<'keepAlive' | 'name' | 'storage' | 'fetch' | 'clock' | 'debug', unknown>,
): void {
  const { keepAlive, name, storage, fetch, clock, debug } = options;
  check(typeof keepAlive === 'boolean', 'keepAlive must be true or false', keepAlive);
  check(typeof name === 'string' && name !== '', 'name must be a string, not empty', name);
  check(
    hasMethod(storage, 'get') && hasMethod(storage, 'set') && hasMethod(storage, 'remove'),
    'storage must have the functions get, set and remove',
    storage,
  );
  check(typeof fetch === 'function', 'fetch must be a function', fetch);
  check(hasMethod(clock, 'now'), 'clock must have the function now', clock);
  check(debug === false || typeof debug === 'function', 'debug must be true or a function', debug);
}

// C6: on a server nothing is asked at the start; in cookie mode nothing is so anywhere.
function presumption(option: AuthClientOptions['presume'], asks: boolean): () => number {
  if (option === undefined) return () => (asks ? PRESUMPTION.usually : PRESUMPTION.never);
  const named = typeof option === 'string';
  check(
    option === false || typeof option === 'function' || (named && option !== ''),
    "presume must be false, a cookie's name, or a function",
    option,
  );
  return () => {
    const known: unknown = named ? readCookie(option) !== undefined : option && option();
    // R13: a promise is no yes.
    if (isObject(known)) throw new TypeError();
    return known ? PRESUMPTION.always : PRESUMPTION.never;
  };
}

function checkCsrf(value: AuthClientOptions['csrf']): void {
  if (value === undefined || typeof value === 'function') return;
  const usable =
    isObject(value) &&
    (!('cookie' in value) ||
      (typeof value.cookie === 'string' && typeof value.header === 'string'));
  check(usable, 'csrf must be a function, or name a header, or both a cookie and a header', value);
}

function checkAnswers(tokens: unknown, identify: unknown, keep: unknown): void {
  for (const [name, value] of Object.entries({ tokens, identify })) {
    check(value === undefined || typeof value === 'function', `${name} must be a function`, value);
  }
  const names = Array.isArray(keep) && keep.every((name) => typeof name === 'string');
  check(names, 'keep must be an array of names', keep);
}
