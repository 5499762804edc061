import type { TokenStorage } from '../../types.ts';

/**
 * Keeps the session in this page's memory: gone with a reload, and each tab has its own. What runs
 * in the page can still read it. One storage may serve several clients of a page.
 */
export function memoryStorage(): TokenStorage {
  const records = new Map<string, string>();
  return {
    shared: false,
    get: (key) => records.get(key) ?? null,
    set: (key, value) => void records.set(key, value),
    remove: (key) => void records.delete(key),
  };
}
