// Ends a session at the server (L1), best effort, also while the page goes.
import { discard } from '../platform/answer.ts';
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

/** Resolves when the server has answered, whatever it says, or when it has not in time. */
export function revoke(settings: RevokeSettings, tokens: SessionTokens): Promise<void> {
  const controller = new AbortController();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      controller.abort();
      resolve();
    }, settings.timeout);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    // After a failure the session is over here; at the server it ends when its tokens do.
    requestRevocation(settings, tokens, controller.signal).then(done, done);
  });
}

async function requestRevocation(
  { signOut, csrf, fetch }: RevokeSettings,
  tokens: SessionTokens,
  signal: AbortSignal,
): Promise<void> {
  const { refreshToken, accessToken, kept } = tokens;
  if (typeof signOut === 'function') {
    await signOut({
      refreshToken: refreshToken || null,
      accessToken: accessToken || null,
      kept: readKept(kept),
      signal,
    });
    return;
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
}
