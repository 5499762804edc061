// Origins and sites, as far as they can be told apart without the public suffix list.

export type Relation = 'same-origin' | 'same-site' | 'cross-site';

/**
 * How a page of `origin` stands to `url`. Hosts with the same last two labels count as one site:
 * under suffixes of two labels (co.uk, herokuapp.com) that is too lenient, never too strict.
 */
export function relationOf(origin: string, url: URL): Relation {
  const page = new URL(origin);
  if (page.origin === url.origin) return 'same-origin';
  return page.protocol === url.protocol && siteOf(page) === siteOf(url)
    ? 'same-site'
    : 'cross-site';
}

/** The site that two hosts are taken to be of; undefined where nothing had to be assumed. */
export function assumedSite(origin: string, url: URL): string | undefined {
  const { hostname } = new URL(origin);
  const assumed = hostname !== url.hostname && relationOf(origin, url) === 'same-site';
  return assumed ? siteOf(url) : undefined;
}

/** The last two labels of a host; all of an address. */
export function siteOf({ hostname }: URL): string {
  const isAddress = /^[\d.]+$|^\[/.test(hostname);
  return isAddress ? hostname : hostname.split('.').slice(-2).join('.');
}
