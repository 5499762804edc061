// fetchWithAuth (F1–F8). Who waits, what is sent again and with which token is the core's to say.
import { REQUEST_FLAGS, VERDICT_FLAGS, VERDICT_ID_SHIFT } from '#generated/abi';

import type { Driver } from './driver.ts';
import { baseUrl } from './effects/origin.ts';
import { AuthError } from './errors.ts';
import { createRequest, describeRequest, signalOf } from './request.ts';
import type { Fetch } from './types.ts';
import { nothing } from './values.ts';

// With any of these the request is not the caller's own any more, or may be sent twice.
const CHANGED =
  VERDICT_FLAGS.with_token |
  VERDICT_FLAGS.credentials |
  VERDICT_FLAGS.csrf |
  VERDICT_FLAGS.tracked |
  VERDICT_FLAGS.without_credentials;
const PLAIN = VERDICT_FLAGS.go | VERDICT_FLAGS.with_token | VERDICT_FLAGS.tracked;
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
    const base = origins.base();
    if ((verdict & FLAGS) !== PLAIN) return createCall(driver, url, undefined, base).begin(verdict);
    const id = verdict >>> VERDICT_ID_SHIFT;
    const failed = (error: unknown): never => {
      driver.fail(id);
      throw error;
    };
    let answer: Promise<Response>;
    try {
      answer = fetch(url, { headers: { authorization: driver.authorization() } });
    } catch (error) {
      return failed(error);
    }
    return answer.then((response) => {
      if (response.status === UNAUTHORIZED || driver.closed()) {
        return createCall(driver, url, undefined, base).received(response, id);
      }
      if (machine.response(id, response.status) & VERDICT_FLAGS.effects) driver.drain();
      return response;
    }, failed);
  }

  return function fetchWithAuth(input, init) {
    try {
      if (driver.closed()) throw new AuthError('closed');
      if (typeof input === 'string' && init === undefined) return fetchUrl(input);
      const signal = signalOf(input, init);
      // F4
      if (signal?.aborted === true) throw signal.reason;
      const call = createCall(driver, input, init, baseUrl(), signal);
      return call.begin(machine.request(describeRequest(input, init, origins)));
    } catch (error) {
      // fetch never throws, it rejects: a getter of the caller's, or a body that was read already.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      return Promise.reject(error);
    }
  };
}

/** One call of fetchWithAuth, from the core's first word to the answer. */
interface Call {
  /** By the core's first word. */
  begin(verdict: number): Promise<Response>;
  /** The answer to a request that the core knows as `id`. */
  received(response: Response, id: number): Response | Promise<Response>;
}

function createCall(
  driver: Driver,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  base: string | undefined,
  signal?: AbortSignal,
): Call {
  const { machine, origins, config } = driver;
  const request = createRequest(input, init, base);
  let id = 0;
  // The 401 that is handed over should a refresh fail (F7), body unread.
  let answer: Response | undefined;

  function begin(verdict: number): Promise<Response> {
    if (verdict & VERDICT_FLAGS.refused) throw new AuthError('too_many_requests');
    id = verdict >>> VERDICT_ID_SHIFT;
    const waits = !(verdict & VERDICT_FLAGS.go);
    // Before the effects: they may bring a new token, which is not what the core meant here.
    const authorization = verdict & VERDICT_FLAGS.with_token ? driver.authorization() : '';
    try {
      if (waits || verdict & CHANGED) request.keep();
    } catch (error) {
      driver.fail(id);
      throw error;
    }
    if (waits) return wait();
    if (verdict & VERDICT_FLAGS.effects) driver.drain();
    return send(verdict, authorization);
  }

  function received(response: Response, known: number): Response | Promise<Response> {
    if (driver.closed()) return response;
    id = known;
    const { status, headers } = response;
    const verdict =
      status === UNAUTHORIZED
        ? machine.handle(
            'response',
            id,
            status,
            Number(endedAllowed(response)),
            headers.get('www-authenticate') ?? '',
          )
        : machine.response(id, status);
    if (!(verdict & VERDICT_FLAGS.go)) {
      request.keep();
      answer = response;
      return wait();
    }
    if (verdict & VERDICT_FLAGS.effects) driver.drain();
    return response;
  }

  // B8. An answer without a URL was made by the app's own fetch.
  function endedAllowed({ redirected, url }: Response): boolean {
    return !redirected || url === '' || origins.allows(url);
  }

  async function send(flags: number, authorization: string): Promise<Response> {
    const tracked = (flags & VERDICT_FLAGS.tracked) !== 0;
    let response: Response;
    try {
      const additions =
        flags & CHANGED
          ? {
              authorization,
              credentials: credentialsFor(flags),
              csrf:
                flags & VERDICT_FLAGS.csrf ? await unlessAborted(config.csrf(), signal) : undefined,
            }
          : undefined;
      response = await request.send(config.fetch, additions, tracked);
    } catch (error) {
      const aborted = signal?.aborted === true;
      if (tracked) {
        if (aborted) driver.abort(id);
        else driver.fail(id);
      }
      // F7: the network's own error; F4: but of an abort the caller's own reason, for which WebKit
      // has an error of its own.
      const isAbort = aborted && (error as { name?: unknown } | null)?.name === 'AbortError';
      throw isAbort ? signal.reason : error;
    }
    return tracked ? received(response, id) : response;
  }

  function wait(): Promise<Response> {
    request.pin();
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        driver.abort(id);
        // As fetch does: with what the caller gave, be it an Error or not.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        end(() => reject(signal?.reason));
      };
      // `keepsAnswer` false lets go of the connection: nobody will read it.
      const end = (settle: () => void, keepsAnswer = false): void => {
        signal?.removeEventListener('abort', abort);
        if (!keepsAnswer) {
          answer?.body?.cancel().catch(nothing);
          answer = undefined;
        }
        settle();
      };
      signal?.addEventListener('abort', abort);
      driver.wait(id, {
        send: (flags, authorization) => end(() => resolve(send(flags, authorization))),
        deliver: () => end(() => answer && resolve(answer), true),
        settle: (error) => end(() => reject(error ?? new AuthError('closed'))),
      });
      // Before there was a listener.
      if (signal?.aborted === true) abort();
    });
  }

  return { begin, received };
}

// F4: what the app's function gives, unless the caller gives up first.
async function unlessAborted<T>(value: T | Promise<T>, signal?: AbortSignal): Promise<T> {
  let abort = nothing;
  const aborted = new Promise<never>((_, reject) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function credentialsFor(flags: number): RequestCredentials | undefined {
  if (flags & VERDICT_FLAGS.without_credentials) return 'omit';
  return flags & VERDICT_FLAGS.credentials ? 'include' : undefined;
}
