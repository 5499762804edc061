// The public types.
import type { FINDINGS, MODES, TIMELINE_CAUSES, WARNINGS } from '#generated/abi';

import type { JwtErrorCode, SignOutReason, TokenPart } from './errors.ts';

// ---- tokens ---------------------------------------------------------------------------------

/** The header of a JWT (RFC 7515 §4.1), as it was written by whoever made the token. */
export interface JwtHeader {
  alg?: string;
  typ?: string;
  cty?: string;
  kid?: string;
  crit?: string[];
  [name: string]: unknown;
}

/** The registered claims (RFC 7519 §4.1) and any others. Times are seconds since 1970. */
export interface JwtPayload {
  iss?: string;
  sub?: string;
  aud?: string | string[];
  exp?: number;
  nbf?: number;
  iat?: number;
  jti?: string;
  [name: string]: unknown;
}

/**
 * Something that a person who looks at a token should know of: `unsecured` (`alg: none`),
 * `missing_algorithm`, `critical_extension` (`crit`), `duplicate_header_member`, `duplicate_claim`,
 * `key_in_header` (`jwk`, `jku`, `x5u`, `x5c`), `missing_expiry`, `signature_mismatch`.
 */
export type JwtFinding = keyof typeof FINDINGS;

/** What `inspectJwt` tells. Nothing of it is verified. */
export type JwtInspection =
  | {
      ok: true;
      header: JwtHeader;
      claims: JwtPayload;
      /** The three parts as they stand in the token. */
      parts: { header: string; payload: string; signature: string };
      /** The time claims; null when absent, or beyond what a Date can hold. */
      times: { exp: Date | null; nbf: Date | null; iat: Date | null };
      findings: JwtFinding[];
    }
  | {
      ok: false;
      error: {
        code: JwtErrorCode | 'core_failed' | 'core_not_ready';
        part: TokenPart | null;
        /** A byte of the part's text (`invalid_base64url`) or of its decoded bytes. */
        offset: number | null;
        message: string;
      };
    };

/** A token response in the words of OAuth (RFC 6749 §5.1). `expires_in` is seconds. */
export interface OAuthTokenResponse {
  access_token?: string;
  refresh_token?: string | null;
  expires_in?: number | string | null;
  token_type?: string | null;
  [name: string]: unknown;
}

/** A token response in the camelCase of many JSON APIs. `expiresIn` is seconds. */
export interface JsonTokenResponse {
  accessToken?: string;
  refreshToken?: string | null;
  expiresIn?: number | string | null;
  tokenType?: string | null;
  [name: string]: unknown;
}

/** Either dialect; which one is told by the names of the members (R3). */
export type TokenResponse = OAuthTokenResponse | JsonTokenResponse;

// ---- options --------------------------------------------------------------------------------

/** `fetch`, without what particular engines add to it. */
export type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** How tokens are written to the server: as an OAuth form, or as camelCase JSON. */
export type Dialect = 'oauth' | 'json';

/** Where the tokens are, see {@link AuthClientOptions.mode}. */
export type Mode = (typeof MODES)[number];

/** A refresh answer, for {@link RefreshEndpoint.classify}. */
export interface RefreshFailure {
  status: number;
  /** The member `error` of a JSON object (RFC 6749 §5.2), where there is one. */
  error: string | undefined;
  /** The JSON value of the body, or its text where it is no JSON. */
  body: unknown;
}

/** An endpoint of the server that takes a refresh token and gives new tokens. */
export interface RefreshEndpoint {
  url: string | URL;
  /**
   * `oauth`: `POST` of a form with `grant_type=refresh_token` (RFC 6749 §6). `json`: `POST` of
   * `{"refreshToken": …}`. If left out, that of the tokens handed to `setTokens`.
   */
  dialect?: Dialect;
  /** Sent as `client_id` in the dialect `oauth`. */
  clientId?: string;
  /** How long to wait for the answer, in milliseconds; instead of `refreshTimeout`. */
  timeout?: number;
  /** More headers. */
  headers?: HeadersInit;
  /** Sends the access token as well, though it may have expired (R9). Default: false. */
  sendAccessToken?: boolean;
  /**
   * The app's own word on an answer that brought no tokens: does it end the session? `undefined`
   * leaves it to the rules (R6, R8). Is not heard on a success.
   */
  classify?: (failure: RefreshFailure) => 'transient' | 'terminal' | undefined;
}

/**
 * The app's own way to refresh. Gives a token response in either dialect, or the server's Response.
 * To end the session throw `new AuthError('refresh_rejected')`; any other error keeps it.
 * `refreshToken` is null in hybrid and cookie mode, and in a session without one.
 */
export type RefreshFunction = (context: {
  refreshToken: string | null;
  signal: AbortSignal;
}) => Promise<TokenResponse | Response>;

/** An endpoint that is told of a sign-out. */
export interface SignOutEndpoint {
  url: string | URL;
  /** `oauth`: a revocation (RFC 7009). `json`: `POST` of `{"refreshToken": …}`. */
  dialect?: Dialect;
  clientId?: string;
  /** How long to wait for the answer, in milliseconds. Default: that of the refresh. */
  timeout?: number;
  headers?: HeadersInit;
  /** Sends the access token as well. Default: false. */
  sendAccessToken?: boolean;
}

/** The app's own way to tell the server of a sign-out. What it throws is let go. */
export type SignOutFunction = (context: {
  refreshToken: string | null;
  accessToken: string | null;
  signal: AbortSignal;
}) => Promise<unknown>;

/** A request header with a fixed value, which no form and no foreign page can send. */
export interface StaticCsrf {
  /** Default: `X-CSRF` */
  header?: string;
  /** Default: `1` */
  value?: string;
}

/** Double submit: the value of a cookie that scripts may read, sent as a header. */
export interface CookieCsrf {
  cookie: string;
  header: string;
}

/** The app's own headers against CSRF. */
export type CsrfFunction = () => Record<string, string> | Promise<Record<string, string>>;

/**
 * A place for one string under one key. May answer at once or by a promise; `get` gives null or
 * undefined where there is none. What throws makes the client go on in memory (S2).
 */
export interface TokenStorage {
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  set(key: string, value: string): unknown;
  remove(key: string): unknown;
  /** Whether other tabs read and write the same record. Taken for true if left out. */
  readonly shared?: boolean;
}

/** The client's options. Lives of tokens are in seconds, as in JWTs; waits are in milliseconds. */
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
   * Origins that get the token, besides the page's own. `https` only, unless it is the loopback or
   * the page's own. Compared whole: no wildcards.
   */
  origins?: readonly (string | URL)[];
  /** The header of unsafe requests and refreshes in cookie mode, of refreshes in hybrid mode. */
  csrf?: StaticCsrf | CookieCsrf | CsrfFunction;
  /** What tells the server of a sign-out (best effort). Left out, it is not told. */
  signOut?: string | URL | SignOutEndpoint | SignOutFunction;
  /** Seconds by which an access token is taken to live longer than it says. Default: 0. */
  leeway?: number;
  /**
   * Seconds before its end from which a token is refreshed when it is used; at most a quarter of
   * its life. Default: 30.
   */
  refreshMargin?: number;
  /** Milliseconds that a refresh may take. Default: 10 000. */
  refreshTimeout?: number;
  /** Milliseconds to wait for another tab that refreshes. Default: 15 000. */
  lockTimeout?: number;
  /** Milliseconds that the storage may take. Default: 5 000. */
  storageTimeout?: number;
  /** Refreshes ahead of the token's end while the page is visible. Default: false. */
  keepAlive?: boolean;
  /** Tells clients of one origin apart: their records, locks and messages. Default: `bearerkit`. */
  name?: string;
  /**
   * Whether to tell other tabs of sign-in and sign-out, and to take turns with them. Default: true
   * in pages and workers; false where there is no page, as on a server.
   */
  tabs?: boolean;
  /** The fetch to use. Default: the global one, looked up at each call. */
  fetch?: Fetch;
  /** The clock: milliseconds since 1970. Default: `Date`. */
  clock?: { now(): number };
  /**
   * Says each event and each step of the timeline (L4) as a line of text: `true` to the console
   * (`console.debug`), or to a function. Lines hold no token, no URL and no body. Default: false,
   * which costs nothing.
   */
  debug?: boolean | ((line: string) => void);
}

/** The core as JavaScript: what `bearerkit/twin` exports. */
export interface Twin {
  readonly bearerkit_abi_version: () => number;
}

// ---- client ---------------------------------------------------------------------------------

/**
 * What the core runs as: WebAssembly, or JavaScript where that is not to be had (a policy without
 * `wasm-unsafe-eval`, Lockdown Mode).
 */
export type Engine = 'wasm' | 'js';

/** Whether somebody is signed in. A session that has yet to be restored counts as signed out. */
export type AuthState = 'signed-in' | 'signed-out';

/** What a view needs, the same object until it changes. */
export interface AuthSnapshot {
  readonly state: AuthState;
  /** See {@link AuthClient.claims}. */
  readonly claims: JwtPayload | null;
}

/** Something that went wrong and was dealt with. */
export type WarningCode = (typeof WARNINGS)[number];

/**
 * What happened, on the timeline (L4). Each request ends with one of `request_plain`,
 * `request_delivered`, `request_failed` and `request_aborted`; a call of getAccessToken or refresh
 * with `request_settled`.
 */
export type TimelineCause = (typeof TIMELINE_CAUSES)[number];

/** The `detail` of each event. No token, no URL, no body in any of them. */
export interface AuthEventDetails {
  /**
   * Somebody is signed in: by `setTokens`, in another tab (`elsewhere`), or the session of an
   * earlier visit was found (`restored`).
   */
  signedin: { elsewhere: boolean; restored: boolean };
  signedout: { reason: SignOutReason };
  /** There is a new access token, fetched by this tab or by another. */
  refreshed: { generation: number; elsewhere: boolean };
  /** A refresh failed for the moment; the session is kept. Milliseconds since 1970. */
  refreshfailed: { retryAt: number };
  warning: { code: WarningCode };
  /** `request` is 0 where it is about none; `at` is milliseconds since 1970. */
  timeline: { cause: TimelineCause; request: number; generation: number; at: number };
}

/** The names of the events. */
export type AuthEventType = keyof AuthEventDetails;

/** An event of a client. */
export type AuthEvent<Type extends AuthEventType = AuthEventType> = CustomEvent<
  AuthEventDetails[Type]
>;

/** A listener of a client: a function, or an object with `handleEvent`. */
export type AuthEventListener<Type extends AuthEventType = AuthEventType> =
  ((event: AuthEvent<Type>) => void) | { handleEvent(event: AuthEvent<Type>): void };

/** `fetch`, signed in. Made by `createAuthClient`. */
export interface AuthClient {
  /**
   * Like `fetch`, with the token for allowed origins: refreshes when it must, and sends a request
   * again once when its token was refused (RFC 6750). Bound: it may be taken off the client and
   * handed to others. Gives the very Response of `fetch`; when a refresh fails that is the server's
   * 401 with its body unread. Rejects as `fetch` does, with the reason of an aborted signal, and with
   * an AuthError only when the client is `closed` or has `too_many_requests` under way.
   * A stream as body is sent once and never again.
   */
  readonly fetchWithAuth: Fetch;
  /** Whether somebody is signed in, as far as this tab knows. See {@link AuthClient.ready}. */
  readonly state: AuthState;
  /**
   * The claims of the access token, not verified; null when there is none, in cookie mode, and when
   * the token is no JWT. The same object until the token changes.
   */
  readonly claims: JwtPayload | null;
  /**
   * What the core runs as, known at once. With `bearerkit/external` it is `wasm` until that was seen
   * to fail.
   */
  readonly engine: Engine;
  /**
   * Resolves once `state` is an answer: the storage has been read and, in hybrid mode, the first
   * refresh has ended. At once for memory and web storage, where there is WebAssembly.
   * @throws {AuthError} `core_failed`, as all that waits for the core does
   */
  ready(): Promise<AuthState>;
  /**
   * Begins a session with a token response in either dialect, whoever was signed in before. In
   * cookie mode it may hold no tokens. Resolves when the session is stored.
   * @throws {AuthError} `invalid_token_response`, `invalid_access_token`, `unsupported_token_type`,
   *   `closed`: nothing has changed then.
   */
  setTokens(response: TokenResponse): Promise<void>;
  /**
   * The access token, refreshed if it has expired; null when nobody is signed in and in cookie mode.
   * For WebSockets and the like: for requests `fetchWithAuth` does more.
   * @throws {AuthError} `refresh_failed` when it has expired and cannot be refreshed for the moment.
   */
  getAccessToken(): Promise<string | null>;
  /**
   * Refreshes now, whatever the clock says; joins a refresh that is under way.
   * @throws {AuthError} `refresh_failed` (the session is kept), `refresh_rejected` or `signed_out`.
   */
  refresh(): Promise<void>;
  /**
   * Ends the session: at once for this tab and its requests. Resolves when the storage is cleared
   * and the server was told, or that failed. Never rejects.
   */
  signOut(): Promise<void>;
  /** Lets go of timers, channels and listeners. The session stays in the storage. */
  close(): void;
  addEventListener<Type extends AuthEventType>(
    type: Type,
    listener: AuthEventListener<Type> | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends AuthEventType>(
    type: Type,
    listener: AuthEventListener<Type> | null,
    options?: boolean | EventListenerOptions,
  ): void;
  /**
   * Calls `listener` after each change of state or claims. Gives the function that ends it. Bound, as
   * `getSnapshot` is: the two may be handed to `useSyncExternalStore` and the like.
   */
  readonly subscribe: (listener: () => void) => () => void;
  /** State and claims as one object, the same until they change. */
  readonly getSnapshot: () => AuthSnapshot;
}
