// The client: the driver's surface for apps.
import { ERROR, EVENTS, REQUEST_KIND } from '#generated/abi';

import { readOptions } from './config.ts';
import { loadCore } from './core.ts';
import { startDriver, type Driver } from './driver.ts';
import { AuthError, authErrorCode } from './errors.ts';
import { AuthEventTarget } from './events.ts';
import { makeFetch } from './fetch.ts';
import { decodeJwt } from './jwt.ts';
import type {
  AuthClient,
  AuthClientOptions,
  AuthSnapshot,
  AuthState,
  Fetch,
  JwtPayload,
  TokenResponse,
} from './types.ts';
import { attempt, isObject } from './values.ts';

/**
 * Makes a client: `fetch`, signed in. Starts at once, with what the storage holds; in hybrid mode
 * one quiet refresh tells whether there is a session. Patches nothing global.
 *
 * @throws {AuthError} `invalid_config` names the option that is wrong; `core_failed` where
 *   WebAssembly is not to be had.
 * @example
 * const auth = createAuthClient({ refresh: '/auth/refresh' });
 * await auth.setTokens(await (await fetch('/auth/login', login)).json());
 * const response = await auth.fetchWithAuth('/api/me');
 */
export function createAuthClient(options: AuthClientOptions = {}): AuthClient {
  return new Client(options);
}

class Client extends AuthEventTarget implements AuthClient {
  readonly fetchWithAuth: Fetch;
  readonly #driver: Driver;
  #claims: JwtPayload | null = null;
  #claimsVersion = 0;
  #snapshot: AuthSnapshot = { state: 'signed-out', claims: null };

  constructor(options: AuthClientOptions) {
    const config = readOptions(options);
    super((on) => {
      if (!this.#driver.closed()) this.#driver.machine.setTimeline(on);
    });
    this.#driver = startDriver(loadCore(), config, (type, detail) => this.emit(type, detail));
    this.fetchWithAuth = makeFetch(this.#driver);
    const { debug, name } = config;
    if (debug) {
      for (const type of EVENTS) {
        this.addEventListener(type, ({ detail }) =>
          debug([name, type, JSON.stringify(detail)].join(' ')),
        );
      }
    }
  }

  get state(): AuthState {
    return this.#driver.signedIn() ? 'signed-in' : 'signed-out';
  }

  get claims(): JwtPayload | null {
    if (this.#driver.closed()) return null;
    const tokenVersion = this.#driver.tokenVersion();
    if (tokenVersion !== this.#claimsVersion) {
      this.#claimsVersion = tokenVersion;
      this.#claims = readClaims(this.#driver.accessToken());
    }
    return this.#claims;
  }

  async ready(): Promise<AuthState> {
    await this.#driver.settled();
    return this.state;
  }

  async setTokens(response: TokenResponse): Promise<void> {
    const error = this.#driver.signIn(toJson(response));
    if (error !== ERROR.none) {
      // Of what is wrong with the JSON nothing concerns the app, which handed in an object.
      throw new AuthError(authErrorCode(error) ?? 'invalid_token_response');
    }
    await this.#driver.stored();
  }

  async getAccessToken(): Promise<string | null> {
    await this.#driver.call(REQUEST_KIND.token);
    return this.#driver.accessToken();
  }

  refresh(): Promise<void> {
    return this.#driver.call(REQUEST_KIND.refresh);
  }

  signOut(): Promise<void> {
    return this.#driver.signOut();
  }

  close(): void {
    this.#driver.close();
  }

  readonly getSnapshot = (): AuthSnapshot => {
    const { state, claims } = this;
    if (state !== this.#snapshot.state || claims !== this.#snapshot.claims) {
      this.#snapshot = { state, claims };
    }
    return this.#snapshot;
  };
}

// What cannot be written as JSON is no token response; the core says so of the empty text.
function toJson(response: unknown): string {
  return (isObject(response) && attempt(() => JSON.stringify(response))) || '';
}

// D9: a token that is no JWT is fine.
function readClaims(token: string | null): JwtPayload | null {
  return (token !== null && attempt(() => decodeJwt(token))) || null;
}
