// B1, B2: where a request goes. The URL parser and the core decide; what stands here besides are
// cases in which their answer is known without a new URL.

// More origins than a page talks to; what is beyond is worked out anew.
const MOST_REMEMBERED = 64;

const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const QUESTION_MARK = 0x3f;
const NUMBER_SIGN = 0x23;
const SPACE = 0x20;

export class Origins {
  readonly #ask: (origin: string) => boolean;
  // Allowed origins that were seen, and what the core said of each.
  readonly #allowed: string[] = [];
  readonly #answers = new Map<string, boolean>();
  #base: string | undefined;
  #baseAllowed = false;

  /** `ask` is the core's rule, for a serialized origin. */
  constructor(ask: (origin: string) => boolean) {
    this.#ask = ask;
  }

  /** What the last URL that was only a path was relative to. */
  get base(): string | undefined {
    return this.#base;
  }

  /** Whether a request to `url`, as `fetch` would understand it now, may carry the token. */
  allows(url: string): boolean {
    const first = url.charCodeAt(0);
    if (first === SLASH) {
      // One slash and a path: the base's origin. Not so after a second slash, nor after the tabs
      // and line ends that the URL parser leaves out.
      const second = url.charCodeAt(1);
      if (second > SPACE && second !== SLASH && second !== BACKSLASH) return this.#allowsBase();
    } else {
      for (const origin of this.#allowed) {
        if (url.startsWith(origin) && endsAuthority(url.charCodeAt(origin.length))) return true;
      }
    }
    const base = baseUrl();
    const parsed = parse(url, base);
    return parsed !== undefined && this.#allowsOrigin(parsed);
  }

  // `<base href>` may change at any time, and name another origin.
  #allowsBase(): boolean {
    const base = baseUrl();
    if (base !== this.#base) {
      const parsed = base === undefined ? undefined : parse(base, undefined);
      this.#baseAllowed = parsed !== undefined && this.#allowsOrigin(parsed);
      this.#base = base;
    }
    return this.#baseAllowed;
  }

  #allowsOrigin(url: URL): boolean {
    // The origin of a blob: URL is that of its maker, but it is no server's.
    const origin = url.protocol === 'blob:' ? 'null' : url.origin;
    const known = this.#answers.get(origin);
    if (known !== undefined) return known;
    if (this.#answers.size >= MOST_REMEMBERED) {
      this.#answers.clear();
      this.#allowed.length = 0;
    }
    const answer = this.#ask(origin);
    this.#answers.set(origin, answer);
    if (answer) this.#allowed.push(origin);
    return answer;
  }
}

/** What relative URLs are relative to; undefined on a server. */
export function baseUrl(): string | undefined {
  // Present in pages only, whatever the types say.
  const page = globalThis.document as Document | undefined;
  return page === undefined ? (globalThis.location as Location | undefined)?.href : page.baseURI;
}

/**
 * The origin of the page or worker; undefined on a server. `self.origin` before `location.origin`:
 * in a sandboxed frame only the former says that it is opaque.
 */
export function ownOrigin(): string | undefined {
  const own = (globalThis as { origin?: unknown }).origin;
  return typeof own === 'string' ? own : (globalThis.location as Location | undefined)?.origin;
}

/** `url` made absolute, so that it means the same later; unchanged where it cannot be. */
export function pinUrl(url: string, base: string | undefined): string {
  return parse(url, base)?.href ?? url;
}

function parse(url: string, base: string | undefined): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined; // fetch will say so
  }
}

// What follows a host and port. NaN: nothing does.
function endsAuthority(code: number): boolean {
  return code === SLASH || code === QUESTION_MARK || code === NUMBER_SIGN || Number.isNaN(code);
}
