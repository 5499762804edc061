// What ended a session and what went wrong, in words for the user.
import { AuthError, type RefreshCause, type SignOutReason } from '/bearerkit/index.js';

const SIGNED_OUT: Readonly<Record<SignOutReason, string>> = {
  signed_out: 'You signed out.',
  signed_out_elsewhere: 'Signed out in another tab.',
  refresh_rejected: 'Signed out: the server refused to refresh. Please sign in again.',
  expired: 'Signed out: the token expired. Please sign in again.',
  storage_corrupt: 'Signed out: what was stored cannot be read. Please sign in again.',
  storage_cleared: 'Signed out: the storage was cleared. Please sign in again.',
  replaced: 'Signed out: somebody else has signed in here.',
};

/** What the server's own record of the session adds to a refusal. */
const ENDED: Readonly<Record<string, string>> = {
  banned: 'Signed out: the server has banned this user.',
  reuse_detected:
    'Signed out: a refresh token came twice. The server took that for a theft and ended the session.',
  signed_out_everywhere: 'Signed out: this user signed out everywhere.',
  password_changed: 'Signed out: the password was changed in another session.',
  expired: 'Signed out: the session has reached its greatest age. Please sign in again.',
};

export const describeSignOut = (reason: SignOutReason): string => SIGNED_OUT[reason];

export const describeEnded = (reason: string): string | undefined => ENDED[reason];

/** Why a refresh did not work, for somebody who is no developer. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof AuthError)) return 'That did not work. Try again.';
  if (error.code === 'refresh_rejected') return 'The server refused to refresh.';
  if (error.code === 'signed_out') return 'Nobody is signed in.';
  return describeRefreshFailure(error.failure);
}

export function describeRefreshFailure(cause: RefreshCause | undefined): string {
  return `The refresh failed for now${describeCause(cause)}. The session is kept.`;
}

export function describeCause(cause: RefreshCause | undefined): string {
  if (cause?.status !== undefined) return `: the server answered ${cause.status}`;
  return cause === undefined ? '' : ': the server could not be reached';
}
