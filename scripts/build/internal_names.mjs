// The names of members that only js/ itself knows, so that the package may have shorter ones.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from '../lib/files.mjs';
import { root } from '../lib/run.mjs';

// What apps see; the names in these are never changed.
const publicFiles = () => [...filesOf('js/types'), 'js/errors.ts'];
const LIBRARY = 'node_modules/typescript/lib';

/**
 * The members of the interfaces in js/, without those whose name anybody else may mean by it: the
 * language and the platform (what TypeScript's own declarations hold), the public files, the core
 * (its exports are not in interfaces, and written with underscores), and all that stands in quotes,
 * as headers and fields of JSON do.
 * @returns {string[]}
 */
export function internalNames() {
  const known = publicFiles();
  const sources = filesOf('js', /\.ts$/).filter((file) => !known.includes(file));
  const texts = sources.map((file) => withoutComments(read(file)));
  const taken = new Set();
  const platform = readdirSync(join(root, LIBRARY)).filter((file) => /^lib\..*\.d\.ts$/.test(file));
  for (const file of [...known, ...platform.map((name) => join(LIBRARY, name))]) {
    for (const [word] of withoutComments(read(file)).matchAll(/\w+/g)) taken.add(word);
  }
  for (const text of texts) {
    for (const [, quoted = ''] of text.matchAll(/'([^'\n]*)'/g)) taken.add(quoted);
  }
  /** @type {Set<string>} */
  const names = new Set();
  for (const text of texts) {
    for (const [, body = ''] of text.matchAll(/^(?:export )?interface \w+ \{\n(.*?)^\}/gms)) {
      for (const [, name = ''] of body.matchAll(
        /^ {2}(?:readonly )?([a-z][a-zA-Z0-9]+)\??[:(]/gm,
      )) {
        if (!taken.has(name)) names.add(name);
      }
    }
  }
  return [...names];
}

/** @param {string} file */
const read = (file) => readFileSync(join(root, file), 'utf8');

/** @param {string} text */
const withoutComments = (text) => text.replaceAll(/\/\*.*?\*\/|^\s*\/\/.*?$/gms, '');
