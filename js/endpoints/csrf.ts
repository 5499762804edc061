// C2: the header that foreign pages cannot send.
import type { CookieCsrf, CsrfFunction, StaticCsrf } from '../types.ts';
import { attempt } from '../values.ts';

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

function readCookie(name: string): string | undefined {
  const cookies = (globalThis.document as Document | undefined)?.cookie ?? '';
  for (const pair of cookies.split('; ')) {
    const equals = pair.indexOf('=');
    if (pair.slice(0, equals) !== name) continue;
    const value = pair.slice(equals + 1);
    // Servers that escape a cookie's value read it unescaped.
    return attempt(() => decodeURIComponent(value)) ?? value;
  }
  return undefined;
}
