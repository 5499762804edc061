// The arrows between folders: what includes or imports what. A change of the architecture is a change
// of this table.
import { dirname, join } from 'node:path';
import { filesOf, groupsOf, read } from '../lib/files.mjs';

// What all of js/ may take.
const COMMON = [
  'js/errors.ts',
  'js/jwt_error.ts',
  'js/types.ts',
  'js/utf8.ts',
  'js/values.ts',
  'build/generated',
];

/**
 * Each folder, and each file that is an exception, with what it may take besides its own folder's
 * files: folders, single files, or packages. build/generated is what the C++ says of the boundary.
 * @type {Record<string, readonly string[]>}
 */
const MAY_TAKE = {
  'src/formats': [],
  'src/formats/json_lexer.h': ['src/formats', 'nlohmann'],
  'src/machine': ['src/formats'],
  bindings: ['src/formats', 'src/machine'],
  js: [
    'js/client',
    'js/decode',
    'js/devtools',
    'js/testing',
    'js/core',
    'js/platform/storage',
    'js/types',
    'build/generated',
  ],
  // The frameworks' files take types alone of ours: they are handed a client.
  'js/react.ts': ['js/types.ts', 'react'],
  'js/vue.ts': ['js/types.ts', 'vue'],
  'js/svelte.ts': ['js/types.ts'],
  'js/angular.ts': [
    ...['js/types.ts', '@angular/common/http', '@angular/core', '@angular/router', 'rxjs'],
  ],
  'js/client': ['js/fetch', 'js/driver', 'js/core', ...COMMON],
  'js/decode': [
    ...['js/core/base64url.ts', 'js/core/node_buffer.ts', 'js/core/parts.ts', 'js/core/seconds.ts'],
    ...COMMON,
  ],
  'js/devtools': ['js/types', ...COMMON],
  // The package as it is, made to run on another platform: of js/ itself only types.
  'js/testing': ['js/types', 'js/platform/world.ts', ...COMMON],
  'js/fetch': ['js/driver', 'js/platform', ...COMMON],
  'js/driver': ['js/endpoints', 'js/platform', 'js/platform/storage', 'js/core', ...COMMON],
  'js/endpoints': ['js/platform', ...COMMON],
  'js/platform': COMMON,
  'js/platform/storage': COMMON,
  'js/core': ['js/beside.ts', ...COMMON],
  'js/types': ['js/errors.ts', 'js/jwt_error.ts', 'build/generated'],
};
const FOLDERS = ['src', 'bindings', 'js'];

/** @returns {string[]} complaints */
export function checkArrows() {
  return FOLDERS.flatMap((folder) => filesOf(folder, /\.(cpp|h|ts)$/)).flatMap((file) => {
    const own = dirname(file);
    const others = MAY_TAKE[file] ?? MAY_TAKE[own];
    if (others === undefined) return [`${file}: the folder is not in scripts/lint/arrows.mjs`];
    return takenBy(file)
      .filter((taken) => ![taken, dirname(taken)].some((at) => at === own || others.includes(at)))
      .map((taken) => `${file}: takes ${taken}, against the arrows (scripts/lint/arrows.mjs)`);
  });
}

/** @param {string} file */
function takenBy(file) {
  const isScript = file.endsWith('.ts');
  const pattern = isScript
    ? /^(?!\s*(?:\*|\/\/)).*?\b(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/gm
    : /^\s*#\s*include\s*(["<][^">]+)[">]/gm;
  return groupsOf(read(file), pattern)
    .map((name) => (isScript ? scriptAt(name, dirname(file)) : headerAt(name)))
    .filter((taken) => taken !== '');
}

/**
 * @param {string} name as it is imported
 * @param {string} folder
 */
function scriptAt(name, folder) {
  if (name.startsWith('#')) return `build/${name.slice(1)}`;
  return name.startsWith('.') ? join(folder, name) : name;
}

/**
 * The names begin at src/ (-iquote in CMakeLists.txt), those of bindings/ in their own folder. Of
 * what belongs to the system only nlohmann/json matters: the rest is the language's.
 * @param {string} name with the sign before it
 */
function headerAt(name) {
  const path = name.slice(1);
  if (name.startsWith('<')) return path.startsWith('nlohmann/') ? 'nlohmann' : '';
  const places = ['src', 'bindings', 'js'].map((folder) => `${folder}/${path}`);
  return places.find((place) => filesOf(place).length > 0) ?? path;
}
