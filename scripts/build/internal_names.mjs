// The names of members that only js/ itself knows, so that the package may have shorter ones.
import { readdirSync } from 'node:fs';
import { filesOf, groupsOf, read } from '../lib/files.mjs';
import { root } from '../lib/run.mjs';

// What apps see; the names in these are never changed.
const PUBLIC = [...filesOf('js/types'), 'js/errors.ts', 'js/jwt_error.ts'];
const LIBRARY = 'node_modules/typescript/lib';

/**
 * The members of the interfaces and classes in js/, without those whose name anybody else may mean by it: the
 * language and the platform (what TypeScript's own declarations hold), the public files, the core
 * (its exports are not in interfaces, and written with underscores), and all that stands in quotes,
 * as headers and fields of JSON do.
 * @returns {string[]}
 */
export function internalNames() {
  const platform = readdirSync(`${root}/${LIBRARY}`)
    .filter((file) => /^lib\..*\.d\.ts$/.test(file))
    .map((file) => `${LIBRARY}/${file}`);
  const taken = new Set([...PUBLIC, ...platform].flatMap((file) => groupsOf(code(file), /(\w+)/g)));
  // The devtools and the testing are loaded by nobody's users: they may have the platform's names, and
  // long ones. The frameworks' files have names that apps use, and hardly others.
  const sources = filesOf('js', /\.ts$/).filter(
    (file) =>
      !PUBLIC.includes(file) &&
      !/^js\/(devtools|testing|(react|vue|svelte|angular)\.ts$)/.test(file),
  );
  const texts = sources.map(code);
  for (const quoted of texts.flatMap((text) => groupsOf(text, /'([^'\n]*)'/g))) taken.add(quoted);
  const names = texts
    .flatMap((text) => groupsOf(text, /^(?:export )?(?:interface|class) \w.*?\{\n(.*?)^\}/gms))
    .flatMap((body) => groupsOf(body, /^ {2}(?:readonly |async )*([a-z][a-zA-Z0-9]+)\??[:(<]/gm));
  return [...new Set(names)].filter((name) => !taken.has(name));
}

/** @param {string} file */
const code = (file) => read(file).replaceAll(/\/\*.*?\*\/|^\s*\/\/.*?$/gms, '');
