// Request headers in the three forms that fetch takes. Copies are plain objects: Headers take ten
// times as long to make.

import { hasMethod } from '../values.ts';

/** A copy of a caller's headers. */
export type KeptHeaders = Headers | Record<string, string>;

const AUTHORIZATION = 'authorization';

// Not by `instanceof`: of another realm they are others, and Node without WebAssembly cannot even say
// what Headers are.
function isHeaders(headers: KeptHeaders): headers is Headers {
  return Symbol.iterator in headers;
}

/** Whether there is an Authorization header, in any case (B4). */
export function hasAuthorization(headers: KeptHeaders): boolean {
  if (isHeaders(headers)) return headers.has(AUTHORIZATION);
  for (const name in headers) {
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) return true;
  }
  return false;
}

/** A copy that its owner cannot change. */
export function keepHeaders(headers: HeadersInit): KeptHeaders {
  // As fetch tells them apart: what can be iterated is a list of pairs.
  if (!(Symbol.iterator in headers)) return { ...headers };
  const all = hasMethod(headers, 'getSetCookie') ? headers : new Headers(headers);
  const kept: Record<string, string> = {};
  for (const [name, value] of all) {
    // Twice, or one that an object has anyway.
    if (name in kept) return new Headers(all);
    kept[name] = value;
  }
  return kept;
}

/** The headers and the token, as a new object. `headers` have no Authorization (B4). */
export function withAuthorization(
  headers: KeptHeaders | undefined,
  authorization: string,
): KeptHeaders {
  if (headers !== undefined && isHeaders(headers)) {
    const copy = new Headers(headers);
    copy.set(AUTHORIZATION, authorization);
    return copy;
  }
  // In this order: behind a spread it takes Node 20 ten times as long.
  return { authorization, ...headers };
}

/** Adds what is not there: a caller's own value stays. */
export function addMissing(headers: Headers, more: Record<string, string>): void {
  for (const [name, value] of Object.entries(more)) {
    if (!headers.has(name)) headers.set(name, value);
  }
}
