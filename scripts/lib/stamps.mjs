// What was done with which inputs: so that nothing is done twice.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run.mjs';

const folder = join(root, 'build/.stamps');

/** @param {string} name */
const fileOf = (name) => join(folder, name.replaceAll('/', '.'));

/**
 * @param {string} name
 * @param {string} key a hash of all inputs
 * @param {readonly string[]} [outputs] paths that must exist
 */
export function isDone(name, key, outputs = []) {
  const file = fileOf(name);
  return (
    existsSync(file) &&
    readFileSync(file, 'utf8') === key &&
    outputs.every((path) => existsSync(join(root, path)))
  );
}

/**
 * @param {string} name
 * @param {string} key
 */
export function markDone(name, key) {
  mkdirSync(dirname(fileOf(name)), { recursive: true });
  writeFileSync(fileOf(name), key);
}

/** @param {string} name */
export function markUndone(name) {
  rmSync(fileOf(name), { force: true });
}
