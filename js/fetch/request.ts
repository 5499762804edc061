// A request in the caller's words (F1): what the core must know of it, a copy that can be sent
// twice (F2), and what is added when it is sent.
import { REQUEST_FLAGS } from '#generated/abi';

import { discard } from '../platform/answer.ts';
import { baseUrl, pinUrl } from '../platform/location.ts';
import { goesAway } from '../platform/wake.ts';
import type { Fetch } from '../types.ts';
import { attempt, hasMethod, nothing } from '../values.ts';
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

/** REQUEST_FLAGS of a request. */
export function describeRequest(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  signal: AbortSignal | undefined,
  origins: Origins,
): number {
  const request = isRequest(input) ? input : undefined;
  let flags = origins.flagsOf(urlOf(input));
  if (signal?.aborted === true) flags |= REQUEST_FLAGS.aborted;
  // As in fetch, init goes before the Request.
  if (hasAuthorization(init?.headers ?? request?.headers)) {
    flags |= REQUEST_FLAGS.caller_authorization;
  }
  if ((init?.mode ?? request?.mode) === 'no-cors') flags |= REQUEST_FLAGS.no_cors;
  // B9. A Request says same-origin whether its maker did or not.
  const credentials = request?.credentials ?? 'same-origin';
  if (init?.credentials !== undefined || credentials !== 'same-origin') {
    flags |= REQUEST_FLAGS.caller_credentials;
  }
  if (isOneShot(init?.body)) flags |= REQUEST_FLAGS.one_shot_body;
  // F10
  if (goesAway() && (init?.keepalive ?? request?.keepalive)) {
    flags |= REQUEST_FLAGS.cannot_wait;
  }
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

/** A request that is sent twice at most. */
export interface OutgoingRequest {
  /**
   * Makes it independent of the caller's objects, before it is sent for the first time.
   * @throws {TypeError} as fetch does, when the body of a Request was read already
   */
  keep(): void;
  /**
   * Which endpoint it is for: a hash of its method and its address without query, never 0 (R14).
   * Only of a kept request, or one that is only a URL.
   */
  hashEndpoint(): number;
  /**
   * Sends the kept request. `again`: it may yet be sent a second time. Without additions as the
   * caller gave it. A relative URL means what it meant at the call.
   */
  send(fetch: Fetch, additions: Additions | undefined, again: boolean): Promise<Response>;
  /** F11: the kept request is not sent any more, for a reason: lets go of a stream. */
  drop(reason: unknown): void;
}

/** `base` is what a relative URL is relative to at the time of the call. */
export function createRequest(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  base: string | undefined,
): OutgoingRequest {
  let kept = false;
  let sent = false;

  // Sending reads the body. Whether there is one `request.body` does not say: Firefox has no such
  // member. A Request without one can be sent any number of times.
  function copy(request: Request, again: boolean): Request {
    const first = !sent;
    sent = true;
    const mayHave = request.method !== 'GET' && request.method !== 'HEAD' && !hasBody(init);
    return first && again && mayHave ? request.clone() : request;
  }

  return {
    keep() {
      if (kept) return;
      kept = true;
      init &&= keepInit(init);
      if (!isRequest(input)) input = String(input);
      else if (!hasBody(init)) input = takeOver(input);
      // Its own body is not looked at. All else of a Request but the headers never changes.
      else init.headers ??= keepHeaders(input.headers);
    },
    hashEndpoint() {
      // Of a Request; a string and a URL have no such member.
      const method = init?.method ?? (input as Partial<Request>).method ?? 'GET';
      return hashOf(`${method.toUpperCase()} ${pinUrl(urlOf(input), base).replace(/[?#].*/s, '')}`);
    },
    send(fetch, additions, again) {
      if (typeof input === 'string') input = pinned(input, base);
      if (additions === undefined) return fetch(input, init);
      const request = isRequest(input) ? copy(input, again) : input;
      return sendWith(fetch, additions, request, init);
    },
    drop(reason) {
      if (kept) void discard(hasBody(init) ? init : (input as Partial<Request>), reason);
    },
  };
}

// F14: what `url` meant at the call. Where it still means that, fetch gets the caller's own text: it
// may go by what the URL parser leaves out (Chromium refuses dangling markup).
function pinned(url: string, base: string | undefined): string {
  const now = baseUrl();
  if (now === base) return url;
  const meant = pinUrl(url, base);
  return meant === pinUrl(url, now) ? url : meant;
}

// F12: the call uses the caller's Request up, as fetch does.
function takeOver(request: Request): Request {
  const copy = request.clone();
  // Firefox has no `body`.
  if ('body' in request) void discard(request);
  else void (request as Request).blob().catch(nothing);
  return copy;
}

function sendWith(
  fetch: Fetch,
  { authorization, credentials, csrf }: Additions,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): Promise<Response> {
  if (isRequest(input) && init?.headers === undefined) {
    const add = (request: Request): Request => {
      if (csrf !== undefined) addMissing(request.headers, csrf);
      if (authorization !== '') request.headers.set('authorization', authorization);
      return request;
    };
    const kept = input;
    // F15: those of a FetchEvent's Request cannot be changed.
    const request = attempt(() => add(kept)) ?? add(new Request(kept));
    return fetch(request, requestInit(request, init, credentials));
  }
  const added: RequestInit = { ...init };
  if (authorization !== '') {
    added.headers = withAuthorization(init?.headers as KeptHeaders | undefined, authorization);
  }
  if (csrf !== undefined) addMissing((added.headers = new Headers(added.headers)), csrf);
  if (credentials !== undefined) added.credentials = credentials;
  return fetch(input, added);
}

function keepInit(init: RequestInit): RequestInit {
  const kept: RequestInit = { ...init };
  if (Object.getPrototypeOf(init) !== Object.prototype) {
    // Inherited members too, as fetch reads them: a Request may serve as init.
    for (const name in init) Object.assign(kept, { [name]: init[name as keyof RequestInit] });
  }
  if (kept.headers !== undefined) kept.headers = keepHeaders(kept.headers);
  if (kept.body && !isOneShot(kept.body)) kept.body = keepBody(kept.body);
  return kept;
}

// Any init at all makes fetch forget the Request's referrer: it is then given anew.
function requestInit(
  request: Request,
  init: RequestInit | undefined,
  credentials: RequestCredentials | undefined,
): RequestInit | undefined {
  if (credentials === undefined || credentials === request.credentials) return init;
  const { referrer, referrerPolicy } = request;
  return init === undefined ? { referrer, referrerPolicy, credentials } : { ...init, credentials };
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

// FNV-1a, 32 bits.
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}

function isUnsafe(method = 'GET'): boolean {
  return method !== 'GET' && !/^(?:get|head|options|trace)$/i.test(method);
}
