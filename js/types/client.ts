// What a client tells its app.
import type { METHODS, TIMELINE_CAUSES, TOKEN_FLAWS, WARNINGS } from '#generated/abi';

import type { RefreshCause, SignOutReason } from '../errors.ts';
import type { SignedFetch } from './endpoints.ts';
import type { AccessTokenOptions, FetchOptions } from './options.ts';
import type { JwtPayload, TokenResponse } from './tokens.ts';

/**
 * Which build of the core runs: `wasm`, the WebAssembly build, or `js`, the JavaScript build where
 * WebAssembly cannot run (a policy without `wasm-unsafe-eval`, Lockdown Mode).
 */
export type Engine = 'wasm' | 'js';

/**
 * Whether somebody is signed in, as far as this tab knows. The server may have ended the session.
 * `restoring`: it is not known yet ([C5](../../docs/RULES.md#c5)). Show nothing then, or a placeholder.
 */
export type AuthState = 'signed-in' | 'signed-out' | 'restoring';

/** What a view needs to know. The same object until something in it changes. */
export interface AuthSnapshot<Claims extends object = JwtPayload> {
  /** See {@link AuthClient.state}. */
  readonly state: AuthState;
  /** See {@link AuthClient.claims}. */
  readonly claims: (Claims & JwtPayload) | null;
  /**
   * Why the last session ended, as the event `signedout` said it. Null if none ended since the page
   * was loaded. It stays when somebody signs in again.
   */
  readonly reason: SignOutReason | null;
}

/** A problem that the client has handled. docs/ERRORS.md says when each one comes, and what to do. */
export type WarningCode = Exclude<(typeof WARNINGS)[number], 'none'>;

/**
 * What of a token answer could not be used: the lifetime, the refresh token, the type, or what was to
 * be kept.
 */
export type TokenFlaw = keyof typeof TOKEN_FLAWS;

/**
 * What happened, on the timeline ([L4](../../docs/RULES.md#l4)). Each request ends with one of
 * `request_plain`, `request_delivered`, `request_failed` and `request_aborted`. A call of
 * getAccessToken or refresh ends with `request_settled`.
 */
export type TimelineCause = (typeof TIMELINE_CAUSES)[number];

/** The methods that the timeline knows by name ([L4](../../docs/RULES.md#l4)). */
export type Method = (typeof METHODS)[number];

/** The `detail` of each event. It holds no token, no URL and no body. */
export interface AuthEventDetails {
  /** Somebody is signed in. */
  signedin: {
    /** Whether the user signed in in another tab. */
    elsewhere: boolean;
    /** Whether it is the session of an earlier visit. */
    restored: boolean;
  };
  /** The session is over. */
  signedout: {
    /** Why it is over. */
    reason: SignOutReason;
    /** With `refresh_rejected`: why the refresh failed ([R19](../../docs/RULES.md#r19)). */
    cause?: RefreshCause;
  };
  /** There is a new access token. */
  refreshed: {
    /** Counts the token sets of the session, from 1. */
    generation: number;
    /** Whether another tab got it. */
    elsewhere: boolean;
  };
  /** A refresh failed; the session is kept. */
  refreshfailed: {
    /**
     * When the next one is allowed, in milliseconds since 1970. Infinity: the server has refused for
     * good, and the session ends with its access token ([R18](../../docs/RULES.md#r18)).
     */
    retryAt: number;
    /** Why it failed ([R19](../../docs/RULES.md#r19)). */
    cause?: RefreshCause;
  };
  /** A problem that the client has handled. */
  warning: {
    /** Which problem. */
    code: WarningCode;
    /** With `token_response_flaw`: what could not be used ([R4](../../docs/RULES.md#r4)). */
    flaws?: readonly TokenFlaw[];
  };
  /**
   * The server wants the user to sign in again, with more than before or more recently (RFC 9470): a
   * 401 with `insufficient_user_authentication` was delivered ([B11](../../docs/RULES.md#b11)). What
   * the challenge does not say is absent. All of it is the server's own text.
   */
  challenge: {
    /** The authentication contexts that will do, separated by spaces, the best one first. */
    acrValues?: string;
    /** How many seconds ago the user may have signed in at most. */
    maxAge?: number;
    /** The scope that is needed, separated by spaces (RFC 6750 §3). */
    scope?: string;
  };
  /** What happened to a request or a refresh. Sent only while somebody listens. */
  timeline: {
    /** What happened. */
    cause: TimelineCause;
    /** The number of the request; 0 if it is about no request. */
    request: number;
    /** Its method in capitals, one of {@link Method}; empty for any other one, and without a request. */
    method: Method | '';
    /** The status of the answer that came in; 0 if this is about no answer. */
    status: number;
    /** Counts the token sets of the session, from 1; 0 without a session. */
    generation: number;
    /** Milliseconds since 1970. */
    at: number;
  };
}

/** The names of the events. */
export type AuthEventType = keyof AuthEventDetails;

/** An event of a client: a plain object, so that it is the same on platforms without `CustomEvent`. */
export interface AuthEvent<Type extends AuthEventType = AuthEventType> {
  /** Which one it is. */
  readonly type: Type;
  /** What there is to say: see {@link AuthEventDetails}. */
  readonly detail: AuthEventDetails[Type];
  /** The client. */
  readonly target: AuthClient;
  /** The client, too. */
  readonly currentTarget: AuthClient;
}

/** A listener of a client: a function, or an object with `handleEvent`. */
export type AuthEventListener<Type extends AuthEventType = AuthEventType> =
  | ((event: AuthEvent<Type>) => void)
  | {
      /** Called with each event. */
      handleEvent(event: AuthEvent<Type>): void;
    };

/**
 * `fetch`, signed in. Made by `createAuthClient`. `Claims` are those of the access token, as the app knows
 * them: nothing checks them. `Answer` is what `setTokens` takes.
 */
export interface AuthClient<Claims extends object = JwtPayload, Answer = TokenResponse> {
  /**
   * Like `fetch`, with the token for allowed origins. Refreshes when needed, and retries a request
   * once when the server refused its token (RFC 6750). It is bound: you may pass it on without the
   * client. Gives the same Response object as `fetch`. When a refresh fails, this is the server's
   * 401 with its body unread. A stream as body is sent only once.
   *
   * Rejects as `fetch` does, with the network's own error or the reason of an aborted signal.
   * @throws {AuthError} `closed` or `too_many_requests`; where there is no WebAssembly also
   *   `core_failed`, and `invalid_config` for options that only the core can refuse
   */
  readonly fetchWithAuth: SignedFetch;
  /**
   * Gives a `fetch` like {@link AuthClient.fetchWithAuth}, with other habits. Make it once and keep
   * it. With `retry: false` a 401 is delivered, and starts no refresh
   * ([F9](../../docs/RULES.md#f9)): for a library with a retry of its own, and for requests that
   * must not be sent twice. A token that expires by the clock is still refreshed before it is sent.
   * With `fetch` that function sends the calls ([F17](../../docs/RULES.md#f17)); a refresh is still
   * sent by the client's own.
   * @throws {AuthError} `invalid_config` for an option that there is not
   * @example
   * const once = auth.fetchWith({ retry: false });
   * const response = await once('/api/orders', { method: 'POST', body: order });
   */
  fetchWith(options: FetchOptions): SignedFetch;
  /** Whether somebody is signed in, as far as this tab knows. See {@link AuthClient.ready}. */
  readonly state: AuthState;
  /**
   * The claims of the access token (RFC 7519 §4), not verified. Null without a token, in cookie
   * mode, and when the token is no JWT. The same object until the token changes.
   */
  readonly claims: (Claims & JwtPayload) | null;
  /**
   * What the option `keep` has kept of the token answers, frozen; empty when nobody is signed in
   * ([L9](../../docs/RULES.md#l9)). The same object until it changes.
   */
  readonly kept: Readonly<Record<string, unknown>>;
  /**
   * Which build of the core runs, known at once. With `bearerkit/external` it is `wasm` until
   * WebAssembly has failed.
   */
  readonly engine: Engine;
  /**
   * Resolves when `state` is no longer `restoring`, and gives it: the storage has been read and, in
   * hybrid mode without a stored session, the first refresh has ended. Resolves at once for memory
   * and web storage, where there is WebAssembly. In hybrid mode `signed-in` does not mean that the
   * token is there: calls wait for it.
   * @throws {AuthError} `core_failed` when the core cannot be loaded
   */
  ready(): Promise<AuthState>;
  /**
   * Begins a session with a token response in either dialect (RFC 6749 §5.1), and replaces any
   * session before it. In cookie mode the response may hold no tokens. Resolves when the session is
   * stored. If the storage fails or takes longer than `storageTimeout`, it resolves as well, and the
   * session goes on in memory.
   * @throws {AuthError} `invalid_token_response`, `invalid_access_token`, `unsupported_token_type`,
   *   `closed`, `core_failed`: nothing has changed then. `cause` is what the option `tokens` threw
   */
  setTokens(response: Answer): Promise<void>;
  /**
   * The access token, refreshed if it has expired. Null when nobody is signed in and in cookie mode.
   * Use it for WebSockets and the like; for requests `fetchWithAuth` does more. The server may
   * still refuse the token, for example after a revocation. Hand it back then as `refused`, and you
   * get another one. Several reports of one token start one refresh
   * ([E6](../../docs/RULES.md#e6)). A token that is not the current one is ignored.
   * @throws {AuthError} `refresh_failed` when it has expired or was refused, and the refresh failed
   *   for the moment; `closed`, `too_many_requests`, `core_failed`
   * @example
   * let token = await auth.getAccessToken();
   * if ((await upload(token)) === 401) {
   *   token = await auth.getAccessToken({ refused: token });
   *   await upload(token);
   * }
   */
  getAccessToken(options?: AccessTokenOptions): Promise<string | null>;
  /**
   * Refreshes now, whatever the clock says. Joins a running refresh
   * ([R1](../../docs/RULES.md#r1)). Resolves when the new tokens are stored, by this tab or another.
   * @throws {AuthError} `refresh_failed` (the session is kept), `refresh_rejected` or `signed_out`;
   *   `closed`, `too_many_requests`, `core_failed`
   */
  refresh(): Promise<void>;
  /**
   * Ends the session ([L1](../../docs/RULES.md#l1)): at once for this tab and its requests, a moment
   * later for other tabs. Resolves when the storage is cleared and the server was told (RFC 7009).
   * If telling the server fails, it resolves as well: the server may not know. Access tokens that
   * the server has issued may work until they expire.
   * @throws {AuthError} `core_failed`, where there is no WebAssembly: nobody was signed out then
   */
  signOut(): Promise<void>;
  /**
   * Stops timers, channels and listeners. Waiting and later calls reject with `closed`. The session
   * stays in the storage. A running refresh is still finished and stored.
   */
  close(): void;
  /**
   * As of an EventTarget, with the events of {@link AuthEventDetails}, which are plain objects
   * ({@link AuthEvent}). If a listener throws, the
   * error is reported like any uncaught error and does no harm ([X5](../../docs/RULES.md#x5)).
   */
  addEventListener<Type extends AuthEventType>(
    type: Type,
    listener: AuthEventListener<Type> | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** As of an EventTarget. */
  removeEventListener<Type extends AuthEventType>(
    type: Type,
    listener: AuthEventListener<Type> | null,
    options?: boolean | EventListenerOptions,
  ): void;
  /**
   * Calls `listener` after each change of the snapshot. Returns the function that ends this.
   * Bound, like `getSnapshot`: you may pass both to `useSyncExternalStore` and the like.
   */
  readonly subscribe: (listener: () => void) => () => void;
  /** State, claims and the last sign-out's reason as one object, the same until one changes. */
  readonly getSnapshot: () => AuthSnapshot<Claims>;
}
