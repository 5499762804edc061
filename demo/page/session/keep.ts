// Where the tokens are kept: chosen by the visitor, and held in the page's address, so that a
// reload finds the session again.
import type { Mode } from '/bearerkit/index.js';

/** Each choice: its name, and what it means, scripts on the page included. */
export const KEEPS = {
  memory: {
    name: 'Memory',
    hint: 'Gone after a reload. A script on this page can call the API while it runs here.',
  },
  session: {
    name: 'sessionStorage',
    hint: 'Survives a reload of this tab. Any script on this page can read both tokens.',
  },
  local: {
    name: 'localStorage',
    hint: 'Survives a restart, shared by all tabs. Any script on this page can read both tokens.',
  },
  hybrid: {
    name: 'Hybrid',
    hint:
      'The access token in memory, the refresh token in an HttpOnly cookie. Survives a restart. ' +
      'A script on this page can ask for an access token, but never has the refresh token.',
  },
  cookie: {
    name: 'Cookies only',
    hint:
      'Both tokens in HttpOnly cookies: no script ever sees one. ' +
      'A script on this page can still call the API while it runs here.',
  },
} as const;

/** One choice: the three storages of bearer mode, and the two other modes. */
export type Keep = keyof typeof KEEPS;

export const ALL_KEEPS = Object.keys(KEEPS) as readonly Keep[];

export function isKeep(value: unknown): value is Keep {
  return typeof value === 'string' && Object.hasOwn(KEEPS, value);
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
