// What a page downloads of the package: how many bytes, and whether the JavaScript build is among them.
import { readFileSync } from 'node:fs';
import { brotliSize } from '../../../scripts/lib/brotli.mjs';
import { directly } from './fresh_app.ts';
import type { Host } from './host.ts';

/** Only the code of sessions has it, and no minifier changes it. */
const OF_THE_CODE = 'X-CSRF';

/** Something that only the JavaScript build has, and that no minifier changes: the longest of its words. */
const OF_THE_JAVASCRIPT_BUILD = (
  readFileSync(new URL('../../../dist/javascript.js', import.meta.url), 'utf8').match(
    /\w{24,}/g,
  ) ?? ['']
).reduce((longest, word) => (word.length > longest.length ? word : longest));

export interface Download {
  /** After brotli, file by file, of the scripts that hold some of the package. */
  readonly bytes: number;
  /** How many scripts hold the JavaScript build. */
  readonly javascriptBuilds: number;
}

/** `scripts` as `host.scripts` has them. */
export async function downloadOf(host: Host, scripts: Iterable<string>): Promise<Download> {
  const files = await Promise.all(
    [...scripts].map(async (script) => {
      const text = await (await fetch(`${directly(host.origin)}${script}`)).text();
      const isBuild = text.includes(OF_THE_JAVASCRIPT_BUILD);
      // Without a bundler the files are the package's own.
      const isOurs = isBuild || text.includes(OF_THE_CODE) || script.includes('/bearerkit/');
      return { isBuild, bytes: isOurs ? brotliSize(Buffer.from(text)) : 0 };
    }),
  );
  return {
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    javascriptBuilds: files.filter((file) => file.isBuild).length,
  };
}
