// Who is signed in: by the claims, or where no script sees any, by asking.
import type { JwtPayload } from '/bearerkit/index.js';
import { familyOf } from './demo_api.ts';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

/** From claims, or from what the server says of a user. */
export function userOf(from: JwtPayload | Record<string, unknown>): User {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const id = text(from['sub'] ?? from['id']);
  const email = text(from['email']);
  return { id, email, name: text(from['name']) || email || id, role: text(from['role']) };
}

/** Whose the session in the cookies is; null where the server does not say. */
export async function askWho(): Promise<User | null> {
  return toldUser((await askJson('/cookie/session'))?.['user']);
}

/** Whom an answer of the server names. */
export const toldUser = (user: unknown): User | null => (isRecord(user) ? userOf(user) : null);

/** Why the server ended a session; null where it has not, or does not say. */
export const whyEnded = async (sid: string): Promise<string | null> =>
  (await familyOf(sid).catch(() => null))?.ended?.reason ?? null;

async function askJson(route: string): Promise<Record<string, unknown> | null> {
  try {
    const response = await fetch(route);
    const answer: unknown = response.ok ? await response.json() : null;
    return isRecord(answer) ? answer : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
