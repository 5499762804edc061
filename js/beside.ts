// Where the JavaScript build is: a file beside this one. A file of its own, loaded only to find it:
// `import.meta` is a syntax error where tests turn ES modules into CommonJS, and nobody else needs it.
import type { JavaScriptModule } from './types.ts';

/**
 * The address is made by `new URL`, and bundlers are told to leave the import alone (by comments that
 * scripts/build/library.mjs puts in, since minifiers remove them). A plain
 * `import('./javascript.js')` would bring the file into the bundle of everybody who bundles into one
 * file. Vite, webpack and Next copy the file and mend the address.
 */
export function javascriptBesideThis(): Promise<JavaScriptModule> {
  const { href } = new URL('./javascript.js', import.meta.url);
  return import(href) as Promise<JavaScriptModule>;
}
