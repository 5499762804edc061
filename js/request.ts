// A request in the caller's words (F1): what the core must know of it, a copy that can be sent
// twice (F2), and what is added when it is sent.
import { REQUEST_FLAGS } from '#generated/abi';

import { isOneShot, keepBody } from './body.ts';
import { pinUrl, type Origins } from './effects/origin.ts';
import { addMissing, hasAuthorization, keepHeaders, withAuthorization } from './headers.ts';
import type { Fetch } from './types.ts';

/** What is added to a request when it is sent. */
export interface Additions {
  /** The header's value; empty: none. */
  authorization: string;
  credentials: RequestCredentials | undefined;
  /** The headers against CSRF. */
  csrf: Record<string, string> | undefined;
}

/** REQUEST_FLAGS of a request. Those that concern another origin need not be looked at. */
export function describeRequest(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  origins: Origins,
): number {
  const request = isRequest(input) ? input : undefined;
  if (!origins.allows(urlOf(input))) return REQUEST_FLAGS.foreign_origin;
  let flags = 0;
  // As in fetch, init goes before the Request.
  if (hasAuthorization(init?.headers ?? request?.headers)) {
    flags |= REQUEST_FLAGS.caller_authorization;
  }
  if ((init?.mode ?? request?.mode) === 'no-cors') flags |= REQUEST_FLAGS.no_cors;
  if (isOneShot(init?.body)) flags |= REQUEST_FLAGS.one_shot_body;
  if (isUnsafe(init?.method ?? request?.method)) flags |= REQUEST_FLAGS.unsafe_method;
  return flags;
}

/** The signal that ends a request: that of init, even if null, before that of the Request. */
export function signalOf(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): AbortSignal | undefined {
  const own = init?.signal;
  if (own === undefined) return isRequest(input) ? input.signal : undefined;
  return own ?? undefined;
}

export class OutgoingRequest {
  #input: RequestInfo | URL;
  #init: RequestInit | undefined;
  readonly #base: string | undefined;
  #kept = false;
  #sent = false;

  /** `base` is what a relative URL is relative to at the time of the call. */
  constructor(input: RequestInfo | URL, init: RequestInit | undefined, base: string | undefined) {
    this.#input = input;
    this.#init = init;
    this.#base = base;
  }

  /**
   * Makes it independent of the caller's objects, before the first send.
   * @throws {TypeError} as fetch does, when the body of a Request was read already
   */
  keep(): void {
    if (this.#kept) return;
    this.#kept = true;
    this.#input = isRequest(this.#input) ? this.#input.clone() : String(this.#input);
    if (this.#init !== undefined) this.#init = keepInit(this.#init);
  }

  /** From now on a relative URL means what it meant at the call, whatever the page does. */
  pin(): void {
    if (typeof this.#input === 'string') this.#input = pinUrl(this.#input, this.#base);
  }

  /** Sends it as the caller gave it. */
  sendUnchanged(fetch: Fetch): Promise<Response> {
    return fetch(this.#input, this.#init);
  }

  /** Sends the kept request; twice at most. `again`: it may yet be sent a second time. */
  send(fetch: Fetch, additions: Additions, again: boolean): Promise<Response> {
    const { authorization, credentials, csrf } = additions;
    const kept = this.#init as KeptInit | undefined;
    const request = isRequest(this.#input) ? this.#input : undefined;
    if (request !== undefined && kept?.headers === undefined) {
      return fetch(this.#fill(request, additions, again), requestInit(request, kept, credentials));
    }
    const init: RequestInit = { ...kept };
    if (authorization !== '') init.headers = withAuthorization(kept?.headers, authorization);
    if (csrf !== undefined) {
      const headers = new Headers(init.headers);
      addMissing(headers, csrf);
      init.headers = headers;
    }
    if (credentials !== undefined) init.credentials = credentials;
    return fetch(request === undefined ? this.#input : this.#copy(request, again), init);
  }

  #fill(request: Request, { authorization, csrf }: Additions, again: boolean): Request {
    const copy = this.#copy(request, again);
    if (csrf !== undefined) addMissing(copy.headers, csrf);
    if (authorization !== '') copy.headers.set('authorization', authorization);
    return copy;
  }

  // The body is read by sending. Not told by `request.body`, which Firefox does not have; without
  // one a Request can be sent any number of times.
  #copy(request: Request, again: boolean): Request {
    const first = !this.#sent;
    this.#sent = true;
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    return first && again && hasBody ? request.clone() : request;
  }
}

type KeptInit = Omit<RequestInit, 'headers'> & { headers?: ReturnType<typeof keepHeaders> };

function keepInit(init: RequestInit): RequestInit {
  const kept: RequestInit = { ...init };
  if (Object.getPrototypeOf(init) !== Object.prototype) {
    // Inherited members too, as fetch reads them: a Request may serve as init.
    for (const name in init) Object.assign(kept, { [name]: init[name as keyof RequestInit] });
  }
  if (kept.headers !== undefined) kept.headers = keepHeaders(kept.headers);
  if (kept.body !== undefined && kept.body !== null && !isOneShot(kept.body)) {
    kept.body = keepBody(kept.body);
  }
  return kept;
}

// Any init at all makes fetch forget the Request's referrer: it is then given anew.
function requestInit(
  request: Request,
  init: KeptInit | undefined,
  credentials: RequestCredentials | undefined,
): RequestInit | undefined {
  if (credentials === undefined || credentials === request.credentials) return init;
  const { referrer, referrerPolicy } = request;
  return init === undefined ? { referrer, referrerPolicy, credentials } : { ...init, credentials };
}

// By its shape: it may come from another frame.
function isRequest(input: RequestInfo | URL): input is Request {
  return typeof input === 'object' && 'clone' in input;
}

function urlOf(input: RequestInfo | URL): string {
  return isRequest(input) ? input.url : String(input);
}

function isUnsafe(method = 'GET'): boolean {
  return method !== 'GET' && !/^(?:get|head|options|trace)$/i.test(method);
}
