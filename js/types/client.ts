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

/** Whether somebody is signed in. A session that has yet to be restored counts as signed out. */
export type AuthState = 'signed-in' | 'signed-out';

/** What a view needs, the same object until it changes. */
export interface AuthSnapshot {
  /** See {@link AuthClient.state}. */
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
  /** As every EventTarget has it, with the events of {@link AuthEventDetails}. */
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
