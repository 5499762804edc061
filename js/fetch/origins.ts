// B1, B2: where a request goes. The URL parser and the core decide; what stands here besides are
// cases in which their answer is known without a new URL.
import { REQUEST_FLAGS } from '#generated/abi';

import { baseUrl, parseUrl } from '../platform/location.ts';
import type { World } from '../platform/world.ts';

// More origins than a page talks to; what is beyond is worked out anew.
const MOST_REMEMBERED = 64;

const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

export interface Origins {
  /** REQUEST_FLAGS of a request to `url`, as `fetch` would understand it now. */
  flagsOf(url: string): number;
  /** What the last URL was relative to, if it was relative (F14). */
  base(): string | undefined;
}

/** `ask` is the core's rule, for a serialized origin. */
export function createOrigins(world: World, ask: (origin: string) => number): Origins {
  // Allowed origins that were seen, and what the core said of each.
  const allowed: string[] = [];
  const answers = new Map<string, number>();
  let lastBase: string | undefined;
  let flagsOfBase: number = REQUEST_FLAGS.foreign_origin;

  function flagsOf(url: string): number {
    if (url.charCodeAt(0) === SLASH) {
      // One slash and a path: the base's origin. Not so after a second slash, nor after the tabs
      // and line ends that the URL parser leaves out.
      const second = url.charCodeAt(1);
      if (second > SPACE && second !== SLASH && second !== BACKSLASH) {
        readBase();
        return flagsOfBase;
      }
    } else {
      for (const origin of allowed) {
        // What may follow a host and port; '' is the end.
        if (url.startsWith(origin) && '/?#'.includes(url.charAt(origin.length))) {
          return answers.get(origin) ?? 0;
        }
      }
    }
    return parse(url, readBase());
  }

  // `<base href>` may change at any time, and name another origin.
  function readBase(): string | undefined {
    const base = baseUrl(world);
    if (base !== lastBase) {
      flagsOfBase = parse(base ?? '');
      lastBase = base;
    }
    return base;
  }

  function parse(url: string, base?: string): number {
    const parsed = parseUrl(url, base);
    if (parsed === undefined) return REQUEST_FLAGS.foreign_origin;
    const origin = serverOf(parsed);
    let answer = answers.get(origin);
    if (answer === undefined) {
      if (answers.size >= MOST_REMEMBERED) {
        answers.clear();
        allowed.length = 0;
      }
      answer = ask(origin);
      answers.set(origin, answer);
      if (!(answer & REQUEST_FLAGS.foreign_origin)) allowed.push(origin);
    }
    return answer;
  }

  return { flagsOf, base: () => lastBase };
}

// The origin of a blob: URL is that of its maker, but it is no server's.
function serverOf({ protocol, origin }: URL): string {
  return protocol === 'blob:' ? 'null' : origin;
}
