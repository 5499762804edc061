// The effect `revoke`: tells the server of a sign-out (L1), best effort, also while the page goes.
import type { Fetch, SignOutEndpoint, SignOutFunction } from '../types.ts';
import type { CsrfSource } from './csrf.ts';
import { postTokens } from './token_endpoint.ts';

export interface Revocation {
  dialect: number;
  refreshToken: string;
  accessToken: string | null;
}

export interface RevokeSettings {
  signOut: SignOutEndpoint | SignOutFunction;
  /** In hybrid and cookie mode only. */
  csrf: CsrfSource | undefined;
  fetch: Fetch;
  /** Milliseconds until it is given up. */
  timeout: number;
}

/** Resolves when the server has answered, whatever it says, or when it has not in time. */
export function revoke(settings: RevokeSettings, revocation: Revocation): Promise<void> {
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
    tell(settings, revocation, controller.signal).then(done, done);
  });
}

async function tell(
  { signOut, csrf, fetch }: RevokeSettings,
  revocation: Revocation,
  signal: AbortSignal,
): Promise<void> {
  const { refreshToken, accessToken } = revocation;
  if (typeof signOut === 'function') {
    await signOut({ refreshToken: refreshToken || null, accessToken, signal });
    return;
  }
  const response = await postTokens(fetch, {
    ...revocation,
    endpoint: signOut,
    // RFC 7009 §2.1
    form: { token: refreshToken, token_type_hint: 'refresh_token' },
    csrf,
    signal,
    keepalive: true,
  });
  await response.body?.cancel();
}
