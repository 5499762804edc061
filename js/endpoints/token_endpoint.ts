// What a refresh and a sign-out send to the server: one POST, in one of the dialects (R3).
import { DIALECT } from '#generated/abi';

import type { Fetch } from '../types.ts';
import { attempt } from '../values.ts';
import type { CsrfSource, HeaderRecord } from './csrf.ts';

/** The members that a refresh's and a sign-out's endpoint have in common. */
export interface Endpoint {
  url: string | URL;
  clientId?: string;
  headers?: HeadersInit;
  sendAccessToken?: boolean;
}

/** The tokens that the server is shown. Empty where there is none. */
export interface SessionTokens {
  /** DIALECT; of no account without a refresh token. */
  dialect: number;
  refreshToken: string;
  accessToken: string;
  /** What is kept beside them: JSON (L9). */
  kept: string;
}

/**
 * One POST to the server, outside of fetchWithAuth (R9). In hybrid and cookie mode the cookie holds
 * the refresh token, and the body stays empty.
 */
export interface TokenPost extends SessionTokens {
  endpoint: Endpoint;
  /** The form's fields besides client_id; JSON has the refresh token only. */
  form: HeaderRecord;
  /** Hybrid and cookie mode: with cookies, and with the header against CSRF (C2). */
  csrf: CsrfSource | undefined;
  signal: AbortSignal;
  keepalive: boolean;
}

export async function postTokens(fetch: Fetch, post: TokenPost): Promise<Response> {
  const { endpoint, csrf, accessToken } = post;
  const headers = new Headers(endpoint.headers);
  if (!headers.has('accept')) headers.set('accept', 'application/json');
  if (csrf !== undefined) {
    for (const [name, value] of Object.entries(await csrf())) headers.set(name, value);
  }
  if (endpoint.sendAccessToken === true && accessToken !== '') {
    headers.set('authorization', `Bearer ${accessToken}`);
  }
  const init: RequestInit = {
    method: 'POST',
    headers,
    cache: 'no-store',
    credentials: csrf === undefined ? 'same-origin' : 'include',
    // A redirect could carry the refresh token to another origin. As an answer it is a failure that
    // passes (R8); `error` is not known everywhere: Cloudflare's workers throw.
    redirect: 'manual',
    keepalive: post.keepalive,
  };
  // P6: a signal of another realm than fetch's (jsdom) is refused. Without one the caller's own wait ends.
  if (isTaken(post.signal)) init.signal = post.signal;
  if (post.refreshToken !== '') {
    let type = 'json';
    if (post.dialect === DIALECT.oauth) {
      const { clientId } = endpoint;
      type = 'x-www-form-urlencoded';
      // As text: React Native's fetch sends nothing of a URLSearchParams.
      init.body = new URLSearchParams({
        ...post.form,
        ...(clientId === undefined ? {} : { client_id: clientId }),
      }).toString();
    } else {
      const name = post.dialect === DIALECT.json_snake ? 'refresh_token' : 'refreshToken';
      init.body = JSON.stringify({ [name]: post.refreshToken });
    }
    headers.set('content-type', `application/${type}`);
  }
  return fetch(endpoint.url, init);
}

function isTaken(signal: AbortSignal): boolean {
  // Where there is no Request to ask, nothing speaks against it.
  if (typeof Request !== 'function') return true;
  return attempt(() => new Request('http://localhost', { signal })) !== undefined;
}
