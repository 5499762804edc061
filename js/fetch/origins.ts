// B1, B2: where a request goes. The URL parser and the core decide; what stands here besides are
// cases in which their answer is known without a new URL.
import { baseUrl, parseUrl } from '../platform/location.ts';

// More origins than a page talks to; what is beyond is worked out anew.
const MOST_REMEMBERED = 64;

const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const QUESTION_MARK = 0x3f;
const NUMBER_SIGN = 0x23;
const SPACE = 0x20;

export interface Origins {
  /** Whether a request to `url`, as `fetch` would understand it now, may carry the token. */
  allows(url: string): boolean;
  /** What the last URL that was only a path was relative to. */
  base(): string | undefined;
}

/** `ask` is the core's rule, for a serialized origin. */
export function createOrigins(ask: (origin: string) => boolean): Origins {
  // Allowed origins that were seen, and what the core said of each.
  const allowed: string[] = [];
  const answers = new Map<string, boolean>();
  let lastBase: string | undefined;
  let baseAllowed = false;

  function allows(url: string): boolean {
    if (url.charCodeAt(0) === SLASH) {
      // One slash and a path: the base's origin. Not so after a second slash, nor after the tabs
      // and line ends that the URL parser leaves out.
      const second = url.charCodeAt(1);
      if (second > SPACE && second !== SLASH && second !== BACKSLASH) return allowsBase();
    } else {
      for (const origin of allowed) {
        if (url.startsWith(origin) && endsAuthority(url.charCodeAt(origin.length))) return true;
      }
    }
    return allowsUrl(url, baseUrl());
  }

  // `<base href>` may change at any time, and name another origin.
  function allowsBase(): boolean {
    const base = baseUrl();
    if (base !== lastBase) {
      baseAllowed = base !== undefined && allowsUrl(base, undefined);
      lastBase = base;
    }
    return baseAllowed;
  }

  function allowsUrl(url: string, base: string | undefined): boolean {
    const parsed = parseUrl(url, base);
    if (parsed === undefined) return false;
    const origin = serverOf(parsed);
    let answer = answers.get(origin);
    if (answer === undefined) {
      if (answers.size >= MOST_REMEMBERED) {
        answers.clear();
        allowed.length = 0;
      }
      answer = ask(origin);
      answers.set(origin, answer);
      if (answer) allowed.push(origin);
    }
    return answer;
  }

  return { allows, base: () => lastBase };
}

// The origin of a blob: URL is that of its maker, but it is no server's.
function serverOf({ protocol, origin }: URL): string {
  return protocol === 'blob:' ? 'null' : origin;
}

// What follows a host and port. NaN: nothing does.
function endsAuthority(code: number): boolean {
  return code === SLASH || code === QUESTION_MARK || code === NUMBER_SIGN || Number.isNaN(code);
}
