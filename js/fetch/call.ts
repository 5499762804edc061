// One call of fetchWithAuth, from the core's first instruction to the answer.
import {
  ANSWER_FLAGS,
  INSTRUCTION_FLAGS,
  INSTRUCTION_ID_SHIFT,
  REQUEST_FLAGS,
} from '#generated/abi';

import type { Driver } from '../driver/driver.ts';
import type { Waiter } from '../driver/waiters.ts';
import { AuthError } from '../errors.ts';
import { reasonOf, unlessAborted } from '../platform/abort.ts';
import { discard, fieldOf, statusOf } from '../platform/answer.ts';
import type { Fetch } from '../types.ts';
import { attempt, nothing, report } from '../values.ts';
import type { Origins } from './origins.ts';
import type { OutgoingRequest } from './request.ts';

export const UNAUTHORIZED = 401;

// With any of these the request is not the caller's own any more, or may be sent twice.
const CHANGED =
  INSTRUCTION_FLAGS.with_token |
  INSTRUCTION_FLAGS.credentials |
  INSTRUCTION_FLAGS.csrf |
  INSTRUCTION_FLAGS.tracked |
  INSTRUCTION_FLAGS.without_credentials;

export class Call implements Waiter {
  readonly #driver: Driver;
  readonly #origins: Origins;
  readonly #request: OutgoingRequest;
  readonly #fetch: Fetch;
  #id = 0;
  // While it waits: how that ends, and the 401 that is handed over should a refresh fail (F7), body
  // unread.
  #resolve: (answer: Response | Promise<Response>) => void = nothing;
  #reject: (reason: unknown) => void = nothing;
  #abort: (() => void) | undefined;
  #answer: Response | undefined;

  constructor(driver: Driver, origins: Origins, request: OutgoingRequest, fetch: Fetch) {
    this.#driver = driver;
    this.#origins = origins;
    this.#request = request;
    this.#fetch = fetch;
  }

  /** By the core's first instruction. */
  begin(instruction: number): Promise<Response> {
    this.#id = instruction >>> INSTRUCTION_ID_SHIFT;
    const goes = instruction & INSTRUCTION_FLAGS.go;
    try {
      const authorization =
        instruction & INSTRUCTION_FLAGS.with_token ? this.#driver.machine.authorization() : '';
      if (!goes || instruction & CHANGED) this.#request.keep();
      return goes ? this.#send(instruction, authorization) : this.#wait();
    } catch (error) {
      return this.#fail(error);
    }
  }

  /**
   * The answer to a request that the core knows as `id`. `refused`: what the app calls it, once it was
   * asked (R15).
   */
  receive(response: Response, id: number, refused?: boolean): Response | Promise<Response> {
    this.#id = id;
    try {
      return this.#tell(response, refused);
    } catch (error) {
      return this.#fail(error);
    }
  }

  // ---- as a Waiter ----

  send(flags: number, authorization: string): void {
    void discard(this.#endWait());
    this.#request.pin(this.#driver.config.world);
    this.#resolve(this.#send(flags, authorization));
  }

  deliver(): void {
    const answer = this.#endWait();
    if (answer) this.#resolve(answer);
  }

  finish(error: AuthError | undefined): void {
    this.#giveUp(error ?? new AuthError('closed'));
  }

  // ---- to send ----

  async #send(flags: number, authorization: string): Promise<Response> {
    const driver = this.#driver;
    const request = this.#request;
    const { signal } = request;
    const tracked = (flags & INSTRUCTION_FLAGS.tracked) !== 0;
    let response: Response;
    try {
      let csrf: Record<string, string> | undefined;
      if (flags & INSTRUCTION_FLAGS.csrf) {
        csrf = await unlessAborted(driver.config.csrf(), signal);
        request.pin(driver.config.world);
      }
      const additions = { authorization, credentials: credentialsFor(flags), csrf };
      response = await request.send(this.#fetch, flags & CHANGED ? additions : undefined, tracked);
    } catch (error) {
      const aborted = signal?.aborted === true;
      if (aborted) request.drop(signal.reason);
      if (tracked) {
        if (aborted) driver.abort(this.#id);
        else driver.fail(this.#id);
      }
      // F7: the network's own error; F4: but of an abort the caller's own reason, for which WebKit
      // has an error of its own.
      const isAbort = aborted && (error as { name?: unknown } | null)?.name === 'AbortError';
      throw isAbort ? reasonOf(signal) : error;
    }
    return tracked ? this.receive(response, this.#id) : response;
  }

  // ---- its answer ----

  #tell(response: Response, byApp: boolean | undefined): Response | Promise<Response> {
    const driver = this.#driver;
    if (driver.closed()) return response;
    const status = byApp ? UNAUTHORIZED : statusOf(response);
    const refused = status === UNAUTHORIZED;
    const asks = byApp === undefined && driver.config.refused;
    // All other answers are delivered, wherever they come from.
    const allowed = !(refused || asks) || this.#endedAllowed(response);
    const instruction = driver.machine.response(
      this.#id,
      status,
      (asks ? ANSWER_FLAGS.app_may_refuse : 0) | (allowed ? ANSWER_FLAGS.final_origin_allowed : 0),
      refused || driver.machine.knowsEndpoints() ? this.#request.hashEndpoint() : 0,
      // The app's word counts more than what the server says of it.
      refused && !byApp ? fieldOf(response, 'www-authenticate') : '',
    );
    return driver.follow(instruction, () => {
      if (instruction & INSTRUCTION_FLAGS.go) return response;
      if (instruction & INSTRUCTION_FLAGS.tracked) return this.#ask(response);
      this.#request.keep();
      this.#answer = response;
      return this.#wait();
    });
  }

  // R15
  async #ask(response: Response): Promise<Response> {
    const signal = this.#request.signal;
    let byApp = false;
    try {
      const { refused = () => false } = this.#driver.config;
      if (await unlessAborted(refused(withCopiedBody(response)), signal)) byApp = true;
    } catch (error) {
      if (signal?.aborted === true) {
        this.#driver.abort(this.#id);
        void discard(response, signal.reason);
        throw reasonOf(signal);
      }
      report(error);
    }
    return this.receive(response, this.#id, byApp);
  }

  // B8. An answer without a URL was made by the app's own fetch.
  #endedAllowed({ redirected, url }: Response): boolean {
    const isForeign = (): number => this.#origins.flagsOf(url) & REQUEST_FLAGS.foreign_origin;
    return !redirected || url === '' || !isForeign();
  }

  // ---- to wait ----

  #wait(): Promise<Response> {
    const driver = this.#driver;
    const signal = this.#request.signal;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      driver.wait(this.#id, this);
      if (!signal) return;
      const abort = (): void => {
        driver.abort(this.#id);
        this.#giveUp(reasonOf(signal));
      };
      this.#abort = abort;
      // What is no AbortSignal fetch will say.
      attempt(() => signal.addEventListener('abort', abort));
      // Before there was a listener.
      if (signal.aborted) abort();
    });
  }

  // Gives the answer that was kept.
  #endWait(): Response | undefined {
    const abort = this.#abort;
    const answer = this.#answer;
    this.#answer = undefined;
    if (abort) attempt(() => this.#request.signal?.removeEventListener('abort', abort));
    return answer;
  }

  // Rejects as fetch does: with what the caller gave, be it an Error or not.
  #giveUp(reason: unknown): void {
    this.#request.drop(reason);
    void discard(this.#endWait());
    this.#reject(reason);
  }

  // The core learns of it when the request cannot go on.
  #fail(error: unknown): never {
    this.#driver.fail(this.#id);
    throw error;
  }
}

// An answer as an app may look at it: its body is that of a copy, made when it is first asked for.
function withCopiedBody(response: Response): Response {
  let copy: Response | undefined;
  return new Proxy(response, {
    get(target, name) {
      const isBody = /^(?:body|json|text|blob|bytes|formData|arrayBuffer)/.test(String(name));
      const from = isBody ? (copy ??= copyOf(target)) : target;
      const value: unknown = Reflect.get(from, name, from);
      return typeof value === 'function' ? (value.bind(from) as unknown) : value;
    },
  });
}

// The body of a clone is cancelled only when the other one is cancelled, too. Who waits for that would
// wait for ever (R13).
function copyOf(response: Response): Response {
  const clone = response.clone();
  // Where there is no such body, or no such stream, it throws.
  const body = (): ReadableStream =>
    (clone.body as ReadableStream).pipeThrough(new TransformStream());
  return attempt(() => new Response(body(), clone)) ?? clone;
}

function credentialsFor(flags: number): RequestCredentials | undefined {
  if (flags & INSTRUCTION_FLAGS.without_credentials) return 'omit';
  return flags & INSTRUCTION_FLAGS.credentials ? 'include' : undefined;
}
