// What an app tells its client.
import type { MODES } from '#generated/abi';

import type { TokenResponse } from './tokens.ts';

/** `fetch` of the Fetch standard, without what particular engines add to it. */
export type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** How tokens are written to the server: as an OAuth form (RFC 6749), or as camelCase JSON. */
export type Dialect = 'oauth' | 'json';

/** Where the tokens are, see {@link AuthClientOptions.mode}. */
export type Mode = (typeof MODES)[number];

/** A refresh answer without tokens, for {@link RefreshEndpoint.classify}. */
export interface RefreshFailure {
  /** The HTTP status (RFC 9110 §15). */
  status: number;
  /** The member `error` of a JSON object (RFC 6749 §5.2), where there is one. */
  error: string | undefined;
  /** The JSON value of the body, or its text where it is no JSON. */
  body: unknown;
}

/** An endpoint of the server that takes a refresh token and gives new tokens. */
export interface RefreshEndpoint {
  /** Where to `POST`. Relative to the page as it is when the client is made. */
  url: string | URL;
  /**
   * `oauth`: `POST` of a form with `grant_type=refresh_token` (RFC 6749 §6). `json`: `POST` of
   * `{"refreshToken": …}`. If left out, that of the tokens handed to `setTokens`.
   */
  dialect?: Dialect;
  /** Sent as `client_id` in the dialect `oauth` (RFC 6749 §2.3.1). Public: it is no secret. */
  clientId?: string;
  /** How long to wait for the answer, in milliseconds; instead of `refreshTimeout`. */
  timeout?: number;
  /** More headers, read at each refresh. Those that the client sets itself go before. */
  headers?: HeadersInit;
  /** Sends the access token as well (RFC 6750 §2.1), though it may have expired (R9). Default: false. */
  sendAccessToken?: boolean;
  /**
   * The app's own word on an answer that brought no tokens: does it end the session? `undefined`
   * leaves it to the rules (R6, R8). Is not heard on a success.
   */
  classify?: (failure: RefreshFailure) => 'transient' | 'terminal' | undefined;
}

/**
 * The app's own way to refresh. Gives a token response in either dialect, or the server's Response.
 * To end the session throw `new AuthError('refresh_rejected')`; any other error keeps it, and the
 * function is called again later (R8). One call at a time in all tabs that share a storage, as far as
 * a lock can see to that (X1). `refreshToken` is null in hybrid and cookie mode, and in a session
 * without one.
 */
export type RefreshFunction = (context: {
  /** The one to redeem. */
  refreshToken: string | null;
  /** Aborted when the refresh's time is up: what comes later is let go. */
  signal: AbortSignal;
}) => Promise<TokenResponse | Response>;

/** An endpoint that is told of a sign-out. */
export interface SignOutEndpoint {
  /** Where to `POST`. Relative to the page as it is when the client is made. */
  url: string | URL;
  /**
   * `oauth`: a revocation (RFC 7009 §2.1). `json`: `POST` of `{"refreshToken": …}`. If left out, that
   * of the session's tokens.
   */
  dialect?: Dialect;
  /** Sent as `client_id` in the dialect `oauth`; that of the refresh, if left out. */
  clientId?: string;
  /** How long to wait for the answer, in milliseconds. Default: that of the refresh. */
  timeout?: number;
  /** More headers. Those that the client sets itself go before. */
  headers?: HeadersInit;
  /** Sends the access token as well (RFC 6750 §2.1). Default: false. */
  sendAccessToken?: boolean;
}

/** The app's own way to tell the server of a sign-out. What it throws is let go. */
export type SignOutFunction = (context: {
  /** That of the session that ended; null where the page has none. */
  refreshToken: string | null;
  /** That of the session that ended; null where the page has none. */
  accessToken: string | null;
  /** Aborted when the sign-out's time is up. */
  signal: AbortSignal;
}) => Promise<unknown>;

/** A request header with a fixed value, which no form and no foreign page can send. */
export interface StaticCsrf {
  /** Default: `X-CSRF` */
  header?: string;
  /** Default: `1` */
  value?: string;
}

/**
 * Double submit: the value of a cookie that scripts may read, unescaped and sent as a header. Without
 * that cookie no header is sent.
 */
export interface CookieCsrf {
  /** The cookie's name. */
  cookie: string;
  /** The header's name. */
  header: string;
}

/**
 * The app's own headers against CSRF, asked for before each request that carries them. When it throws,
 * a call rejects with that, and a refresh counts as failed for the moment.
 */
export type CsrfFunction = () => Record<string, string> | Promise<Record<string, string>>;

/**
 * A place for one string under one key. May answer at once or by a promise; `get` gives null or
 * undefined where there is none. What throws makes the client go on in memory (S2).
 */
export interface TokenStorage {
  /** The string under `key`. */
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  /** Puts it there, or replaces what is there, in one step. */
  set(key: string, value: string): unknown;
  /** Leaves nothing there. */
  remove(key: string): unknown;
  /** Whether other tabs read and write the same record. Taken for true if left out. */
  readonly shared?: boolean;
}

/**
 * The client's options. Lives of tokens are in seconds, as in JWTs; waits are in milliseconds. One that
 * cannot be used is refused with `invalid_config`, by its name.
 */
export interface AuthClientOptions {
  /**
   * How to refresh: a URL (`POST`; the dialect is that of the tokens), an endpoint, or a function.
   * Left out, a session ends when its access token does (R12).
   */
  refresh?: string | URL | RefreshEndpoint | RefreshFunction;
  /**
   * Where the session is kept. Default: `memoryStorage()`; in cookie mode, where what is kept is no
   * secret, `webStorage('local')`.
   */
  storage?: TokenStorage;
  /**
   * `bearer` (default): the page has both tokens. `hybrid`: the access token is in memory, the
   * refresh token in an HttpOnly cookie. `cookie`: the page never sees a token.
   */
  mode?: Mode;
  /**
   * Origins (RFC 6454) that get the token, besides the page's own. `https` only, unless it is the
   * loopback or the page's own. Compared whole: no wildcards (B1).
   */
  origins?: readonly (string | URL)[];
  /**
   * The header of unsafe requests and refreshes in cookie mode, of refreshes in hybrid mode (C2).
   * Default: `X-CSRF: 1`. It protects only if the server refuses what comes without it.
   */
  csrf?: StaticCsrf | CookieCsrf | CsrfFunction;
  /** What tells the server of a sign-out (best effort, L1). Left out, it is not told. */
  signOut?: string | URL | SignOutEndpoint | SignOutFunction;
  /** Seconds by which an access token is taken to live longer than it says (E1). Default: 0. */
  leeway?: number;
  /**
   * Seconds before its end from which a token is refreshed when it is used; at most a quarter of
   * its life (R11). Default: 30.
   */
  refreshMargin?: number;
  /** Milliseconds that a refresh may take (R9). Default: 10 000. */
  refreshTimeout?: number;
  /** Milliseconds to wait for another tab that refreshes, before its turn is taken from it (X2). Default: 15 000. */
  lockTimeout?: number;
  /** Milliseconds that the storage may take, before it counts as unchanged (R10). Default: 5 000. */
  storageTimeout?: number;
  /** Refreshes ahead of the token's end while the page is visible (R11). Default: false. */
  keepAlive?: boolean;
  /** Tells clients of one origin apart: their records, locks and messages (S5). Default: `bearerkit`. */
  name?: string;
  /**
   * Whether to tell other tabs of sign-in and sign-out, and to take turns with them (X1, X3).
   * Default: true in pages and workers; false where there is no page, as on a server.
   */
  tabs?: boolean;
  /** The fetch to use. Default: the global one, looked up at each call. */
  fetch?: Fetch;
  /** The clock: milliseconds since 1970. Default: `Date`. */
  clock?: {
    /** As `Date.now()`. */
    now(): number;
  };
  /**
   * Says each event and each step of the timeline (L4) as a line of text: `true` to the console
   * (`console.debug`), or to a function. Lines hold no token, no URL and no body. Default: false,
   * which costs nothing.
   */
  debug?: boolean | ((line: string) => void);
}

/** The core as JavaScript: what `bearerkit/twin` exports. */
export interface Twin {
  /** Compared before it is used: a twin of another release is refused. */
  readonly bearerkit_abi_version: () => number;
}
