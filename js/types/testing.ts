// What bearerkit/testing gives and takes.
import type { AuthClient } from './client.ts';
import type { AuthClientOptions } from './options.ts';
import type { JwtPayload, OAuthTokenResponse, TokenResponse } from './tokens.ts';

/**
 * What goes wrong, in the words of the project's own simulator. Of messages: `request_lost` (before the
 * server got it), `answer_lost` (after the server worked), `slow` (longer than a client waits),
 * `unavailable` (503), `bad_gateway` (502, after the server worked), `too_many` (429 with Retry-After),
 * `captive_portal` (an HTML 200, and the server saw nothing), `broken_answer` (cut off), `false_401` (a
 * good token refused), `unclear` (the refresh endpoint refuses in its own words, for a while). Of the
 * device: `outage` (no network for a while, for all tabs), `clock_jump` (the clock of a tab is set). What
 * a session may not survive, and is therefore met only when you name it: `storage_cleared`,
 * `storage_corrupt`, `storage_failed`, `banned` (the server ends all sessions).
 */
export type TestFault =
  | 'request_lost'
  | 'answer_lost'
  | 'slow'
  | 'unavailable'
  | 'bad_gateway'
  | 'too_many'
  | 'captive_portal'
  | 'broken_answer'
  | 'false_401'
  | 'unclear'
  | 'outage'
  | 'clock_jump'
  | 'storage_cleared'
  | 'storage_corrupt'
  | 'storage_failed'
  | 'banned';

/** Which messages: those to the refresh endpoint, or to all else. */
export type TestTarget = 'refresh' | 'api';

/** Which faults there are, and how often. */
export interface TestFaults {
  /** The same seed gives the same faults to the same calls. */
  seed: number;
  /**
   * How many of the messages meet one, from 0 to 1.
   * @default 0.2
   */
  rate?: number;
  /**
   * These, and no others. They are picked as often as the simulator does, the rare ones rarely.
   * @default all that a session survives
   */
  only?: readonly TestFault[];
}

/** A fault that a message has met. */
export interface MetFault {
  /** Which one. */
  fault: TestFault;
  /** The message: its method and its path. */
  message: string;
  /** When, in milliseconds since 1970. */
  at: number;
}

/** What a route is asked. */
export interface TestRequest {
  /** In capital letters. */
  readonly method: string;
  /** Absolute; its `searchParams` are the query. */
  readonly url: URL;
  /** What the names in the route stand for: `{ id: '7' }` for `GET /todos/:id`. */
  readonly params: Readonly<Record<string, string>>;
  /** As they were sent. */
  readonly headers: Headers;
  /** The claims of its token; null without a good one, as an open route may see. */
  readonly claims: JwtPayload | null;
  /** The body as JSON. */
  readonly json: () => Promise<unknown>;
  /** The body as text; empty without one. */
  readonly text: () => Promise<string>;
}

/** What a route answers: a body by one of `json` and `text`, or none. */
export interface TestAnswer {
  /** @default 200, and 204 without a body */
  status?: number;
  /** A body, and `Content-Type: application/json`. */
  json?: unknown;
  /** A body. */
  text?: string;
  /** The answer's headers. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Milliseconds of the virtual clock until it comes.
   * @default `0`
   */
  delay?: number;
}

/** A route: an answer, or a function that gives one, or a `Response`. */
export type TestRoute =
  TestAnswer | ((request: TestRequest) => TestAnswer | Response | Promise<TestAnswer | Response>);

/** What came to the server, and what it said. */
export interface TestCall {
  /** In capital letters. */
  method: string;
  /** The path, and before it the origin where it is another one. */
  path: string;
  /** The answer's status; 0 where none came. */
  status: number;
  /** The `Authorization` header's text, without `Bearer `. */
  token: string | null;
  /** When it was sent, in milliseconds since 1970. */
  at: number;
}

/** The scripted server. It checks the Bearer token by itself, and refreshes with rotation. */
export interface TestServer<Answer = TokenResponse> {
  /** The origin of the app and its API, as in a page. */
  readonly origin: string;
  /** All that came, in order; also what met a fault. */
  readonly calls: readonly TestCall[];
  /**
   * Answers a route, in place of what it answered before. A call without a good token gets a 401 that
   * says why, unless the route is `open`. What has no route gets a 404 that says so.
   *
   * @param route a method and a path: `GET /todos/:id`. Of another origin: `GET https://api.example.com/todos`
   * @param options.open whether it wants no token, as a login does. Default: false
   * @throws {TestAuthError} `bad_route`
   * @example
   * server.on('GET /todos/:id', ({ params }) => ({ json: { id: params.id } }));
   * server.on('POST /auth/login', () => ({ json: server.issue({ sub: 'ada' }) }), { open: true });
   */
  readonly on: (route: string, answer: TestRoute, options?: { readonly open?: boolean }) => void;
  /**
   * Begins a session, and gives what a login endpoint answers. The access token is a JWT that can be
   * decoded (RFC 7519 §6: unsecured, so no real server takes it). `iat` and `exp` are by the virtual clock.
   * In hybrid and cookie mode the refresh token is in a cookie.
   */
  readonly issue: (claims?: JwtPayload) => Answer;
}

/** The time of a test. It passes while a call waits for it, and when you say so. */
export interface TestClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Lets time pass, with all that happens in it. Resolves when everything has come to rest.
   * @throws {TestAuthError} `bad_option`
   * @example
   * await clock.advance(5 * 60_000);
   */
  readonly advance: (milliseconds: number) => Promise<void>;
  /** Resolves when all that can happen without time has happened, such as events and messages to tabs. */
  readonly settle: () => Promise<void>;
}

/** What a test is made with, besides the options of its client. */
export interface TestSettings<Answer = TokenResponse> {
  /**
   * What is random: ids of sessions, the backoff.
   * @default `1`
   * @example
   * createTestAuth({ seed: 7 });
   */
  seed?: number;
  /**
   * When the test begins: milliseconds since 1970, or a Date.
   * @default 2030-01-01
   * @example
   * createTestAuth({ now: new Date('2026-02-28') });
   */
  now?: number | Date;
  /**
   * The app's own origin, which relative URLs are relative to.
   * @default the origin of the test's page (jsdom, happy-dom); `http://localhost` where there is none
   * @example
   * createTestAuth({ origin: 'https://app.example.com' });
   */
  origin?: string;
  /**
   * The life of access tokens in seconds.
   * @default `300`
   * @example
   * createTestAuth({ expiresIn: 60 });
   */
  expiresIn?: number;
  /**
   * For how many seconds a refresh token that was redeemed gives the same tokens again, should the answer
   * have been lost. Later it is refused, and the session is over (RFC 9700 §4.14.2).
   * @default `600`
   * @example
   * createTestAuth({ grace: 0 }); // each lost answer ends the session
   */
  grace?: number;
  /**
   * How your server words its token answers, where the option `tokens` reads them.
   * @default as OAuth does (RFC 6749 §5.1)
   * @example
   * createTestAuth({
   *   tokens: (answer: { data: TokenResponse }) => answer.data,
   *   answers: (data) => ({ data }),
   * });
   */
  answers?: (tokens: OAuthTokenResponse) => Answer;
}

/** The options of a client whose network and clock are the test's. */
export type TestClientOptions<Answer = TokenResponse> = Omit<
  AuthClientOptions<Answer>,
  'fetch' | 'clock'
>;

/**
 * The settings of a test, and the options of its client, as `createAuthClient` takes them. Default of
 * `refresh` and `signOut`: what the test's server has, `/auth/refresh` and `/auth/logout`.
 */
export type TestAuthOptions<Answer = TokenResponse> = TestSettings<Answer> &
  TestClientOptions<Answer>;

/** A client, its platform and its server, for one test. All functions may be taken out of it. */
export interface TestAuth<Claims extends object = JwtPayload, Answer = TokenResponse> {
  /** The client: that of `createAuthClient`, in the first tab. */
  readonly auth: AuthClient<Claims, Answer>;
  /** The server. */
  readonly server: TestServer<Answer>;
  /** The time. */
  readonly clock: TestClock;
  /** The faults that were met, in order. */
  readonly met: readonly MetFault[];
  /**
   * Signs a user in, in place of who was there. Resolves when all tabs know.
   * @param options.claims of the access tokens, besides `iss`, `sub`, `jti`, `iat` and `exp`
   * @example
   * await world.signedIn({ claims: { sub: 'ada', role: 'admin' } });
   */
  readonly signedIn: (options?: {
    readonly claims?: Partial<Claims> & JwtPayload;
  }) => Promise<void>;
  /**
   * Puts the clock forward until the access token has run out. The next call refreshes.
   * @throws {TestAuthError} `signed_out` if nobody is signed in
   */
  readonly expire: () => Promise<void>;
  /**
   * The server takes back the access tokens that it gave: the next call gets a 401, and refreshes.
   */
  readonly revoke: () => void;
  /**
   * The next refresh is refused, and the session is over at the server.
   * @param error of OAuth (RFC 6749 §5.2). Default: `invalid_grant`
   * @example
   * world.refuseNext();
   * await world.expire();
   * await auth.fetchWithAuth('/todos'); // 401, and auth.state is 'signed-out'
   */
  readonly refuseNext: (error?: string) => void;
  /** No call gets through until {@link TestAuth.goOnline}. */
  readonly goOffline: () => void;
  /** The network is back, and the tabs are told, as by a browser. */
  readonly goOnline: () => void;
  /**
   * The next message meets this fault.
   * @param to the next one to this target. Default: any
   * @throws {TestAuthError} `bad_option`
   * @example
   * world.failNext('answer_lost', 'refresh');
   */
  readonly failNext: (fault: TestFault, to?: TestTarget) => void;
  /**
   * From now on messages meet faults, by a seed. `false` ends that.
   * @throws {TestAuthError} `bad_option`
   * @example
   * world.faults({ seed: 1, only: ['unavailable', 'answer_lost'] });
   */
  readonly faults: (faults: TestFaults | false) => void;
  /**
   * Opens another tab: a client with its own memory, and the storage, the locks and the messages of this
   * origin. After `auth.close()` it is the page after a reload.
   * @param options that differ from those of the test
   */
  readonly openTab: (options?: TestClientOptions<Answer>) => AuthClient<Claims, Answer>;
  /**
   * The platform of another tab, as options: for a client that your own code makes.
   * @example
   * const auth = createAuthClient({ ...myOptions, ...world.platform() });
   */
  readonly platform: () => Required<Pick<AuthClientOptions, 'fetch' | 'clock' | 'storage'>>;
  /** Closes all clients that it has opened. What is still under way is aborted. */
  readonly close: () => void;
}
