// Ends a session at the server (L1), best effort, also while the page goes.
import { unlessAborted } from '../platform/abort.ts';
import { discard, statusOf } from '../platform/answer.ts';
import type { Fetch, SignOutEndpoint, SignOutFunction } from '../types.ts';
import type { CsrfSource } from './csrf.ts';
import { readKept } from './token_answer.ts';
import { postTokens, type SessionTokens } from './token_endpoint.ts';

export interface RevokeSettings {
  signOut: SignOutEndpoint | SignOutFunction;
  /** In hybrid and cookie mode only. */
  csrf: CsrfSource | undefined;
  fetch: Fetch;
  /** Milliseconds until it is given up. */
  timeout: number;
}

/**
 * Resolves when the server has answered, or has not in time. Gives the status; 0 where no answer came.
 */
export function revoke(settings: RevokeSettings, tokens: SessionTokens): Promise<number> {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(), settings.timeout);
  // After a failure the session is over here; at the server it ends when its tokens do.
  return unlessAborted(requestRevocation(settings, tokens, signal), signal)
    .catch(() => 0)
    .finally(() => clearTimeout(timer));
}

async function requestRevocation(
  { signOut, csrf, fetch }: RevokeSettings,
  tokens: SessionTokens,
  signal: AbortSignal,
): Promise<number> {
  const { refreshToken, accessToken, kept } = tokens;
  if (typeof signOut === 'function') {
    const answer: unknown = await signOut({
      refreshToken: refreshToken || null,
      accessToken: accessToken || null,
      kept: readKept(kept),
      signal,
    });
    // It usually gives nothing, or what fetch gave.
    return Number((Object(answer) as { status?: unknown }).status ?? 200);
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
  void discard(response);
  return statusOf(response);
}
