// Cookies as a browser keeps them (RFC 6265 §5), as far as a check needs it.

export type Cookies = ReadonlyMap<string, string>;

export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** By lower-case name. */
  readonly attributes: ReadonlyMap<string, string>;
}

export function readSetCookies(headers: Headers): SetCookie[] {
  return headers.getSetCookie().map((line) => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    return {
      ...readPair(pair),
      attributes: new Map(
        attributes.map((attribute) => {
          const { name, value } = readPair(attribute);
          return [(name === '' ? value : name).toLowerCase(), name === '' ? '' : value];
        }),
      ),
    };
  });
}

/** The value of a Cookie header. */
export function readCookies(text: string): Map<string, string> {
  const pairs = text.replace(/^cookie:/i, '').split(';');
  return new Map(
    pairs
      .map((pair) => readPair(pair.trim()))
      .filter(({ name }) => name !== '')
      .map(({ name, value }) => [name, value]),
  );
}

export function writeCookies(cookies: Cookies): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** The cookies after an answer. */
export function keepCookies(cookies: Cookies, headers: Headers): Cookies {
  const kept = new Map(cookies);
  for (const cookie of readSetCookies(headers)) {
    if (isDeletion(cookie)) kept.delete(cookie.name);
    else kept.set(cookie.name, cookie.value);
  }
  return kept;
}

export function isDeletion({ value, attributes }: SetCookie): boolean {
  const age = attributes.get('max-age');
  if (age !== undefined) return Number(age) <= 0;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return value === '' || expires <= Date.now();
}

function readPair(pair: string): { name: string; value: string } {
  const equals = pair.indexOf('=');
  return { name: pair.slice(0, Math.max(equals, 0)), value: pair.slice(equals + 1) };
}
