// Where the page or worker is, and what URLs mean there.
import { attempt } from '../values.ts';
import type { World } from './world.ts';

/** What relative URLs are relative to; undefined on a server. */
export function baseUrl(world: World): string | undefined {
  return world.document?.baseURI ?? world.location?.href;
}

/**
 * The origin of the page or worker; undefined on a server. `self.origin` before `location.origin`:
 * in a sandboxed frame only the former says that it is opaque.
 */
export function ownOrigin({ origin, location }: World): string | undefined {
  return typeof origin === 'string' ? origin : location?.origin;
}

/** `url` made absolute, so that it means the same later; unchanged where it cannot be. */
export function pinUrl(url: string, base: string | undefined): string {
  return parseUrl(url, base)?.href ?? url;
}

/** Undefined where it is none: fetch will say so. */
export function parseUrl(url: string, base?: string): URL | undefined {
  return attempt(() => new URL(url, base));
}
