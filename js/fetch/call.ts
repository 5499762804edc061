// One call of fetchWithAuth, from the core's first instruction to the answer.
import {
  ANSWER_FLAGS,
  INSTRUCTION_FLAGS,
  INSTRUCTION_ID_SHIFT,
  REQUEST_FLAGS,
} from '#generated/abi';

import type { Driver } from '../driver/driver.ts';
import { AuthError } from '../errors.ts';
import { discard, fieldOf, statusOf } from '../platform/answer.ts';
import { attempt, report } from '../values.ts';
import { unlessAborted } from './abort.ts';
import type { Origins } from './origins.ts';
import { createRequest, type Additions, type OutgoingRequest } from './request.ts';

export const UNAUTHORIZED = 401;

// With any of these the request is not the caller's own any more, or may be sent twice.
const CHANGED =
  INSTRUCTION_FLAGS.with_token |
  INSTRUCTION_FLAGS.credentials |
  INSTRUCTION_FLAGS.csrf |
  INSTRUCTION_FLAGS.tracked |
  INSTRUCTION_FLAGS.without_credentials;

export class Call {
  readonly #driver: Driver;
  readonly #origins: Origins;
  readonly #request: OutgoingRequest;
  readonly #signal: AbortSignal | undefined;
  #id = 0;
  // The 401 that is handed over should a refresh fail (F7), body unread.
  #answer: Response | undefined;

  /** `base` is what a relative URL is relative to at the time of the call. */
  constructor(
    driver: Driver,
    origins: Origins,
    input: RequestInfo | URL,
    init: RequestInit | undefined,
    base: string | undefined,
    signal?: AbortSignal,
  ) {
    this.#driver = driver;
    this.#origins = origins;
    this.#request = createRequest(input, init, base);
    this.#signal = signal;
  }

  /** By the core's first instruction. */
  begin(instruction: number): Promise<Response> {
    if (instruction & INSTRUCTION_FLAGS.refused) throw new AuthError('too_many_requests');
    this.#id = instruction >>> INSTRUCTION_ID_SHIFT;
    const goes = instruction & INSTRUCTION_FLAGS.go;
    const authorization =
      instruction & INSTRUCTION_FLAGS.with_token ? this.#driver.authorization() : '';
    return this.#orFail(() => {
      if (!goes || instruction & CHANGED) this.#request.keep();
      return goes ? this.#send(instruction, authorization) : this.#wait();
    });
  }

  /** The answer to a request that the core knows as `id`. */
  receive(response: Response, id: number): Response | Promise<Response> {
    this.#id = id;
    const mayRefuse = this.#driver.config.refused ? ANSWER_FLAGS.app_may_refuse : 0;
    return this.#orFail(() => this.#tell(response, statusOf(response), mayRefuse));
  }

  // `status`: that of the answer, or of what it counts as (R15). With ANSWER_FLAGS.
  #tell(response: Response, status: number, flags: number): Response | Promise<Response> {
    const driver = this.#driver;
    if (driver.closed()) return response;
    const refused = status === UNAUTHORIZED;
    return driver.response(
      this.#id,
      status,
      flags | (this.#endedAllowed(response) ? ANSWER_FLAGS.final_origin_allowed : 0),
      refused || driver.knowsEndpoints() ? this.#request.hashEndpoint() : 0,
      statusOf(response) === UNAUTHORIZED ? fieldOf(response, 'www-authenticate') : '',
      (instruction) => {
        if (instruction & INSTRUCTION_FLAGS.go) return response;
        if (instruction & INSTRUCTION_FLAGS.tracked) return this.#ask(response);
        this.#request.keep();
        this.#answer = response;
        return this.#wait();
      },
    );
  }

  // R15
  async #ask(response: Response): Promise<Response> {
    const signal = this.#signal;
    let status = statusOf(response);
    try {
      const { refused = () => false } = this.#driver.config;
      if (await unlessAborted(refused(withCopiedBody(response)), signal)) status = UNAUTHORIZED;
    } catch (error) {
      if (signal?.aborted === true) {
        this.#driver.abort(this.#id);
        void discard(response, signal.reason);
        throw signal.reason;
      }
      report(error);
    }
    return this.#orFail(() => this.#tell(response, status, 0));
  }

  // The core learns of it when the request cannot go on.
  #orFail<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      this.#driver.fail(this.#id);
      throw error;
    }
  }

  // B8. An answer without a URL was made by the app's own fetch.
  #endedAllowed({ redirected, url }: Response): boolean {
    const isForeign = (): number => this.#origins.flagsOf(url) & REQUEST_FLAGS.foreign_origin;
    return !redirected || url === '' || !isForeign();
  }

  async #send(flags: number, authorization: string): Promise<Response> {
    const tracked = (flags & INSTRUCTION_FLAGS.tracked) !== 0;
    const signal = this.#signal;
    const { fetch } = this.#driver.config;
    let response: Response;
    try {
      const additions = flags & CHANGED ? await this.#additions(flags, authorization) : undefined;
      response = await this.#request.send(fetch, additions, tracked);
    } catch (error) {
      const aborted = signal?.aborted === true;
      if (aborted) this.#request.drop(signal.reason);
      if (tracked) {
        if (aborted) this.#driver.abort(this.#id);
        else this.#driver.fail(this.#id);
      }
      // F7: the network's own error; F4: but of an abort the caller's own reason, for which WebKit
      // has an error of its own.
      const isAbort = aborted && (error as { name?: unknown } | null)?.name === 'AbortError';
      throw isAbort ? signal.reason : error;
    }
    return tracked ? this.receive(response, this.#id) : response;
  }

  // No promise unless there is something to wait for.
  #additions(flags: number, authorization: string): Additions | Promise<Additions> {
    const credentials = credentialsFor(flags);
    if (!(flags & INSTRUCTION_FLAGS.csrf)) return { authorization, credentials, csrf: undefined };
    return unlessAborted(this.#driver.config.csrf(), this.#signal).then((csrf) => ({
      authorization,
      credentials,
      csrf,
    }));
  }

  #wait(): Promise<Response> {
    const driver = this.#driver;
    const signal = this.#signal;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        driver.abort(this.#id);
        fail(signal?.reason);
      };
      const end = (goOn: () => void, keepsAnswer = false): void => {
        attempt(() => signal?.removeEventListener('abort', abort));
        if (!keepsAnswer) {
          void discard(this.#answer);
          this.#answer = undefined;
        }
        goOn();
      };
      const fail = (reason: unknown): void => {
        this.#request.drop(reason);
        // As fetch does: with what the caller gave, be it an Error or not.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        end(() => reject(reason));
      };
      driver.wait(this.#id, {
        send: (flags, authorization) => end(() => resolve(this.#send(flags, authorization))),
        deliver: () => end(() => this.#answer && resolve(this.#answer), true),
        finish: (error) => fail(error ?? new AuthError('closed')),
      });
      // What is no AbortSignal fetch will say.
      attempt(() => signal?.addEventListener('abort', abort));
      // Before there was a listener.
      if (signal?.aborted === true) abort();
    });
  }
}

// An answer as an app may look at it: its body is that of a copy, made when it is first asked for.
function withCopiedBody(response: Response): Response {
  let copy: Response | undefined;
  return new Proxy(response, {
    get(target, name) {
      const isBody = /^(?:body|json|text|blob|bytes|formData|arrayBuffer)/.test(String(name));
      const from = isBody ? (copy ??= target.clone()) : target;
      const value: unknown = Reflect.get(from, name, from);
      return typeof value === 'function' ? (value.bind(from) as unknown) : value;
    },
  });
}

function credentialsFor(flags: number): RequestCredentials | undefined {
  if (flags & INSTRUCTION_FLAGS.without_credentials) return 'omit';
  return flags & INSTRUCTION_FLAGS.credentials ? 'include' : undefined;
}
