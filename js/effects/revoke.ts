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
export async function revoke(settings: RevokeSettings, revocation: Revocation): Promise<void> {
  const { signOut, csrf, fetch, timeout } = settings;
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timedOut = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      controller.abort();
      resolve();
    }, timeout);
  });
  try {
    await Promise.race([tell(signOut, csrf, fetch, revocation, controller.signal), timedOut]);
  } catch {
    // The session is over here; at the server it ends when its tokens do.
  } finally {
    clearTimeout(timer);
  }
}

async function tell(
  signOut: SignOutEndpoint | SignOutFunction,
  csrf: CsrfSource | undefined,
  fetch: Fetch,
  revocation: Revocation,
  signal: AbortSignal,
): Promise<void> {
  const { refreshToken, accessToken } = revocation;
  if (typeof signOut === 'function') {
    await signOut({ refreshToken: refreshToken || null, accessToken, signal });
    return;
  }
  const response = await postTokens(fetch, {
    endpoint: signOut,
    ...revocation,
    // RFC 7009 §2.1
    form: { token: refreshToken, token_type_hint: 'refresh_token' },
    csrf,
    signal,
    keepalive: true,
  });
  await response.body?.cancel();
}
