// C2: the header that foreign pages cannot send.
import type { CookieCsrf, CsrfFunction, StaticCsrf } from '../types.ts';
import { readCookie } from '../platform/cookie.ts';

/** Headers by name. */
export type HeaderRecord = Record<string, string>;

/** Gives the headers of one request. Throws, or rejects, only where the app's own function does. */
export type CsrfSource = () => HeaderRecord | Promise<HeaderRecord>;

export function csrfSource(option: StaticCsrf | CookieCsrf | CsrfFunction = {}): CsrfSource {
  if (typeof option === 'function') return option;
  if ('cookie' in option) {
    const { cookie, header } = option;
    return () => {
      const value = readCookie(cookie);
      return value === undefined ? {} : { [header]: value };
    };
  }
  const { header = 'X-CSRF', value = '1' } = option;
  return () => ({ [header]: value });
}
