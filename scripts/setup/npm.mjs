// Installing the npm packages of a lock file: the project's own, and those that only the recipes'
// tests want.
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../lib/run.mjs';

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(file) {
  /** @type {unknown} */
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  return /** @type {{ packages: Record<string, { version?: string, optional?: boolean }> }} */ (
    lock
  ).packages;
}

const RECIPES = 'tests/recipes';

/**
 * The folders with a lock file that have to be installed.
 * @param {{ forTests: boolean }} what
 * @returns {string[]}
 */
export function foldersToInstall(what) {
  const all = what.forTests ? ['.', RECIPES] : ['.'];
  return all.filter((folder) => !nodeModulesAreCurrent(folder));
}

/**
 * Whether node_modules holds what the lock file says. npm notes what it installed in a lock file of
 * its own; optional packages (other systems' binaries) may be absent from it.
 * @param {string} folder
 */
function nodeModulesAreCurrent(folder) {
  const installed = join(root, folder, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  if (folder === RECIPES && !existsSync(ownPackage)) return false;
  const actual = packagesOf(installed);
  return Object.entries(packagesOf(join(root, folder, 'package-lock.json'))).every(
    ([path, { version, optional }]) =>
      path === '' ||
      actual[path]?.version === version ||
      (optional === true && actual[path] === undefined),
  );
}

/** @param {string} folder */
export async function installNodeModules(folder) {
  console.log(`setup: installing npm packages from ${join(folder, 'package-lock.json')}`);
  const args = ['ci', '--no-audit', '--no-fund'];
  const options = { cwd: join(root, folder), show: true };
  // The npm that runs this script, if one does: the PATH may give another by now.
  const npm = process.env['npm_execpath'];
  if (npm?.endsWith('.js') === true) await run(process.execPath, [npm, ...args], options);
  else await run('npm', args, options);
  if (folder === RECIPES) linkOwnPackage();
}

// The recipes import 'bearerkit' like any app: a link, so that it is always the one just built.
const ownPackage = join(root, RECIPES, 'node_modules/bearerkit');

function linkOwnPackage() {
  symlinkSync('../../..', ownPackage, 'dir');
}
