// Finding the repository's files, and telling whether they changed.
import { createHash } from 'node:crypto';
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

/**
 * A hash of the files' names and contents, and of anything else that matters.
 * @param {readonly string[]} files
 * @param {readonly string[]} [extra]
 */
export function hashOf(files, extra = []) {
  const hash = createHash('sha256');
  for (const text of extra) hash.update(`${text}\0`);
  for (const file of files) {
    hash.update(`\0${file}\0`);
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}
