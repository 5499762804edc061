// What a client tells its app.
import type { TIMELINE_CAUSES, WARNINGS } from '#generated/abi';

import type { SignOutReason } from '../errors.ts';
import type { Fetch } from './options.ts';
import type { JwtPayload, TokenResponse } from './tokens.ts';

/**
 * What the core runs as: WebAssembly, or JavaScript where that is not to be had (a policy without
 * `wasm-unsafe-eval`, Lockdown Mode).
 */
export type Engine = 'wasm' | 'js';

/**
 * Whether somebody is signed in, as far as this tab knows: the server may think otherwise. A session
 * that has yet to be restored counts as signed out.
 */
export type AuthState = 'signed-in' | 'signed-out';

/** What a view needs, the same object until it changes. */
export interface AuthSnapshot {
  /** See {@link AuthClient.state}. */
  readonly state: AuthState;
  /** See {@link AuthClient.claims}. */
  readonly claims: JwtPayload | null;
}

/** Something that went wrong and was dealt with. docs/ERRORS.md says of each when, and what to do. */
export type WarningCode = (typeof WARNINGS)[number];

/**
 * What happened, on the timeline (L4). Each request ends with one of `request_plain`,
 * `request_delivered`, `request_failed` and `request_aborted`; a call of getAccessToken or refresh
 * with `request_settled`.
 */
export type TimelineCause = (typeof TIMELINE_CAUSES)[number];

/** The `detail` of each event. No token, no URL, no body in any of them. */
export interface AuthEventDetails {
  /** Somebody is signed in. */
  signedin: {
    /** In another tab. */
    elsewhere: boolean;
    /** The session of an earlier visit was found. */
    restored: boolean;
  };
  /** The session is over. */
  signedout: {
    /** Why. */
    reason: SignOutReason;
  };
  /** There is a new access token. */
  refreshed: {
    /** Counts the token sets of the session, from 1. */
    generation: number;
    /** Fetched by another tab. */
    elsewhere: boolean;
  };
  /** A refresh failed for the moment; the session is kept. */
  refreshfailed: {
    /** When the next one is allowed, in milliseconds since 1970. */
    retryAt: number;
  };
  /** Something went wrong and was dealt with. */
  warning: {
    /** What. */
    code: WarningCode;
  };
  /** What happened to a request or a refresh, while somebody listens. */
  timeline: {
    /** What happened. */
    cause: TimelineCause;
    /** Names the request; 0 where it is about none. */
    request: number;
    /** Counts the token sets of the session, from 1; 0 without a session. */
    generation: number;
    /** Milliseconds since 1970. */
    at: number;
  };
}

/** The names of the events. */
export type AuthEventType = keyof AuthEventDetails;

/** An event of a client. */
export type AuthEvent<Type extends AuthEventType = AuthEventType> = CustomEvent<
  AuthEventDetails[Type]
>;

/** A listener of a client: a function, or an object with `handleEvent`. */
export type AuthEventListener<Type extends AuthEventType = AuthEventType> =
  | ((event: AuthEvent<Type>) => void)
  | {
      /** Called with each event. */
      handleEvent(event: AuthEvent<Type>): void;
    };

/** `fetch`, signed in. Made by `createAuthClient`. */
export interface AuthClient {
  /**
   * Like `fetch`, with the token for allowed origins: refreshes when it must, and sends a request
   * again once when its token was refused (RFC 6750). Bound: it may be taken off the client and
   * handed to others. Gives the very Response of `fetch`; when a refresh fails that is the server's
   * 401 with its body unread. A stream as body is sent once and never again.
   *
   * Rejects as `fetch` does, with the network's own error or the reason of an aborted signal.
   * @throws {AuthError} `closed` or `too_many_requests`; where there is no WebAssembly also
   *   `core_failed`, and `invalid_config` for what only the core can refuse of the options
   */
  readonly fetchWithAuth: Fetch;
  /** Whether somebody is signed in, as far as this tab knows. See {@link AuthClient.ready}. */
  readonly state: AuthState;
  /**
   * The claims of the access token (RFC 7519 §4), not verified; null when there is none, in cookie
   * mode, and when the token is no JWT. The same object until the token changes.
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
   * Begins a session with a token response in either dialect (RFC 6749 §5.1), whoever was signed in
   * before. In cookie mode it may hold no tokens. Resolves when the session is stored, or when the
   * storage has failed or taken longer than `storageTimeout`: the session then goes on in memory.
   * @throws {AuthError} `invalid_token_response`, `invalid_access_token`, `unsupported_token_type`,
   *   `closed`, `core_failed`: nothing has changed then
   */
  setTokens(response: TokenResponse): Promise<void>;
  /**
   * The access token, refreshed if it has expired; null when nobody is signed in and in cookie mode.
   * For WebSockets and the like: for requests `fetchWithAuth` does more. That the server takes it is
   * not certain: it may have been revoked.
   * @throws {AuthError} `refresh_failed` when it has expired and cannot be refreshed for the moment;
   *   `closed`, `too_many_requests`, `core_failed`
   */
  getAccessToken(): Promise<string | null>;
  /**
   * Refreshes now, whatever the clock says; joins a refresh that is under way (R1). Resolves when
   * the new tokens are stored, be they this tab's or another's.
   * @throws {AuthError} `refresh_failed` (the session is kept), `refresh_rejected` or `signed_out`;
   *   `closed`, `too_many_requests`, `core_failed`
   */
  refresh(): Promise<void>;
  /**
   * Ends the session (L1): at once for this tab and its requests, a moment later for other tabs.
   * Resolves when the storage is cleared and the server was told (RFC 7009), or that failed: it is
   * not certain that the server knows. Access tokens that were given out may work until they expire.
   * @throws {AuthError} `core_failed`, where there is no WebAssembly: nobody was signed out then
   */
  signOut(): Promise<void>;
  /**
   * Lets go of timers, channels and listeners; calls that wait, and later ones, reject with `closed`.
   * The session stays in the storage, and a refresh under way is still stored.
   */
  close(): void;
  /**
   * As every EventTarget has it, with the events of {@link AuthEventDetails}. What a listener throws
   * is reported like any uncaught error, and harms nothing (X5).
   */
  addEventListener<Type extends AuthEventType>(
    type: Type,
    listener: AuthEventListener<Type> | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** As every EventTarget has it. */
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
