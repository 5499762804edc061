// A client under random use by an app whose own functions (clock, storage, fetch, refresh, headers,
// listeners) throw, answer late, say anything, and call the client back in the middle of its work, to
// close it, too. What is thrown is an error of ours or the app's, never one of the module; every
// promise settles; and afterwards a new client signs in, refreshes and gets its answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  AuthError,
  createAuthClient,
  decodeJwt,
  decodeProtectedHeader,
  inspectJwt,
  isExpired,
  JwtError,
  type AuthClient,
  type AuthClientOptions,
  type TokenStorage,
} from 'bearerkit';

import { playRounds, someNumber, someText, someTime } from './support/fuzzing.ts';
import type { Random } from './support/random.ts';
import { RFC_TOKEN } from './support/tokens.ts';
import { settled, turns } from './support/wait.ts';

const API = 'https://api.example.com';

/** What the app's own functions throw. */
class AppError extends Error {}

/** What may come out of the package: F7 lets through what fetch and the app's functions throw. */
function checkError(error: unknown): void {
  if (error instanceof AppError || error instanceof JwtError) return;
  if (error instanceof AuthError) {
    assert.notEqual(error.code, 'core_failed');
    return;
  }
  const typed = error instanceof TypeError && !/detach|memory|bounds/i.test(error.message);
  const aborted = error instanceof DOMException && error.name === 'AbortError';
  assert.ok(typed || aborted, String(error instanceof Error ? error.stack : error));
}

class App {
  readonly clients: AuthClient[] = [];
  readonly promises: Promise<unknown>[] = [];
  readonly #random: Random;
  #depth = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** One call of the package, any one. */
  use(): void {
    const random = this.#random;
    const auth = random.pick(this.clients);
    const text = someText(random);
    const calls: (() => unknown)[] = [
      () => decodeJwt(text),
      () => decodeProtectedHeader(text),
      () => assert.equal(typeof inspectJwt(text).ok, 'boolean'),
      () => isExpired(text, { now: someNumber(random), leeway: someNumber(random) }),
      () => auth.setTokens(this.#tokens()),
      () => auth.setTokens(this.#tokens()),
      () => auth.getAccessToken(),
      () => auth.refresh(),
      () => auth.signOut(),
      () => auth.ready(),
      () => auth.getSnapshot(),
      () => auth.addEventListener(random.pick(['signedin', 'timeline']), () => this.#callBack()),
      () => auth.subscribe(() => this.#callBack()),
      () => (random.chance(0.2) ? auth.close() : auth.state),
    ];
    this.#try(random.chance(0.4) ? () => this.#fetch(auth) : random.pick(calls));
  }

  options(): AuthClientOptions {
    const random = this.#random;
    const length = (): number => (random.chance(0.9) ? 10_000 : someNumber(random));
    return {
      mode: random.pick(['bearer', 'hybrid', 'cookie']),
      origins: [API],
      storage: this.#storage(),
      refresh: random.pick([`${API}/refresh`, () => this.#answer(this.#tokens())]),
      signOut: random.pick([`${API}/logout`, () => this.#answer(0)]),
      csrf: () => this.#answer({ 'X-CSRF': random.word(5) }),
      keepAlive: random.chance(0.2),
      tabs: random.chance(0.3),
      leeway: random.chance(0.9) ? 0 : someNumber(random),
      refreshTimeout: length(),
      lockTimeout: length(),
      storageTimeout: length(),
      clock: {
        now: () => {
          this.#callBack();
          return someTime(random);
        },
      },
      fetch: () => this.#answer(undefined).then(() => this.#response()),
    };
  }

  #try(call: () => unknown): void {
    try {
      const result = call();
      if (result instanceof Promise) this.promises.push(Object.assign(result.catch(checkError), { what: call.toString() + ' depth ' + this.#depth, opts: this.seen, done: false }));
    } catch (error) {
      checkError(error);
    }
  }

  /** The app's own code has its turn: it may do anything. */
  #callBack(): void {
    if (this.#depth > 2 || this.clients.length === 0 || !this.#random.chance(0.1)) return;
    this.#depth++;
    this.use();
    this.#depth--;
  }

  /** An answer of the app's, at once or later, or an error. */
  #answer<T>(value: T): Promise<T> {
    this.#callBack();
    if (this.#random.chance(0.05)) throw new AppError('at once');
    return turns(this.#random.below(3)).then(() => {
      this.#callBack();
      if (this.#random.chance(0.1)) throw new AppError('later');
      return value;
    });
  }

  #tokens(): Record<string, unknown> {
    const found: unknown = (() => {
      try {
        return JSON.parse(someText(this.#random));
      } catch {
        return undefined;
      }
    })();
    const usual = { access_token: this.#random.word(9), refresh_token: 'r', expires_in: 900 };
    return typeof found === 'object' && found !== null ? { ...found } : usual;
  }

  #response(): Response {
    const random = this.#random;
    const status = random.pick([200, 200, 401, 401, 204, 400, 429, 503]);
    const body = random.chance(0.5) ? JSON.stringify(this.#tokens()) : someText(random);
    const headers = { 'www-authenticate': random.pick(['', 'Bearer error="invalid_token"', 'x']) };
    const response = new Response(status === 204 ? null : body, { status, headers });
    const callBack = (): void => this.#callBack();
    if (random.chance(0.8)) return response;
    return Object.defineProperty(response, 'status', {
      get() {
        callBack();
        return status;
      },
    });
  }

  #storage(): TokenStorage {
    let kept: string | null = this.#random.chance(0.5) ? someText(this.#random) : null;
    const later = this.#random.chance(0.3);
    const does = <T>(value: T): T | Promise<T> => {
      if (later) return this.#answer(value);
      this.#callBack();
      if (this.#random.chance(0.02)) throw new AppError('storage');
      return value;
    };
    const callBack = (): void => this.#callBack();
    const isShared = this.#random.chance(0.5);
    return {
      get: () => does(this.#random.chance(0.9) ? kept : someText(this.#random)),
      set: (_, value) => does((kept = value)),
      remove: () => does((kept = null)),
      get shared() {
        callBack();
        return isShared;
      },
    };
  }

  #fetch(auth: AuthClient): Promise<Response> {
    const random = this.#random;
    const url = random.pick([`${API}/a`, 'https://elsewhere.example', someText(random)]);
    // A URL that is made when it is looked at.
    const made = {
      toString: () => {
        this.#callBack();
        return url;
      },
    };
    const method = random.pick(['GET', 'POST']);
    const init = random.pick([
      undefined,
      { method, headers: { a: 'b' } },
      { method: 'POST', body: random.word(9) },
      { signal: AbortSignal.abort() },
    ]);
    return auth.fetchWithAuth(random.pick([url, made as URL]), init);
  }
}

async function checkUsable(): Promise<void> {
  assert.equal(decodeJwt(RFC_TOKEN).iss, 'joe');
  const auth = createAuthClient({
    origins: [API],
    refresh: () => Promise.resolve({ access_token: 'new', refresh_token: 'r2' }),
    fetch: (_, init) => {
      const isNew = new Headers(init?.headers).get('authorization') === 'Bearer new';
      return Promise.resolve(new Response(null, { status: isNew ? 200 : 401 }));
    },
  });
  await auth.setTokens({ access_token: 'old', refresh_token: 'r1' });
  assert.equal((await auth.fetchWithAuth(API)).status, 200);
  auth.close();
}

test('an app that does anything at any moment meets typed errors, and no client breaks another', async (t) => {
  await playRounds(t, 0.3, async (random) => {
    const app = new App(random);
    for (let count = 1 + random.below(3); count > 0; count--) {
      try {
        app.clients.push(createAuthClient(app.options()));
      } catch (error) {
        checkError(error);
      }
    }
    for (let step = 0; step < 60 && app.clients.length > 0; step++) {
      app.use();
      if (random.chance(0.3)) await turns(1);
    }
    for (const client of app.clients) client.close();
    for (const promise of app.promises) await settled(promise, 'a call of the package ' + JSON.stringify(promise));
    await settled(checkUsable(), 'the client that comes after');
  });
});
