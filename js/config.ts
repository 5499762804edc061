// The options as the client uses them: checked, with defaults, in milliseconds. A bad one is
// refused by its name, without its value.
import { DIALECT, DIALECTS, MODE } from '#generated/abi';

import { csrfSource, type CsrfSource } from './effects/csrf.ts';
import { baseUrl, pinUrl } from './effects/origin.ts';
import { AuthError } from './errors.ts';
import { memoryStorage } from './storage/memory.ts';
import { webStorage } from './storage/web.ts';
import type {
  AuthClientOptions,
  Fetch,
  RefreshEndpoint,
  RefreshFunction,
  SignOutEndpoint,
  SignOutFunction,
  TokenStorage,
} from './types.ts';

export interface Config {
  /** MODE */
  mode: number;
  /** DIALECT; unknown unless set. */
  dialect: number;
  refresh: RefreshEndpoint | RefreshFunction | undefined;
  signOut: SignOutEndpoint | SignOutFunction | undefined;
  /** DIALECT; unknown: that of the tokens. */
  signOutDialect: number;
  storage: TokenStorage;
  /** Serialized origins, besides the page's own. */
  origins: string[];
  csrf: CsrfSource;
  leeway: number;
  refreshMargin: number;
  refreshTimeout: number;
  signOutTimeout: number;
  lockTimeout: number;
  storageTimeout: number;
  keepAlive: boolean;
  name: string;
  tabs: boolean;
  fetch: Fetch;
  now: () => number;
}

export function readOptions(options: AuthClientOptions): Config {
  check(isObject(options), 'options', 'must be an object');
  const { mode: modeName = 'bearer', keepAlive = false, name = 'bearerkit' } = options;
  check(Object.hasOwn(MODE, modeName), 'mode', "must be 'bearer', 'hybrid' or 'cookie'");
  check(typeof keepAlive === 'boolean', 'keepAlive', 'must be true or false');
  check(typeof name === 'string' && name !== '', 'name', 'must be a string that is not empty');
  const mode = MODE[modeName];
  const refresh =
    typeof options.refresh === 'function' ? options.refresh : endpoint(options.refresh, 'refresh');
  const refreshTimeout = duration(
    typeof refresh === 'object'
      ? (refresh.timeout ?? options.refreshTimeout)
      : options.refreshTimeout,
    'refreshTimeout',
    10_000,
  );
  const signOut =
    typeof options.signOut === 'function' ? options.signOut : endpoint(options.signOut, 'signOut');
  const signOutTimeout = typeof signOut === 'object' ? signOut.timeout : undefined;
  return {
    mode,
    dialect: dialect(typeof refresh === 'object' ? refresh.dialect : undefined, 'refresh.dialect'),
    refresh,
    signOut: withClientId(signOut, refresh),
    signOutDialect: dialect(
      typeof signOut === 'object' ? signOut.dialect : undefined,
      'signOut.dialect',
    ),
    storage: storage(options.storage, mode),
    origins: origins(options.origins ?? []),
    csrf: csrf(options.csrf),
    leeway: duration(options.leeway, 'leeway', 0) * 1000,
    refreshMargin: duration(options.refreshMargin, 'refreshMargin', 30) * 1000,
    refreshTimeout,
    signOutTimeout: duration(signOutTimeout, 'signOut.timeout', refreshTimeout),
    lockTimeout: duration(options.lockTimeout, 'lockTimeout', 15_000),
    storageTimeout: duration(options.storageTimeout, 'storageTimeout', 5_000),
    keepAlive,
    name,
    // A server has no tabs, and clients of several users in one process.
    tabs: options.tabs ?? baseUrl() !== undefined,
    fetch: fetchFunction(options.fetch),
    now: clock(options.clock),
  };
}

function check(holds: boolean, option: string, what: string): asserts holds {
  if (!holds) throw new AuthError('invalid_config', { option: `${option} ${what}` });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function duration(value: number | undefined, option: string, otherwise: number): number {
  if (value === undefined) return otherwise;
  check(Number.isFinite(value) && value >= 0, option, 'must be a number that is not negative');
  return value;
}

// A string or URL is short for an endpoint. Relative URLs mean what they mean now.
function endpoint(
  value: string | URL | RefreshEndpoint | SignOutEndpoint | undefined,
  option: string,
): RefreshEndpoint | undefined {
  if (value === undefined) return undefined;
  if (isUrl(value)) return { url: pin(value) };
  check(isObject(value), option, 'must be a URL, an object with a url, or a function');
  check(isUrl(value.url), `${option}.url`, 'must be a URL');
  return { ...value, url: pin(value.url) };
}

function isUrl(value: unknown): value is string | URL {
  return typeof value === 'string' || value instanceof URL;
}

function pin(url: string | URL): string {
  return pinUrl(String(url), baseUrl());
}

function withClientId(
  signOut: SignOutEndpoint | SignOutFunction | undefined,
  refresh: RefreshEndpoint | RefreshFunction | undefined,
): SignOutEndpoint | SignOutFunction | undefined {
  if (typeof signOut !== 'object' || typeof refresh !== 'object') return signOut;
  return refresh.clientId === undefined ? signOut : { clientId: refresh.clientId, ...signOut };
}

function dialect(name: string | undefined, option: string): number {
  if (name === undefined) return DIALECT.unknown;
  const index = (DIALECTS as readonly string[]).indexOf(name);
  check(index > 0, option, "must be 'oauth' or 'json'");
  return index;
}

// In cookie mode what is stored is no secret (C3), and the tabs need it.
function storage(value: TokenStorage | undefined, mode: number): TokenStorage {
  if (value === undefined) return mode === MODE.cookie ? webStorage('local') : memoryStorage();
  const usable =
    isObject(value) &&
    (['get', 'set', 'remove'] as const).every((name) => typeof value[name] === 'function');
  check(usable, 'storage', 'must have the functions get, set and remove');
  return value;
}

function origins(values: readonly (string | URL)[]): string[] {
  check(Array.isArray(values), 'origins', 'must be an array');
  return values.map((value) => {
    const url = parse(String(value));
    const bare = url !== undefined && `${url.origin}/` === url.href;
    check(bare, 'origins', 'must hold origins such as https://api.example.com, without a path');
    return url.origin;
  });
}

function parse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function csrf(value: AuthClientOptions['csrf']): CsrfSource {
  const usable = value === undefined || typeof value === 'function' || isObject(value);
  check(usable, 'csrf', 'must be an object or a function');
  if (isObject(value) && 'cookie' in value) {
    const named = typeof value.cookie === 'string' && typeof value.header === 'string';
    check(named, 'csrf', 'must name both the cookie and the header');
  }
  return csrfSource(value);
}

// Looked up at each call, for those who replace the global one later; and called as a plain
// function, for it must not be a method of anything else.
function fetchFunction(own: Fetch | undefined): Fetch {
  if (own === undefined) return (input, init) => globalThis.fetch(input, init);
  check(typeof own === 'function', 'fetch', 'must be a function');
  return (input, init) => own(input, init);
}

function clock(own: { now(): number } | undefined): () => number {
  if (own === undefined) return () => Date.now();
  check(typeof own.now === 'function', 'clock', 'must have the function now');
  return () => own.now();
}
