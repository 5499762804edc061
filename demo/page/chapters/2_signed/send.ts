// Sends a token as it is, past the client, and reads why it is refused.
import { refusalOf } from '../../parts/refusal.ts';

export interface Answer {
  readonly status: number;
  /** The server's own sentence. */
  readonly reason: string;
}

export async function send(token: string): Promise<Answer> {
  const response = await fetch('/api/me', {
    headers: { Authorization: `Bearer ${token}` },
    // Nothing else may speak for the visitor.
    credentials: 'omit',
  });
  if (!response.ok) return { status: response.status, reason: refusalOf(response) ?? 'Refused.' };
  const me = (await response.json()) as { name?: string; role?: string };
  return { status: response.status, reason: `Hello, ${me.name ?? ''} (${me.role ?? ''})` };
}

/** A token of the server's own key, for the same user, that expired a minute ago. */
export async function expiredToken(token: string): Promise<string> {
  const response = await fetch('/demo/expired-token', {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}`);
  return ((await response.json()) as { accessToken: string }).accessToken;
}
