// What an app tells its client.
import type { MODES } from '#generated/abi';

import type {
  Fetch,
  RefreshEndpoint,
  RefreshFunction,
  SignOutEndpoint,
  SignOutFunction,
} from './endpoints.ts';
import type { TokenResponse } from './tokens.ts';

/** What a `fetch` of {@link AuthClient.fetchWith} does otherwise. */
export interface FetchOptions {
  /**
   * Whether a 401 starts a refresh and one retry. False: it is delivered
   * ([F9](../../docs/RULES.md#f9)).
   * @default `true`
   * @example
   * const once = auth.fetchWith({ retry: false });
   * await once('/change-password', { method: 'POST', body }); // a wrong password counts once
   */
  readonly retry?: boolean | undefined;
  /**
   * What sends the calls, instead of the client's own `fetch`
   * ([F17](../../docs/RULES.md#f17)): the one that SvelteKit gives to `load`, for instance.
   * @default the client's own
   * @example
   * const orders = await auth.fetchWith({ fetch })('/api/orders');
   */
  readonly fetch?: Fetch | undefined;
}

/** What {@link AuthClient.getAccessToken} may be told. */
export interface AccessTokenOptions {
  /**
   * The token that the server has just refused. Null is none.
   * @default `null`
   * @example
   * const newer = await auth.getAccessToken({ refused: token });
   */
  readonly refused?: string | null | undefined;
}

/** Where the tokens are, see {@link AuthClientOptions.mode}. */
export type Mode = (typeof MODES)[number];

/** A request header with a fixed value. No form and no foreign page can send it. */
export interface StaticCsrf {
  /**
   * The header's name.
   * @default `X-CSRF`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', csrf: { header: 'X-Requested-With' } });
   */
  header?: string;
  /**
   * Its value.
   * @default `1`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', csrf: { header: 'X-Requested-With', value: 'my-app' } });
   */
  value?: string;
}

/**
 * Double submit: the client reads a cookie that scripts may read, unescapes its value and sends it as
 * a header. Without that cookie no header is sent.
 */
export interface CookieCsrf {
  /** The cookie's name. */
  cookie: string;
  /** The header's name. */
  header: string;
}

/**
 * Gives the app's own headers against CSRF. Called before each request that carries them. If it
 * throws, a call rejects with that error, and a refresh counts as failed for the moment.
 */
export type CsrfFunction = () => Record<string, string> | Promise<Record<string, string>>;

/**
 * A place for one string under one key. It may answer at once or by a promise. `get` gives null or
 * undefined if there is no string. If a method throws, the client goes on in memory
 * ([S2](../../docs/RULES.md#s2)).
 */
export interface TokenStorage {
  /** The string under `key`. */
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  /** Stores the string, or replaces it, in one step. */
  set(key: string, value: string): unknown;
  /** Removes the string. */
  remove(key: string): unknown;
  /**
   * Whether other tabs read and write the same record.
   * @default `true`
   * @example
   * const inThisTab: TokenStorage = { get, set, remove, shared: false };
   */
  readonly shared?: boolean;
  /**
   * Where it is not shared: whether a tab that is duplicated, or that a page opens, begins with a copy,
   * as with `sessionStorage`. The tabs then hand new tokens to each other
   * ([X9](../../docs/RULES.md#x9)).
   * @default `false`
   * @example
   * const likeSessionStorage: TokenStorage = { get, set, remove, shared: false, copied: true };
   */
  readonly copied?: boolean;
}

/**
 * The client's options. Lives of tokens are in seconds, as in JWTs; waits are in milliseconds. The
 * client refuses an unusable option with `invalid_config` and names it. `Answer` is what the server
 * answers, where the option `tokens` finds the tokens in it.
 */
export interface AuthClientOptions<Answer = TokenResponse> {
  /**
   * How to refresh: a URL (`POST`, in the dialect of the tokens), an endpoint, or a function.
   * @default none: a session ends with its access token ([R12](../../docs/RULES.md#r12))
   * @example
   * createAuthClient({ refresh: 'https://id.example.com/oauth/token' });
   */
  refresh?: string | URL | RefreshEndpoint | RefreshFunction<NoInfer<Answer>>;
  /**
   * Where the session is kept.
   * @default `memoryStorage()`; in cookie and hybrid mode, in a page, `webStorage('local')`, since no
   * secret is stored there
   * @example
   * createAuthClient({ refresh: '/auth/refresh', storage: webStorage('local') });
   */
  storage?: TokenStorage;
  /**
   * Cookie and hybrid mode: whether there may be a session where nothing is stored. It is asked once,
   * when the client begins ([C8](../../docs/RULES.md#c8)). `false`: nobody is signed in until
   * `setTokens` or `refresh()`. A cookie's name: there may be a session if scripts see that cookie. A
   * function: if it gives true. Otherwise there may be one in a page. Hybrid mode then asks the server
   * at the start, unless there was a no within a day: the server's, or a sign-out that it did not hear
   * of ([C7](../../docs/RULES.md#c7)). On a server hybrid mode asks nothing ([C6](../../docs/RULES.md#c6)).
   * @default a session is possible in a page, and none on a server ([C6](../../docs/RULES.md#c6))
   * @example
   * createAuthClient({ mode: 'hybrid', refresh: '/auth/refresh', presume: 'signed-in' });
   */
  presume?: false | string | (() => boolean);
  /**
   * `bearer`: the page has both tokens. `hybrid`: the access token is in memory, the
   * refresh token in an HttpOnly cookie. `cookie`: the page never sees a token.
   * @default `bearer`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', mode: 'hybrid' });
   */
  mode?: Mode;
  /**
   * Origins (RFC 6454) that get the token, besides the page's own. `https` only, except loopback and
   * the page's own. Compared exactly: no wildcards ([B1](../../docs/RULES.md#b1)).
   * @default none but the page's own
   * @example
   * createAuthClient({ refresh: '/auth/refresh', origins: ['https://api.example.com'] });
   */
  origins?: readonly (string | URL)[];
  /**
   * The header of refreshes and sign-outs, and in cookie mode of all unsafe requests
   * ([C2](../../docs/RULES.md#c2)). It protects only if the server refuses
   * requests without it.
   * @default `X-CSRF: 1`
   * @example
   * createAuthClient({
   *   refresh: '/auth/refresh',
   *   mode: 'cookie',
   *   csrf: { cookie: 'XSRF-TOKEN', header: 'X-XSRF-TOKEN' },
   * });
   */
  csrf?: StaticCsrf | CookieCsrf | CsrfFunction;
  /**
   * For servers that refuse a token otherwise than by a 401: whether this answer is such a refusal.
   * It then counts as a 401 without a challenge ([R15](../../docs/RULES.md#r15)). Asked about each
   * answer to a request that carried the token or cookie. Not about a 401, unless its challenges say
   * nothing of the token (`jwt-auth`, `Basic`); and not about what is delivered anyway
   * (`retry: false`, a redirect that ended at a foreign origin). You may read the body: it is that of
   * a copy, made when you first ask for it. The call waits for a promise. If it throws, the answer is
   * delivered, and the error is reported like an uncaught one.
   * @default none: a 401 alone is a refusal
   * @example
   * createAuthClient({ refresh: '/auth/refresh', refused: ({ status }) => status === 419 });
   */
  refused?: (response: Response) => boolean | Promise<boolean>;
  /**
   * How to tell the server of a sign-out (best effort, [L1](../../docs/RULES.md#l1)).
   * @default none: the server is not told
   * @example
   * createAuthClient({ refresh: '/auth/refresh', signOut: '/auth/logout' });
   */
  signOut?: string | URL | SignOutEndpoint | SignOutFunction;
  /**
   * Seconds that an access token counts as valid after its end ([E1](../../docs/RULES.md#e1)).
   * At most 3600.
   * @default `0`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', leeway: 10 });
   */
  leeway?: number;
  /**
   * Seconds before a token's end in which its use starts a refresh; at most a quarter of its life
   * ([R11](../../docs/RULES.md#r11)). At most 86,400.
   * @default `30`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', refreshMargin: 60 });
   */
  refreshMargin?: number;
  /**
   * Milliseconds that a refresh may take ([R9](../../docs/RULES.md#r9)).
   * @default `10_000`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', refreshTimeout: 30_000 });
   */
  refreshTimeout?: number;
  /**
   * Milliseconds to wait for another tab that refreshes and shows no sign of life. Then its turn is
   * taken from it ([X2](../../docs/RULES.md#x2), [X10](../../docs/RULES.md#x10)).
   * @default `15_000`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', lockTimeout: 5_000 });
   */
  lockTimeout?: number;
  /**
   * Milliseconds that the storage may take. After that it counts as unchanged
   * ([R10](../../docs/RULES.md#r10)).
   * @default `5_000`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', storage, storageTimeout: 1_000 });
   */
  storageTimeout?: number;
  /**
   * Refreshes before the token expires while the page is visible ([R11](../../docs/RULES.md#r11)).
   * @default `false`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', keepAlive: true });
   */
  keepAlive?: boolean;
  /**
   * Keeps the records, locks and messages of several clients of one origin apart
   * ([S5](../../docs/RULES.md#s5)).
   * @default `bearerkit`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', name: 'admin' });
   */
  name?: string;
  /**
   * Whether to tell other tabs of sign-in and sign-out, and to take turns with them
   * ([X1](../../docs/RULES.md#x1), [X3](../../docs/RULES.md#x3)).
   * @default `true` in pages and workers; `false` where there is no page, as on a server
   * @example
   * createAuthClient({ refresh: '/auth/refresh', tabs: false });
   */
  tabs?: boolean;
  /**
   * Finds the tokens in an answer of the server, for `setTokens` and for each refresh alike: `(answer)
   * => answer.data`. If it throws, `setTokens` rejects with `invalid_token_response` and the error as
   * `cause`. If it throws or gives no access token at a refresh, the answer itself is read
   * ([R22](../../docs/RULES.md#r22)).
   * @default the answer itself
   * @example
   * createAuthClient({
   *   refresh: '/auth/refresh',
   *   tokens: (answer: { data: TokenResponse }) => answer.data,
   * });
   */
  tokens?(answer: Answer): TokenResponse;
  /**
   * Says whose tokens an answer holds, by a user's id: `(tokens) => tokens.user.id`. It takes what
   * `tokens` gives. If a refresh brings another user's tokens, the session is `replaced`
   * ([L5](../../docs/RULES.md#l5)). `undefined` is unknown, and counts as the same user.
   * @default `iss` and `sub` of the access token, where it is a JWT
   * @example
   * createAuthClient({ refresh: '/auth/refresh', identify: (tokens) => tokens['user_id'] as string });
   */
  identify?(tokens: TokenResponse & Record<string, unknown>): string | number | null | undefined;
  /**
   * Members of the token answers to keep as long as the session, such as `['id_token', 'scope']`: see
   * {@link AuthClient.kept}. They are stored with the tokens in mode `bearer`; in the other modes
   * they are in memory only, and a reload forgets them ([L9](../../docs/RULES.md#l9)). At most 16 KiB.
   * @default none
   * @example
   * createAuthClient({ refresh: '/auth/refresh', keep: ['id_token', 'scope'] });
   */
  keep?: readonly string[];
  /**
   * The fetch to use.
   * @default the global one, looked up at each call
   * @example
   * createAuthClient({
   *   refresh: '/auth/refresh',
   *   fetch: (input, init) => fetch(input, { ...init, cache: 'no-store' }),
   * });
   */
  fetch?: Fetch;
  /**
   * The clock: milliseconds since 1970.
   * @default `Date`
   * @example
   * createAuthClient({ refresh: '/auth/refresh', clock: { now: () => Date.now() + offset } });
   */
  clock?: {
    /** As `Date.now()`. */
    now(): number;
  };
  /**
   * Logs what happens, as lines of text: `true` to the console (`console.debug`), or to a function. A
   * call has one line when it ends, `GET #3 401 → refresh → sent again 200, 41 ms`; each event, and
   * each step of a refresh, has one, too. Lines hold no token, no URL and no body
   * ([L4](../../docs/RULES.md#l4)).
   * @default `false`, which costs nothing
   * @example
   * createAuthClient({ refresh: '/auth/refresh', debug: location.hostname === 'localhost' });
   */
  debug?: boolean | ((line: string) => void);
}

/** The JavaScript build of the core, as `bearerkit/javascript` exports it. */
export interface JavaScriptBuild {
  /** Compared before use: the JavaScript build of another release is refused. */
  readonly bearerkit_abi_version: () => number;
}

/**
 * What `import('bearerkit/javascript')` gives.
 */
export interface JavaScriptModule {
  /** The build itself. */
  readonly default: JavaScriptBuild;
}

/**
 * Loads the JavaScript build of the core: `() => import('bearerkit/javascript')`.
 */
export type JavaScriptSource = () => Promise<JavaScriptModule>;
