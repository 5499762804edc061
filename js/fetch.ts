// fetchWithAuth (F1–F8). Who waits, what is sent again and with which token is the core's to say.
import { REQUEST_FLAGS, VERDICT_FLAGS, VERDICT_ID_SHIFT } from '#generated/abi';

import type { Driver, Waiter } from './driver.ts';
import { baseUrl } from './effects/origin.ts';
import { AuthError } from './errors.ts';
import { describeRequest, OutgoingRequest, signalOf } from './request.ts';
import type { Fetch } from './types.ts';

const { go, with_token, credentials, csrf, tracked, effects, refused, without_credentials } =
  VERDICT_FLAGS;

// With any of these the request is not the caller's own any more, or may be sent twice.
const CHANGED = with_token | credentials | csrf | tracked | without_credentials;
const FLAGS = (1 << VERDICT_ID_SHIFT) - 1;
const UNAUTHORIZED = 401;

/** Makes the client's fetchWithAuth. */
export function makeFetch(driver: Driver): Fetch {
  const { machine, origins, config } = driver;
  const { fetch } = config;

  // The plain path: a URL and nothing else, signed in, fresh. One crossing into the core, one
  // fetch, one crossing back; no Headers, no copy, one promise. All else is for a Call.
  function fetchUrl(url: string): Promise<Response> {
    const verdict = machine.request(origins.allows(url) ? 0 : REQUEST_FLAGS.foreign_origin);
    const { base } = origins;
    if ((verdict & FLAGS) !== (go | with_token | tracked)) {
      return new Call(driver, url, undefined, base).begin(verdict);
    }
    const id = verdict >>> VERDICT_ID_SHIFT;
    const init = { headers: { authorization: driver.authorization() } };
    const failed = (error: unknown): never => {
      driver.fail(id);
      throw error;
    };
    let answer: Promise<Response>;
    try {
      answer = fetch(url, init);
    } catch (error) {
      failed(error);
      throw error;
    }
    return answer.then((response) => {
      if (response.status === UNAUTHORIZED || driver.closed) {
        return new Call(driver, url, undefined, base).received(response, id);
      }
      if ((machine.response(id, response.status) & effects) !== 0) driver.drain();
      return response;
    }, failed);
  }

  return function fetchWithAuth(input, init) {
    if (driver.closed) return Promise.reject(new AuthError('closed'));
    try {
      if (typeof input === 'string' && init === undefined) return fetchUrl(input);
      const call = new Call(driver, input, init, baseUrl());
      return call.aborted ?? call.begin(machine.request(describeRequest(input, init, origins)));
    } catch (error) {
      // fetch never throws, it rejects: a getter of the caller's, or a body that was read already.
      return rejected(error);
    }
  };
}

/** One call of fetchWithAuth, from the core's first word to the answer. */
class Call implements Waiter {
  readonly #driver: Driver;
  readonly #request: OutgoingRequest;
  readonly #signal: AbortSignal | undefined;
  #id = 0;
  // The 401 that is handed over should a refresh fail (F7), body unread.
  #answer: Response | undefined;
  #resolve: (response: Response | Promise<Response>) => void = nothing;
  #reject: (reason: unknown) => void = nothing;

  constructor(
    driver: Driver,
    input: RequestInfo | URL,
    init: RequestInit | undefined,
    base: string | undefined,
  ) {
    this.#driver = driver;
    this.#request = new OutgoingRequest(input, init, base);
    this.#signal = signalOf(input, init);
  }

  /** A rejection, when the caller has aborted before calling (F4). */
  get aborted(): Promise<never> | undefined {
    return this.#signal?.aborted === true ? rejected(this.#signal.reason) : undefined;
  }

  begin(verdict: number): Promise<Response> {
    if ((verdict & refused) !== 0) return rejected(new AuthError('too_many_requests'));
    this.#id = verdict >>> VERDICT_ID_SHIFT;
    const waits = (verdict & go) === 0;
    // Before the effects: they may bring a new token, which is not what the core meant here.
    const authorization = (verdict & with_token) === 0 ? '' : this.#driver.authorization();
    try {
      if (waits || (verdict & CHANGED) !== 0) this.#request.keep();
    } catch (error) {
      this.#driver.fail(this.#id);
      throw error;
    }
    if (waits) return this.#wait();
    if ((verdict & effects) !== 0) this.#driver.drain();
    return this.#send(verdict, authorization);
  }

  /** The answer to a request that the core knows as `id`. */
  received(response: Response, id: number): Response | Promise<Response> {
    const { machine, closed } = this.#driver;
    if (closed) return response;
    this.#id = id;
    const verdict =
      response.status === UNAUTHORIZED
        ? machine.unauthorized(id, challenge(response), this.#endedAllowed(response))
        : machine.response(id, response.status);
    if ((verdict & go) === 0) {
      this.#request.keep();
      this.#answer = response;
      return this.#wait();
    }
    if ((verdict & effects) !== 0) this.#driver.drain();
    return response;
  }

  // ---- by the core's word ----

  send(flags: number, authorization: string): void {
    this.#stopWaiting();
    this.#dropAnswer();
    this.#resolve(this.#send(flags, authorization));
  }

  deliver(): void {
    this.#stopWaiting();
    if (this.#answer !== undefined) this.#resolve(this.#answer);
  }

  settle(error: AuthError | undefined): void {
    this.#stopWaiting();
    this.#dropAnswer();
    this.#reject(error ?? new AuthError('closed'));
  }

  // ---- ----

  async #send(flags: number, authorization: string): Promise<Response> {
    const { config } = this.#driver;
    let response: Response;
    try {
      response = await ((flags & CHANGED) === 0
        ? this.#request.sendUnchanged(config.fetch)
        : this.#request.send(
            config.fetch,
            {
              authorization,
              credentials: credentialsFor(flags),
              csrf: (flags & csrf) === 0 ? undefined : await config.csrf(),
            },
            (flags & tracked) !== 0,
          ));
    } catch (error) {
      throw this.#failed(error, flags);
    }
    return (flags & tracked) === 0 ? response : this.received(response, this.#id);
  }

  // F7: the network's own error; F4: but of an abort the caller's own reason, for which WebKit has
  // an error of its own.
  #failed(error: unknown, flags: number): unknown {
    const signal = this.#signal;
    const aborted = signal?.aborted === true;
    if ((flags & tracked) !== 0) {
      if (aborted) this.#driver.abort(this.#id);
      else this.#driver.fail(this.#id);
    }
    return aborted && (error as { name?: unknown } | null)?.name === 'AbortError'
      ? signal.reason
      : error;
  }

  #wait(): Promise<Response> {
    this.#request.pin();
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#signal?.addEventListener('abort', this.#abort);
      this.#driver.wait(this.#id, this);
      // Before there was a listener.
      if (this.#signal?.aborted === true) this.#abort();
    });
  }

  readonly #abort = (): void => {
    this.#stopWaiting();
    this.#driver.abort(this.#id);
    this.#dropAnswer();
    this.#reject(this.#signal?.reason);
  };

  #stopWaiting(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
  }

  // Lets go of the connection; nobody will read it.
  #dropAnswer(): void {
    this.#answer?.body?.cancel().catch(nothing);
    this.#answer = undefined;
  }

  // B8. An answer without a URL was made by the app's own fetch.
  #endedAllowed({ redirected, url }: Response): boolean {
    return !redirected || url === '' || this.#driver.origins.allows(url);
  }
}

function challenge(response: Response): string {
  return response.headers.get('www-authenticate') ?? '';
}

function credentialsFor(flags: number): RequestCredentials | undefined {
  if ((flags & without_credentials) !== 0) return 'omit';
  return (flags & credentials) === 0 ? undefined : 'include';
}

// As fetch rejects: with what the caller gave, be it an Error or not.
function rejected(reason: unknown): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
  return Promise.reject(reason);
}

function nothing(): void {}
