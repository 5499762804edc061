// Finding and reading the repository's files.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/**
 * The files below a folder, or the file itself, as sorted paths relative to the repository.
 * Nothing when there is no such path. Folders named node_modules and dot folders are left out.
 * @param {string} path
 * @param {RegExp} [pattern] of the path
 * @returns {string[]}
 */
export function filesOf(path, pattern = /./) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return pattern.test(path) ? [path] : [];
  return readdirSync(absolute)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`, pattern));
}

/** @param {string} file */
export const read = (file) => readFileSync(join(root, file), 'utf8');

/**
 * What the first group of a pattern holds, wherever the pattern is met.
 * @param {string} text
 * @param {RegExp} pattern
 */
export const groupsOf = (text, pattern) => [...text.matchAll(pattern)].map(([, one = '']) => one);
