// A request in the caller's words (F1): what the core must know of it, a copy that can be sent
// twice (F2), and what is added when it is sent.
import { METHOD, METHODS, METHOD_SHIFT, OTHER_METHOD, REQUEST_FLAGS } from '#generated/abi';

import { discard } from '../platform/answer.ts';
import { baseUrl, pinUrl } from '../platform/location.ts';
import { goesAway } from '../platform/wake.ts';
import type { World } from '../platform/world.ts';
import type { Fetch } from '../types.ts';
import { hasMethod, nothing } from '../values.ts';
import { isOneShot, keepBody } from './body.ts';
import {
  addMissing,
  hasAuthorization,
  keepHeaders,
  withAuthorization,
  type KeptHeaders,
} from './headers.ts';
import type { Origins } from './origins.ts';

/** What is added to a request when it is sent. */
export interface Additions {
  /** The header's value; empty: none. */
  authorization: string;
  credentials: RequestCredentials | undefined;
  /** The headers against CSRF. */
  csrf: Record<string, string> | undefined;
}

/** A request that is sent twice at most. */
export class OutgoingRequest {
  /** What ends it: the signal of init, even if null, before that of the Request. */
  readonly signal: AbortSignal | undefined;
  #input: RequestInfo | URL;
  #init: RequestInit | undefined;
  #base: string | undefined;
  // A copy of the caller's headers, made when it is first asked for.
  #headers: KeptHeaders | undefined;
  #kept = false;
  #sent = false;

  /** `base` is what a relative URL is relative to at the time of the call; `describe` finds it, too. */
  constructor(input: RequestInfo | URL, init?: RequestInit, base?: string) {
    this.#input = input;
    this.#init = init;
    this.#base = base;
    const signal = init?.signal;
    this.signal = (signal === undefined && isRequest(input) ? input.signal : signal) ?? undefined;
  }

  /** Its REQUEST_FLAGS. */
  describe(origins: Origins): number {
    const input = this.#input;
    const init = this.#init;
    let flags = origins.flagsOf(urlOf(input));
    this.#base = origins.base();
    const request = isRequest(input) ? input : undefined;
    // Nothing but a URL.
    if (init === undefined && request === undefined) return flags;
    if (this.signal?.aborted === true) flags |= REQUEST_FLAGS.aborted;
    if (hasAuthorization(this.#keepHeaders())) flags |= REQUEST_FLAGS.caller_authorization;
    if ((init?.mode ?? request?.mode) === 'no-cors') flags |= REQUEST_FLAGS.no_cors;
    // B9. A Request says same-origin whether its maker did or not.
    const credentials = request?.credentials ?? 'same-origin';
    if (init?.credentials !== undefined || credentials !== 'same-origin') {
      flags |= REQUEST_FLAGS.caller_credentials;
    }
    if (isOneShot(init?.body)) flags |= REQUEST_FLAGS.one_shot_body;
    // F10
    if ((init?.keepalive ?? request?.keepalive) && goesAway()) flags |= REQUEST_FLAGS.cannot_wait;
    const method = numberOf(init?.method ?? request?.method);
    if (method > METHOD.TRACE) flags |= REQUEST_FLAGS.unsafe_method;
    return flags | (method << METHOD_SHIFT);
  }

  /**
   * Makes it independent of the caller's objects, before it is sent for the first time.
   * @throws {TypeError} as fetch does, when the body of a Request was read already
   */
  keep(): void {
    if (this.#kept) return;
    this.#kept = true;
    const input = this.#input;
    let init = this.#init && keepInit(this.#init);
    if (isRequest(input)) {
      // With a body in init its own one is not looked at.
      if (mayHaveBody(input) && !hasBody(init)) this.#input = takeOver(input);
      // Any init at all makes fetch forget the referrer.
      const { referrer, referrerPolicy } = input;
      if (Object.keys(init ?? {}).length === 0) init = { referrer, referrerPolicy };
    } else this.#input = String(input);
    // Headers go beside a Request: those of a FetchEvent's cannot be changed (F15).
    if (init) init.headers = this.#keepHeaders();
    this.#init = init;
  }

  /**
   * F14: what a relative URL meant at the call, it means later. Where it still means that, fetch gets
   * the caller's own text: it may go by what the URL parser leaves out (Chromium refuses dangling
   * markup).
   */
  pin(world: World): void {
    const url = this.#input;
    const now = baseUrl(world);
    if (typeof url !== 'string' || now === this.#base) return;
    const meant = pinUrl(url, this.#base);
    if (meant !== pinUrl(url, now)) this.#input = meant;
  }

  /**
   * Which endpoint it is for: a hash of its method and its address without query, never 0 (R14).
   * Only of a kept request, or one that is only a URL.
   */
  hashEndpoint(): number {
    const input = this.#input;
    // Of a Request; a string has no such member.
    const method = this.#init?.method ?? (input as Partial<Request>).method ?? 'GET';
    const url = urlOf(input);
    const address = PARSED_URL.test(url) ? url : pinUrl(url, this.#base);
    return hashOf(`${method.toUpperCase()} ${address.replace(/[?#].*/s, '')}`);
  }

  /**
   * Sends the kept request. `again`: it may yet be sent a second time. Without additions as the
   * caller gave it.
   */
  send(fetch: Fetch, additions: Additions | undefined, again: boolean): Promise<Response> {
    const input = this.#input;
    const init = this.#init;
    if (additions === undefined) return fetch(input, init);
    const { authorization, credentials, csrf } = additions;
    const added: RequestInit = { ...init };
    if (authorization !== '') {
      added.headers = withAuthorization(init?.headers as KeptHeaders | undefined, authorization);
    }
    if (csrf !== undefined) addMissing((added.headers = new Headers(added.headers)), csrf);
    if (credentials !== undefined) added.credentials = credentials;
    return fetch(isRequest(input) ? this.#copy(input, again) : input, added);
  }

  /** F11: the kept request is not sent any more, for a reason: lets go of a stream. */
  drop(reason: unknown): void {
    const init = this.#init;
    if (this.#kept) void discard(hasBody(init) ? init : (this.#input as Partial<Request>), reason);
  }

  // As in fetch, those of init go before those of the Request.
  #keepHeaders(): KeptHeaders {
    const headers = this.#init?.headers ?? (this.#input as Partial<Request>).headers ?? {};
    return (this.#headers ??= keepHeaders(headers));
  }

  // Sending reads the body. A Request without one can be sent any number of times.
  #copy(request: Request, again: boolean): Request {
    const first = !this.#sent;
    this.#sent = true;
    return first && again && mayHaveBody(request) && !hasBody(this.#init)
      ? request.clone()
      : request;
  }
}

// Whether there is one `request.body` does not say: Firefox has no such member.
function mayHaveBody({ method }: Request): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

// F12: the call uses the caller's Request up, as fetch does.
function takeOver(request: Request): Request {
  const copy = request.clone();
  // Firefox has no `body`.
  if ('body' in request) void discard(request);
  else void (request as Request).blob().catch(nothing);
  return copy;
}

function keepInit(init: RequestInit): RequestInit {
  const kept: RequestInit = { ...init };
  if (Object.getPrototypeOf(init) !== Object.prototype) {
    // Inherited members too, as fetch reads them: a Request may serve as init.
    for (const name in init) Object.assign(kept, { [name]: init[name as keyof RequestInit] });
  }
  if (kept.body && !isOneShot(kept.body)) kept.body = keepBody(kept.body);
  return kept;
}

function hasBody(init: RequestInit | undefined): init is RequestInit {
  return (init?.body ?? undefined) !== undefined;
}

function isRequest(input: RequestInfo | URL): input is Request {
  return hasMethod(input, 'clone');
}

function urlOf(input: RequestInfo | URL): string {
  return isRequest(input) ? input.url : String(input);
}

// What the URL parser leaves as it is, but for numbers in a host. To ask it costs more than all else
// about a 401; two spellings of one endpoint cost a refresh.
const PARSED_URL = /^https?:\/\/[a-z\d.-]+\/[\w/-]*(?:[?#]|$)/;

// FNV-1a, 32 bits.
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}

// Its place in METHODS, or OTHER_METHOD. As fetch does, it takes anything for a method.
function numberOf(method: unknown = METHODS[0]): number {
  const methods: readonly string[] = METHODS;
  return methods.indexOf(String(method).toUpperCase()) & OTHER_METHOD;
}
