// The cookies that scripts may read.
import { attempt } from '../values.ts';

/** The value of a cookie; undefined where there is none, or no page. Throws where the platform does. */
export function readCookie(name: string): string | undefined {
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
