// Request headers in the three forms that fetch takes. Plain objects stay such: for most requests
// no Headers need be made.

import { hasMethod } from '../values.ts';

/** A copy of a caller's headers. */
export type KeptHeaders = Headers | Record<string, string>;

const AUTHORIZATION = 'authorization';

/** Whether there is an Authorization header, in any case (B4). */
export function hasAuthorization(headers: HeadersInit | undefined): boolean {
  if (headers === undefined) return false;
  if (isHeaders(headers)) return headers.has(AUTHORIZATION);
  if (isIterable(headers)) return new Headers(headers).has(AUTHORIZATION);
  for (const name in headers) {
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) return true;
  }
  return false;
}

/** A copy that its owner cannot change. */
export function keepHeaders(headers: HeadersInit): KeptHeaders {
  return isIterable(headers) ? new Headers(headers) : { ...headers };
}

/** The headers and the token, as a new object. */
export function withAuthorization(
  headers: KeptHeaders | undefined,
  authorization: string,
): KeptHeaders {
  if (headers === undefined) return { authorization };
  if (!isHeaders(headers)) return { ...headers, authorization };
  const copy = new Headers(headers);
  copy.set(AUTHORIZATION, authorization);
  return copy;
}

/** Adds what is not there: a caller's own value stays. */
export function addMissing(headers: Headers, more: Record<string, string>): void {
  for (const [name, value] of Object.entries(more)) {
    if (!headers.has(name)) headers.set(name, value);
  }
}

// A record has texts only.
function isHeaders(headers: HeadersInit): headers is Headers {
  return hasMethod(headers, 'has');
}

// As fetch tells them apart: what can be iterated is a list of pairs.
function isIterable(headers: HeadersInit): headers is Headers | [string, string][] {
  return Symbol.iterator in headers;
}
