import { AuthError } from '../../errors.ts';
import type { TokenStorage } from '../../types.ts';

/**
 * Keeps the session in `localStorage` (`local`: survives the browser, all tabs share it) or in
 * `sessionStorage` (`session`: survives a reload, one tab). Every script of the origin can read it.
 * Where the browser refuses, the client goes on in memory with one `warning` event (S2). A browser
 * that is killed may come back without what it was given in the last minute.
 * @throws {AuthError} `invalid_config` for another area
 */
export function webStorage(area: 'local' | 'session'): TokenStorage {
  // Looked up at each use: the getter itself throws in some frames, and a server has none.
  const storage = (): Storage => globalThis[`${area}Storage`];
  if (!['local', 'session'].includes(area)) {
    throw new AuthError('invalid_config', { option: "webStorage must be 'local' or 'session'" });
  }
  return {
    shared: area === 'local',
    copied: area === 'session',
    get: (key) => storage().getItem(key),
    set: (key, value) => storage().setItem(key, value),
    remove: (key) => storage().removeItem(key),
  };
}
