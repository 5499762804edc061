// Ends a session at the server (L1), best effort, also while the page goes.
import { discard } from '../platform/answer.ts';
import type { Fetch, SignOutEndpoint, SignOutFunction } from '../types.ts';
import type { CsrfSource } from './csrf.ts';
import { readKept } from './token_answer.ts';
import { postTokens, type SessionTokens } from './token_endpoint.ts';

export interface RevokeSettings {
  /** undefined: the server is told nothing. */
  signOut: SignOutEndpoint | SignOutFunction | undefined;
  /** In hybrid and cookie mode only. */
  csrf: CsrfSource | undefined;
  fetch: Fetch;
  /** Milliseconds until it is given up. */
  timeout: number;
}

/** Resolves when the server has answered, or has not in time. Gives whether it said yes. */
export function revoke(settings: RevokeSettings, tokens: SessionTokens): Promise<boolean> {
  const controller = new AbortController();
  return new Promise((resolve) => {
    const end = (done: boolean): void => {
      clearTimeout(timer);
      resolve(done);
    };
    const timer = setTimeout(() => {
      controller.abort();
      end(false);
    }, settings.timeout);
    // After a failure the session is over here; at the server it ends when its tokens do.
    requestRevocation(settings, tokens, controller.signal).then(end, () => end(false));
  });
}

async function requestRevocation(
  { signOut, csrf, fetch }: RevokeSettings,
  tokens: SessionTokens,
  signal: AbortSignal,
): Promise<boolean> {
  if (signOut === undefined) return false;
  const { refreshToken, accessToken, kept } = tokens;
  if (typeof signOut === 'function') {
    const answer: unknown = await signOut({
      refreshToken: refreshToken || null,
      accessToken: accessToken || null,
      kept: readKept(kept),
      signal,
    });
    // Mostly nothing, or what fetch gave.
    return (answer as Partial<Response> | null | undefined)?.ok !== false;
  }
  const response = await postTokens(fetch, {
    ...tokens,
    endpoint: signOut,
    // RFC 7009 §2.1
    form: { token: refreshToken, token_type_hint: 'refresh_token' },
    csrf,
    signal,
    keepalive: true,
  });
  await discard(response);
  return response.ok;
}
