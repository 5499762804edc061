// Where the page or worker is, and what URLs mean there.
import { attempt } from '../values.ts';

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
  return parseUrl(url, base)?.href ?? url;
}

/** Undefined where it is none: fetch will say so. */
export function parseUrl(url: string, base?: string): URL | undefined {
  return attempt(() => new URL(url, base));
}
