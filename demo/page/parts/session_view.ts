// The session as the client knows it: who, how long, and what the token claims.
import type { AuthClient, JwtPayload, SignOutReason } from '/bearerkit/index.js';
import { describeKeep, type Keep } from './choice.ts';
import { byId, show } from './dom.ts';

const SIGNED_OUT: Readonly<Record<SignOutReason, string>> = {
  signed_out: 'Signed out.',
  signed_out_elsewhere: 'Signed out in another tab.',
  refresh_rejected: 'Signed out: the server refused to refresh. Please sign in again.',
  expired: 'Signed out: the token expired. Please sign in again.',
  storage_corrupt: 'Signed out: what was stored cannot be read. Please sign in again.',
  storage_cleared: 'Signed out: the storage was cleared. Please sign in again.',
  replaced: 'Signed out: somebody else has signed in here.',
};

/** Why the session is over, in words. */
export function showSignOut(reason: SignOutReason): void {
  show('status', SIGNED_OUT[reason]);
}

/** Shows either the sign-in form or the session, and says which. */
export function showSession(auth: AuthClient, keep: Keep): void {
  if (auth.state === 'restoring') return;
  const signedIn = auth.state === 'signed-in';
  const claims = auth.claims;
  show('status', signedIn ? signedInText(claims) : 'Signed out.');
  showSection(signedIn ? 'session' : 'sign-in', signedIn ? 'sign-in' : 'session');

  show('user', text(claims?.['name'] ?? claims?.sub) || 'somebody the server knows');
  show('kept', describeKeep(keep));
  for (const id of ['token', 'token-life']) byId(id, HTMLElement).hidden = keep === 'cookie';
  byId('no-token', HTMLElement).hidden = keep !== 'cookie';
  byId('claims', HTMLElement).replaceChildren(...Object.entries(claims ?? {}).map(claimRow));
  showLife(claims);
}

/** How long the access token has left, by this device's clock. */
export function showLife(claims: JwtPayload | null): void {
  const bar = byId('life-bar', HTMLProgressElement);
  const left = claims?.exp === undefined ? 0 : claims.exp - Date.now() / 1000;
  const life = (claims?.exp ?? 0) - (claims?.iat ?? 0);
  bar.value = life > 0 ? Math.min(1, Math.max(0, left / life)) : 0;
  if (claims === null) show('life', 'no token');
  else if (claims.exp === undefined) show('life', 'no end named');
  else show('life', left > 0 ? clock(left) : 'expired');
}

function signedInText(claims: JwtPayload | null): string {
  const name = text(claims?.['name']);
  return name === '' ? 'Signed in.' : `Signed in as ${name}.`;
}

function showSection(shown: string, hidden: string): void {
  const leaving = byId(hidden, HTMLElement);
  // Whoever was in the part that goes would be left nowhere.
  const takesFocus = leaving.contains(document.activeElement);
  leaving.hidden = true;
  byId(shown, HTMLElement).hidden = false;
  if (takesFocus) byId(`${shown}-title`, HTMLElement).focus();
}

function claimRow([name, value]: [string, unknown]): HTMLElement {
  const row = document.createElement('tr');
  const head = document.createElement('th');
  head.scope = 'row';
  head.textContent = name;
  const cell = document.createElement('td');
  cell.dataset['claim'] = name;
  cell.textContent = describeClaim(name, value);
  row.append(head, cell);
  return row;
}

function describeClaim(name: string, value: unknown): string {
  if (typeof value === 'number' && ['exp', 'iat', 'nbf'].includes(name)) {
    const date = new Date(value * 1000);
    return Number.isNaN(date.getTime()) ? String(value) : `${value} (${date.toLocaleTimeString()})`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
