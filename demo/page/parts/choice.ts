// Where the tokens are kept: chosen when signing in, and held in the page's address, so that a
// reload finds the session again.
import type { Mode } from '/bearerkit/index.js';

const KEPT = {
  memory: 'memory',
  session: 'sessionStorage',
  local: 'localStorage',
  hybrid: 'memory and an HttpOnly cookie',
  cookie: 'HttpOnly cookies',
} as const;

/** One choice: the three storages of bearer mode, and the two other modes. */
export type Keep = keyof typeof KEPT;

export const describeKeep = (keep: Keep): string => KEPT[keep];

export function isKeep(value: unknown): value is Keep {
  return typeof value === 'string' && Object.hasOwn(KEPT, value);
}

export const modeOf = (keep: Keep): Mode =>
  keep === 'hybrid' || keep === 'cookie' ? keep : 'bearer';

/** From `?mode=bearer&storage=local`, `?mode=hybrid` or `?mode=cookie`; else memory. */
export function readKeep(search: string): Keep {
  const query = new URLSearchParams(search);
  const mode = query.get('mode') ?? 'bearer';
  const keep = mode === 'bearer' ? query.get('storage') : mode;
  return isKeep(keep) ? keep : 'memory';
}

export function keepSearch(keep: Keep): string {
  const mode = modeOf(keep);
  return mode === 'bearer' ? `?mode=bearer&storage=${keep}` : `?mode=${mode}`;
}
