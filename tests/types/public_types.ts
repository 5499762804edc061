// A compile-time check of the package's types, as an app sees them: `npm run lint` compiles it.
// Nothing here runs. A line marked @ts-expect-error must not compile.
import {
  AuthError,
  createAuthClient,
  decodeJwt,
  decodeProtectedHeader,
  inspectJwt,
  isExpired,
  JwtError,
  memoryStorage,
  ready,
  webStorage,
  type AuthClient,
  type AuthErrorCode,
  type AuthEvent,
  type AuthEventDetails,
  type AuthEventType,
  type AuthSnapshot,
  type AuthState,
  type CookieTokenResponse,
  type Dialect,
  type Engine,
  type Fetch,
  type JsonTokenResponse,
  type JwtErrorCode,
  type JwtFinding,
  type JwtInspection,
  type JwtPayload,
  type Mode,
  type OAuthTokenResponse,
  type RefreshCause,
  type RefreshCauseKind,
  type SignOutReason,
  type SignedFetch,
  type TimelineCause,
  type TokenPart,
  type TokenResponse,
  type TokenStorage,
  type WarningCode,
} from 'bearerkit';
import core from 'bearerkit/bearerkit.wasm';
import * as external from 'bearerkit/external';
import javascript from 'bearerkit/javascript';

// Makes the compiler compare two types for being the same: `any`, `readonly` and `?` count.
/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/* eslint-enable @typescript-eslint/no-unnecessary-type-parameters */

/** `exactly<T>()(value)` compiles when the value's type is T, neither wider nor narrower, nor any. */
const exactly =
  <Expected>() =>
  <Actual>(value: Actual, ..._proof: Same<Actual, Expected> extends true ? [] : [never]): Actual =>
    value;

/** `same<A, B>()` compiles when the two are the same. */
const same = <A, B>(..._proof: Same<A, B> extends true ? [] : [never]): void => {};

// @ts-expect-error neither `any` nor a part of it is a union
same<'a' | 'b', any>(); // eslint-disable-line @typescript-eslint/no-explicit-any
// @ts-expect-error one of two is missing
same<'a' | 'b', 'a'>();
// @ts-expect-error may be absent, must be there
same<{ a?: number }, { a: number }>();

// ---- unions: an app switches over them ----

same<
  AuthEventType,
  'signedin' | 'signedout' | 'refreshed' | 'refreshfailed' | 'warning' | 'challenge' | 'timeline'
>();
same<
  SignOutReason,
  | 'signed_out'
  | 'signed_out_elsewhere'
  | 'refresh_rejected'
  | 'expired'
  | 'storage_corrupt'
  | 'storage_cleared'
  | 'replaced'
>();
same<
  WarningCode,
  | 'storage_unavailable'
  | 'storage_slow'
  | 'lock_stolen'
  | 'platform_failed'
  | 'origin_not_listed'
  | 'token_response_flaw'
>();
same<
  RefreshCauseKind,
  'network' | 'timeout' | 'status' | 'not_json' | 'no_access_token' | 'oauth_error' | 'threw'
>();
same<Mode, 'bearer' | 'hybrid' | 'cookie'>();
same<Dialect, 'oauth' | 'json' | 'json_snake'>();
same<TokenPart, 'header' | 'payload' | 'signature'>();
same<JwtInspection['ok'], boolean>();
same<keyof Extract<JwtInspection, { ok: false }>, 'ok' | 'error'>();
same<TokenResponse, OAuthTokenResponse | JsonTokenResponse | CookieTokenResponse>();

// ---- decoding ----

interface Claims {
  level: number;
}

export function decoding(token: string): void {
  const claims = decodeJwt<{ role: 'admin' | 'user' }>(token);
  exactly<'admin' | 'user'>()(claims.role);
  exactly<number | undefined>()(claims.exp);
  exactly<string | undefined>()(decodeJwt(token).sub);
  exactly<unknown>()(claims['anything']);
  // @ts-expect-error a claim nobody has named is not known to be a string
  exactly<string>()(claims['anything']);
  // An interface, too, and beside what a JWT has anyway.
  exactly<number>()(decodeJwt<Claims>(token).level);
  exactly<string | string[] | undefined>()(decodeJwt<Claims>(token).aud);
  // More than is known of every JWT may be said of its own claims.
  exactly<number>()(decodeJwt<{ exp: number }>(token).exp);
  // @ts-expect-error claims are an object
  decodeJwt<string>(token);
  // @ts-expect-error a token is a string
  decodeJwt(5);

  exactly<string | undefined>()(decodeProtectedHeader(token).alg);

  exactly<boolean>()(isExpired(token));
  isExpired(token, { now: new Date(), leeway: 5 });
  isExpired(token, { now: 1_700_000_000.5 });

  const seen = inspectJwt(token);
  if (seen.ok) {
    exactly<JwtFinding[]>()(seen.findings);
    exactly<Date | null>()(seen.times.exp);
    exactly<JwtPayload>()(seen.claims);
  } else {
    exactly<JwtErrorCode | 'core_failed' | 'core_not_ready'>()(seen.error.code);
    exactly<number | null>()(seen.error.offset);
    // @ts-expect-error there are claims only when it is ok
    exactly<JwtPayload>()(seen.claims);
  }
  void exactly<Promise<void>>()(ready());
}

// ---- options ----

const own: TokenStorage = { get: async () => null, set: async () => {}, remove: () => {} };

export const clients: AuthClient[] = [
  createAuthClient(),
  createAuthClient({ refresh: '/auth/refresh', storage: webStorage('local') }),
  createAuthClient({ mode: 'hybrid', refresh: '/refresh', presume: 'signed_in' }),
  createAuthClient({ mode: 'hybrid', refresh: '/refresh', presume: () => true }),
  createAuthClient({ mode: 'cookie', refresh: '/refresh', presume: false }),
  createAuthClient({ refresh: new URL('https://id.example.com/token'), storage: memoryStorage() }),
  createAuthClient({
    refresh: {
      url: '/oauth/token',
      dialect: 'oauth',
      clientId: 'app',
      timeout: 5_000,
      headers: { 'x-app': '1' },
      sendAccessToken: true,
      classify: ({ status, error }) =>
        status === 409 || error === 'gone' ? 'terminal' : undefined,
    },
    signOut: { url: '/oauth/revoke', dialect: 'oauth' },
    storage: own,
    mode: 'hybrid',
    origins: ['https://api.example.com', new URL('https://cdn.example.com')],
    csrf: { cookie: 'XSRF-TOKEN', header: 'X-XSRF-TOKEN' },
    leeway: 5,
    refreshMargin: 60,
    refreshTimeout: 10_000,
    keepAlive: true,
    name: 'shop',
    fetch: globalThis.fetch,
    clock: Date,
    debug: (line) => void exactly<string>()(line),
  }),
  createAuthClient({
    refresh: async ({ refreshToken, accessToken, signal, fetch }) => {
      exactly<string | null>()(refreshToken);
      exactly<string | null>()(accessToken);
      const response = await fetch('/refresh', { method: 'POST', body: refreshToken, signal });
      if (response.status === 410) throw new AuthError('refresh_rejected');
      return response;
    },
    signOut: async ({ refreshToken, accessToken, kept, signal }) => {
      exactly<string | null>()(refreshToken ?? accessToken);
      exactly<unknown>()(kept['id_token']);
      signal.throwIfAborted();
    },
    csrf: () => ({ 'x-token': '1' }),
  }),
  createAuthClient({ refresh: async () => ({ accessToken: 'a', expiresIn: 60 }), debug: true }),
  createAuthClient({
    identify: ({ user }) => (user as { id: number }).id,
    keep: ['id_token', 'scope'],
    refresh: { url: '/token', dialect: 'json_snake' },
  }),
  // @ts-expect-error names, not one name
  createAuthClient({ keep: 'id_token' }),
  createAuthClient({ csrf: { header: 'X-Requested-With', value: 'fetch' }, mode: 'cookie' }),
  // @ts-expect-error no such mode
  createAuthClient({ mode: 'cookies' }),
  // @ts-expect-error no such dialect
  createAuthClient({ refresh: { url: '/', dialect: 'xml' } }),
  // @ts-expect-error no such area
  createAuthClient({ storage: webStorage('global') }),
  // @ts-expect-error a storage removes, too
  createAuthClient({ storage: { get: () => null, set: () => {} } }),
  // @ts-expect-error no such option
  createAuthClient({ refreshUrl: '/refresh' }),
];

// ---- types of the app's own ----

interface Wrapped {
  data: { access: string };
}

export async function usingTypesOfTheApp(wrapped: Wrapped): Promise<void> {
  const auth = createAuthClient<{ role: 'user' | 'admin' }, Wrapped>({
    tokens: ({ data }) => ({ accessToken: data.access }),
    refresh: () => Promise.resolve(wrapped),
  });
  exactly<'user' | 'admin' | undefined>()(auth.claims?.role);
  exactly<'user' | 'admin' | undefined>()(auth.getSnapshot().claims?.role);
  exactly<string | undefined>()(auth.claims?.sub);
  await auth.setTokens(wrapped);
  // @ts-expect-error not what `tokens` takes
  await auth.setTokens({ access: 'a' });
  // By the function alone.
  const inferred = createAuthClient({
    tokens: (answer: Wrapped) => ({ accessToken: answer.data.access }),
  });
  await inferred.setTokens(wrapped);
}

// ---- client ----

export async function using(auth: AuthClient): Promise<void> {
  // Fits wherever a fetch is asked for.
  const asFetch: typeof globalThis.fetch = auth.fetchWithAuth;
  const { fetchWithAuth } = auth;
  exactly<SignedFetch>()(fetchWithAuth);
  const plain: Fetch = fetchWithAuth;
  exactly<Response>()(await plain('/'));
  exactly<Response>()(await asFetch('/'));
  await fetchWithAuth(new Request('/'), { signal: AbortSignal.timeout(5) });
  await fetchWithAuth(new URL('https://api.example.com/'), { method: 'POST', body: 'x' });

  exactly<AuthState>()(auth.state);
  exactly<'signed-in' | 'signed-out' | 'restoring'>()(auth.state);
  exactly<JwtPayload | null>()(auth.claims);
  exactly<Engine>()(auth.engine);
  exactly<Readonly<Record<string, unknown>>>()(auth.kept);
  exactly<'wasm' | 'js'>()(auth.engine);
  // @ts-expect-error the state is the core's to change
  auth.state = 'signed-in';

  await auth.setTokens({ access_token: 'a', refresh_token: 'r', expires_in: 60 });
  await auth.setTokens({ accessToken: 'a', refreshToken: null });
  await auth.setTokens({});
  await auth.setTokens({ expiresIn: 60 });
  // An app's own type, with members of its own.
  interface LoginAnswer {
    accessToken: string;
    user: { id: number };
  }
  const answer: LoginAnswer = { accessToken: 'a', user: { id: 1 } };
  await auth.setTokens(answer);
  // @ts-expect-error no such member
  await auth.setTokens({ token: 'a' });
  // @ts-expect-error misspelt: a slip of the pen
  await auth.setTokens({ accesToken: 'a' });
  // @ts-expect-error not the text of a response
  await auth.setTokens('{"access_token":"a"}');
  const token = exactly<string | null>()(await auth.getAccessToken());
  exactly<string | null>()(await auth.getAccessToken({ refused: token }));
  // @ts-expect-error not the token itself
  await auth.getAccessToken('token');
  exactly<SignedFetch>()(auth.fetchWith({ retry: false }));
  // @ts-expect-error no such option
  auth.fetchWith({ retries: 1 });
  exactly<AuthState>()(await auth.ready());
  const { subscribe, getSnapshot } = auth;
  exactly<AuthSnapshot>()(getSnapshot());
  exactly<SignOutReason | null>()(getSnapshot().reason);
  const stop: () => void = subscribe(() => {});
  stop();
  await auth.refresh();
  await auth.signOut();
  auth.close();
}

// ---- the other entries ----

export async function usingExternal(token: string): Promise<AuthClient> {
  void exactly<Promise<void>>()(external.init());
  await external.init(core);
  await external.init(javascript);
  await external.init(fetch('/bearerkit.wasm'));
  await external.init(new Uint8Array(8));
  void exactly<Promise<void>>()(external.ready());
  const claims = external.decodeJwt<{ role: 'admin' | 'user' }>(token);
  exactly<'admin' | 'user'>()(claims.role);
  // One class, whichever entry it is imported from.
  exactly<typeof AuthError>()(external.AuthError);
  return external.createAuthClient({ refresh: '/auth/refresh' });
}

// ---- events ----

export function listening(auth: AuthClient, signal: AbortSignal): void {
  auth.addEventListener('signedin', ({ detail }) => {
    exactly<{ elsewhere: boolean; restored: boolean }>()(detail);
  });
  auth.addEventListener('signedout', ({ detail }) => {
    exactly<SignOutReason>()(detail.reason);
    // @ts-expect-error no such reason
    if (detail.reason === 'bored') return;
  });
  auth.addEventListener('refreshed', ({ detail }) => {
    exactly<{ generation: number; elsewhere: boolean }>()(detail);
  });
  auth.addEventListener('refreshfailed', ({ detail }) => {
    exactly<{ retryAt: number; cause?: RefreshCause }>()(detail);
  });
  auth.addEventListener('warning', ({ detail }) => {
    exactly<WarningCode>()(detail.code);
  });
  const onTimeline = ({ detail }: AuthEvent<'timeline'>): void => {
    exactly<TimelineCause>()(detail.cause);
  };
  auth.addEventListener('timeline', onTimeline, { once: true, signal });
  auth.removeEventListener('timeline', onTimeline);
  // @ts-expect-error it listens to another event
  auth.addEventListener('signedin', onTimeline);
  same<AuthEvent['detail'], AuthEventDetails[AuthEventType]>();
  auth.addEventListener('signedin', {
    handleEvent: ({ detail }) => void exactly<boolean>()(detail.elsewhere),
  });
  // @ts-expect-error no such event
  auth.addEventListener('signedup', () => {});
}

/** Code that is the same for every event keeps its type. */
export const once = <Type extends AuthEventType>(
  auth: AuthClient,
  type: Type,
): Promise<AuthEventDetails[Type]> =>
  new Promise((resolve) => {
    auth.addEventListener(type, ({ detail }: AuthEvent<Type>) => resolve(detail), { once: true });
  });

// ---- errors ----

export function handling(error: unknown): string | number {
  if (error instanceof JwtError) {
    exactly<JwtErrorCode>()(error.code);
    exactly<'header' | 'payload' | 'signature' | undefined>()(error.part);
    return error.offset ?? 0;
  }
  if (error instanceof AuthError) {
    exactly<AuthErrorCode>()(error.code);
    exactly<SignOutReason | undefined>()(error.reason);
    exactly<RefreshCause | undefined>()(error.failure);
    // The code is a union to switch over.
    switch (error.code) {
      case 'refresh_failed':
        return error.retryAt ?? 0;
      case 'invalid_config':
      case 'invalid_access_token':
      case 'invalid_token_response':
      case 'unsupported_token_type':
      case 'refresh_rejected':
      case 'signed_out':
      case 'too_many_requests':
      case 'closed':
      case 'core_failed':
      case 'core_not_ready':
      case 'waits_for_itself':
        return error.message;
    }
  }
  return 0;
}
