// The client: the driver's surface for apps.
import { ERROR, REQUEST_FLAGS, REQUEST_KIND } from '#generated/abi';

import { claimsOf } from '../core/jwt.ts';
import { engine, type Core, type CoreSource } from '../core/loader.ts';
import { readFetchOptions, readOptions, type Config } from '../driver/config.ts';
import { Driver } from '../driver/driver.ts';
import { AuthError, authErrorCode } from '../errors.ts';
import { makeFetch } from '../fetch/fetch.ts';
import { makeLateFetch } from '../fetch/late_fetch.ts';
import { asOwnFetch } from '../fetch/own_fetch.ts';
import type {
  AccessTokenOptions,
  AuthClient,
  AuthClientOptions,
  AuthSnapshot,
  AuthState,
  Engine,
  FetchOptions,
  JwtPayload,
  SignedFetch,
  TokenResponse,
} from '../types.ts';
import { asJson, attempt, hasMethod, nothing } from '../values.ts';
import { AuthEvents } from './events.ts';
import { createNarrator } from './narrator.ts';

// All of them, in the order of their documentation.
const EVENTS = [
  'signedin',
  'signedout',
  'refreshed',
  'refreshfailed',
  'warning',
  'challenge',
  'timeline',
] as const;

const NOT_LISTED = ' If that call needs the token, name its origin in the option origins.';
const NOTHING = Object.freeze({});

/** A client with the types that the app says: nothing of them is checked. */
export function newClient<Claims extends object, Answer>(
  source: CoreSource,
  options: AuthClientOptions<Answer> = {},
): AuthClient<Claims, Answer> {
  return new Client(source, options as AuthClientOptions) as AuthClient as AuthClient<
    Claims,
    Answer
  >;
}

/** `fetch`, signed in: see {@link AuthClient}. */
export class Client extends AuthEvents implements AuthClient {
  readonly fetchWithAuth: SignedFetch;
  readonly #source: CoreSource;
  readonly #config: Config;
  // Not before there is a core.
  #driver: Driver | undefined;
  #opening: Promise<Driver> | undefined;
  #closed = false;
  #failed = false;
  #timeline = false;
  #claims: JwtPayload | null = null;
  #claimsVersion = 0;
  #snapshot: AuthSnapshot = { state: 'restoring', claims: null, reason: null };

  constructor(source: CoreSource, options: AuthClientOptions) {
    const config = readOptions(options);
    super((on) => {
      this.#timeline = on;
      this.#driver?.setTimeline(on);
    });
    this.#source = source;
    this.#config = config;
    const { debug, name } = config;
    if (debug) {
      const narrate = createNarrator();
      for (const type of EVENTS) {
        this.addEventListener(type, ({ detail }) => {
          const line = narrate(type, detail);
          // B10
          const isAdvised = 'code' in detail && detail.code === 'origin_not_listed';
          if (line) debug(`${name} ${line}${isAdvised ? NOT_LISTED : ''}`);
        });
      }
    }
    const core = source();
    if (core instanceof Promise) this.#open().catch(nothing);
    else this.#start(core);
    this.fetchWithAuth = this.#makeFetch(0);
  }

  get engine(): Engine {
    return engine;
  }

  get state(): AuthState {
    // C5: without a core nothing is known; where there is none to be had, nobody is signed in.
    return (
      this.#driver?.session.state() ?? (this.#closed || this.#failed ? 'signed-out' : 'restoring')
    );
  }

  get claims(): JwtPayload | null {
    const driver = this.#driver;
    if (driver === undefined || driver.closed()) return null;
    const tokenVersion = driver.session.tokenVersion();
    if (tokenVersion !== this.#claimsVersion) {
      this.#claimsVersion = tokenVersion;
      this.#claims = readClaims(this.#source, driver.session.accessToken());
    }
    return this.#claims;
  }

  async ready(): Promise<AuthState> {
    await this.#do((driver) => driver.ready());
    return this.state;
  }

  get kept(): Readonly<Record<string, unknown>> {
    return this.#driver?.session.kept() ?? NOTHING;
  }

  async setTokens(response: TokenResponse): Promise<void> {
    checkAnswer(response);
    // Now: the app may change its object while the core is loading.
    const given = asJson(response);
    return this.#do(async (driver) => {
      const error = driver.signIn(given);
      if (error !== ERROR.none) {
        // Of what is wrong with the JSON nothing concerns the app, which handed in an object.
        throw new AuthError(authErrorCode(error) ?? 'invalid_token_response');
      }
      await driver.stored();
    });
  }

  fetchWith(options: FetchOptions): SignedFetch {
    const { retry, fetch } = readFetchOptions(options);
    return this.#makeFetch(retry ? 0 : REQUEST_FLAGS.no_retry, fetch);
  }

  getAccessToken(options?: AccessTokenOptions): Promise<string | null> {
    return this.#do((driver) => driver.call(REQUEST_KIND.token, options?.refused));
  }

  refresh(): Promise<void> {
    return this.#do(async (driver) => {
      await driver.call(REQUEST_KIND.refresh);
    });
  }

  signOut(): Promise<void> {
    return this.#do((driver) => driver.signOut());
  }

  close(): void {
    this.#closed = true;
    this.#driver?.close();
  }

  // With REQUEST_FLAGS of all its requests, and with what sends them.
  #makeFetch(flags: number, fetch = this.#config.fetch): SignedFetch {
    const driver = this.#driver;
    return asOwnFetch(
      driver
        ? makeFetch(driver, flags, fetch)
        : makeLateFetch(
            this.#config.world,
            () => this.#open().then((opened) => makeFetch(opened, flags, fetch)),
            fetch,
          ),
    );
  }

  #start(core: Core): Driver {
    const driver = new Driver(
      core,
      this.#config,
      (type, detail) => this.emit(type, detail),
      () => this.#closed || this.tell(),
    );
    this.#driver = driver;
    driver.setTimeline(this.#timeline);
    if (this.#closed) driver.close();
    else driver.start();
    return driver;
  }

  // Once, but again after a failure: the network may be back.
  #open(): Promise<Driver> {
    this.#opening ??= Promise.resolve(this.#source())
      .then((core) => this.#start(core))
      .catch((error: unknown) => {
        this.#opening = undefined;
        this.#failed = true;
        this.tell();
        throw error;
      });
    return this.#opening;
  }

  // At once where there is a core: then the client's state has changed when the call returns.
  #do<T>(use: (driver: Driver) => Promise<T>): Promise<T> {
    return this.#driver ? use(this.#driver) : this.#open().then(use);
  }

  readonly getSnapshot = (): AuthSnapshot => {
    const { state, claims } = this;
    const reason = this.#driver?.session.reason() ?? null;
    const last = this.#snapshot;
    if (state !== last.state || claims !== last.claims || reason !== last.reason) {
      this.#snapshot = { state, claims, reason };
    }
    return this.#snapshot;
  };
}

// D9: a token that is no JWT is fine.
function readClaims(source: CoreSource, token: string | null): JwtPayload | null {
  return (token !== null && attempt(() => claimsOf<JwtPayload>(source, token))) || null;
}

// The commonest slips: both are objects, with nothing in them that could be read.
function checkAnswer(response: unknown): void {
  const what = hasMethod(response, 'then')
    ? 'a promise: await it'
    : hasMethod(response, 'json')
      ? 'a Response: pass what its json() gives'
      : '';
  if (what) throw new AuthError('invalid_token_response', { option: `setTokens got ${what}` });
}
