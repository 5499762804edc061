// Parts of an answer that may be missing, or throw: an app's own fetch may give what is no Response.
import { attempt, hasMethod, nothing } from '../values.ts';

/** The status; NaN where it is no number. */
export function statusOf(answer: Response): number {
  const status: unknown = answer.status;
  return Number(status);
}

/** A field's value; empty where it is absent, or not to be read across origins. */
export function fieldOf(answer: Response, name: string): string {
  const value: unknown = attempt(() => answer.headers.get(name));
  return typeof value === 'string' ? value : '';
}

/** Lets go of a body that nobody will read, and of what is behind it. Never throws or rejects. */
export function discard(
  owner: { readonly body?: unknown } | undefined,
  reason?: unknown,
): Promise<void> | undefined {
  const body = owner?.body;
  // node-fetch has streams of Node.
  if (hasMethod(body, 'destroy')) attempt(() => body.destroy());
  return attempt(() => (body as ReadableStream | undefined)?.cancel(reason).catch(nothing));
}
