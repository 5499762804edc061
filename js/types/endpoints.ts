// The server's endpoints, or the app's own functions in their place.
import type { TokenResponse } from './tokens.ts';

// F18: without `RequestInfo` and `HeadersInit`, which Bun's types do not have.

/** `fetch` of the Fetch standard, without additions of particular engines. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A `fetch` that the client signs, with what the platform's own has besides: `preconnect` in Bun. */
export type SignedFetch = Fetch & Pick<typeof fetch, keyof typeof fetch>;

/** Header fields, as `fetch` takes them. */
export type HeaderFields = NonNullable<RequestInit['headers']>;

/**
 * How tokens are sent to the server: as an OAuth form (RFC 6749), as camelCase JSON, or as JSON with
 * OAuth's names.
 */
export type Dialect = 'oauth' | 'json' | 'json_snake';

/** A refresh answer without tokens, for {@link RefreshEndpoint.classify}. */
export interface RefreshFailure {
  /** The HTTP status (RFC 9110 §15). */
  status: number;
  /** The member `error` of a JSON object (RFC 6749 §5.2), if there is one. */
  error: string | undefined;
  /** The JSON value of the body, or its text if it is no JSON. */
  body: unknown;
}

/** An endpoint of the server that takes a refresh token and gives new tokens. */
export interface RefreshEndpoint {
  /**
   * Where to `POST`. Relative to the page's address when the client is made.
   * @example
   * createAuthClient({ refresh: { url: '/auth/refresh' } });
   */
  url: string | URL;
  /**
   * `oauth`: `POST` of a form with `grant_type=refresh_token` (RFC 6749 §6). `json`: `POST` of
   * `{"refreshToken": …}`. `json_snake`: of `{"refresh_token": …}`.
   * @default the dialect of the tokens given to `setTokens`, `oauth` or `json`
   * @example
   * createAuthClient({ refresh: { url: '/auth/refresh', dialect: 'json_snake' } });
   */
  dialect?: Dialect;
  /**
   * Sent as `client_id` in the dialect `oauth` (RFC 6749 §2.3.1). Public: it is no secret.
   * @default none
   * @example
   * createAuthClient({ refresh: { url: 'https://id.example.com/oauth/token', clientId: 'my-app' } });
   */
  clientId?: string;
  /**
   * How long to wait for the answer, in milliseconds. Replaces `refreshTimeout`.
   * @default the option `refreshTimeout`
   * @example
   * createAuthClient({ refresh: { url: '/auth/refresh', timeout: 30_000 } });
   */
  timeout?: number;
  /**
   * More headers, read at each refresh. The client's own headers win.
   * @default none
   * @example
   * createAuthClient({ refresh: { url: '/auth/refresh', headers: { 'X-Api-Key': key } } });
   */
  headers?: HeaderFields;
  /**
   * Sends the access token as well (RFC 6750 §2.1), even an expired one
   * ([R9](../../docs/RULES.md#r9)). A session without a refresh token can then be refreshed
   * ([R20](../../docs/RULES.md#r20)).
   * @default `false`
   * @example
   * createAuthClient({ refresh: { url: '/auth/refresh', sendAccessToken: true } });
   */
  sendAccessToken?: boolean;
  /**
   * Lets the app decide whether an answer without tokens ends the session, whatever its status, also
   * 200. `undefined` leaves it to the rules ([R6](../../docs/RULES.md#r6),
   * [R8](../../docs/RULES.md#r8), [R17](../../docs/RULES.md#r17)). Not called on a success.
   * @default the rules decide
   * @example
   * createAuthClient({
   *   refresh: {
   *     url: '/auth/refresh',
   *     classify: ({ status }) => (status === 410 ? 'terminal' : undefined),
   *   },
   * });
   */
  classify?: (failure: RefreshFailure) => 'transient' | 'terminal' | undefined;
}

/**
 * The app's own function to refresh. It gives a token response in either dialect, or the server's
 * Response. To end the session, throw `new AuthError('refresh_rejected')`. Any other error keeps the
 * session, and the function is called again later ([R8](../../docs/RULES.md#r8)). All tabs that share
 * a storage make one call at a time, as far as a lock can ensure it ([X1](../../docs/RULES.md#x1)).
 * `refreshToken` is null in hybrid and cookie mode, and in a session without one.
 *
 * Do not call `fetchWithAuth`, `getAccessToken` or `refresh` of the client here: they would wait for
 * this very function. A call before its first `await` rejects with `waits_for_itself`. A later one
 * cannot be told from other calls, and waits until the refresh's timeout
 * ([R21](../../docs/RULES.md#r21)). Use `fetch`, which is the plain one.
 *
 * In hybrid and cookie mode pass `keepalive: true` to it: then the browser takes the new cookie also
 * when the page is reloaded meanwhile ([R25](../../docs/RULES.md#r25)).
 *
 * `Answer` is what the option `tokens` takes, if there is one.
 */
export type RefreshFunction<Answer = TokenResponse> = (context: {
  /** The refresh token to redeem. */
  refreshToken: string | null;
  /** The access token, even an expired one. Null in cookie mode, and where there is none. */
  accessToken: string | null;
  /** Aborted at the end of the refresh's timeout. A later result is dropped. */
  signal: AbortSignal;
  /** The client's plain `fetch`: it attaches nothing and waits for nothing. */
  fetch: Fetch;
}) => Promise<Answer | Response>;

/** An endpoint that the client calls at a sign-out. */
export interface SignOutEndpoint {
  /**
   * Where to `POST`. Relative to the page's address when the client is made.
   * @example
   * createAuthClient({ refresh: '/auth/refresh', signOut: { url: '/auth/logout' } });
   */
  url: string | URL;
  /**
   * `oauth`: a revocation (RFC 7009 §2.1). `json`: `POST` of `{"refreshToken": …}`. `json_snake`: of
   * `{"refresh_token": …}`.
   * @default the dialect of the refresh, else of the session's tokens
   * @example
   * createAuthClient({ refresh: '/auth/refresh', signOut: { url: '/auth/logout', dialect: 'json_snake' } });
   */
  dialect?: Dialect;
  /**
   * Sent as `client_id` in the dialect `oauth`.
   * @default the `clientId` of the refresh
   * @example
   * createAuthClient({ refresh: '/auth/refresh', signOut: { url: '/auth/logout', clientId: 'my-app' } });
   */
  clientId?: string;
  /**
   * How long to wait for the answer, in milliseconds.
   * @default the timeout of the refresh
   * @example
   * createAuthClient({ refresh: '/auth/refresh', signOut: { url: '/auth/logout', timeout: 2_000 } });
   */
  timeout?: number;
  /**
   * More headers. The client's own headers win.
   * @default none
   * @example
   * createAuthClient({
   *   refresh: '/auth/refresh',
   *   signOut: { url: '/auth/logout', headers: { 'X-Api-Key': key } },
   * });
   */
  headers?: HeaderFields;
  /**
   * Sends the access token as well (RFC 6750 §2.1).
   * @default `false`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', signOut: { url: '/auth/logout', sendAccessToken: true } });
   */
  sendAccessToken?: boolean;
}

/** The app's own function to tell the server of a sign-out. Its errors are ignored. */
export type SignOutFunction = (context: {
  /** The refresh token of the ended session; null if the page has none. */
  refreshToken: string | null;
  /** The access token of the ended session; null if the page has none. */
  accessToken: string | null;
  /** What was kept beside the tokens, such as the `id_token` ([L9](../../docs/RULES.md#l9)). */
  kept: Readonly<Record<string, unknown>>;
  /** Aborted at the end of the sign-out's timeout. */
  signal: AbortSignal;
}) => Promise<unknown>;
