// dist/**/*.d.ts: the declarations of the package, of what tsc writes into build/types.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { filesOf } from '../lib/files.mjs';
import { npmTool, root } from '../lib/run.mjs';

const TYPES = join(root, 'build/types');
// Written by hand: what they describe is made by other tools.
const BY_HAND = ['js/javascript.d.ts', 'js/bearerkit.wasm.d.ts'];

rmSync(TYPES, { recursive: true, force: true });
const emit = ['--noEmit', 'false', '--emitDeclarationOnly', '--declaration', '--outDir', TYPES];
await npmTool('typescript/bin/tsc', '-p', 'js/tsconfig.json', ...emit);
for (const file of BY_HAND) cpSync(join(root, file), join(TYPES, file));
/** @type {Map<string, string>} by their place below dist/ */
const published = new Map();
for (const file of [
  'js/index.d.ts',
  'js/external.d.ts',
  'js/decode.d.ts',
  'js/devtools.d.ts',
  'js/react.d.ts',
  'js/vue.d.ts',
  'js/svelte.d.ts',
  'js/angular.d.ts',
  'js/testing.d.ts',
  ...BY_HAND,
])
  publish(file);
for (const old of filesOf('dist', /\.d\.ts$/)) rmSync(join(root, old));
for (const [file, text] of published) {
  mkdirSync(dirname(join(root, 'dist', file)), { recursive: true });
  writeFileSync(join(root, 'dist', file), text);
}

/**
 * Takes a declaration file, and those that it imports: what the public ones do not reach is nobody's
 * business. Their imports come to name the JavaScript file, as every resolver wants it, and no alias
 * of ours.
 * @param {string} file relative to build/types: js/… or build/generated/…
 */
function publish(file) {
  const place = placeOf(file);
  if (published.has(place)) return;
  published.set(place, '');
  const text = readFileSync(join(TYPES, file), 'utf8').replaceAll(
    /(?<=\b(?:from|import)\s*\(?\s*)(['"])((?:\.{1,2}|#generated)\/[^'"]+)\1/g,
    (_, /** @type {string} */ quote, /** @type {string} */ specifier) => {
      const path = specifier.replace(/\.[jt]s$/, '');
      const next = `${path.startsWith('#') ? `build/${path.slice(1)}` : join(dirname(file), path)}.d.ts`;
      publish(next);
      const to = relative(dirname(place), placeOf(next)).replace(/\.d\.ts$/, '.js');
      return `${quote}${to.startsWith('.') ? '' : './'}${to}${quote}`;
    },
  );
  published.set(place, text);
}

/** @param {string} file */
function placeOf(file) {
  return file.replace(/^(?:js|build)\//, '');
}
