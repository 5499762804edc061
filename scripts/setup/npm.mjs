// Installing the npm packages of the lock file.
import { existsSync, readFileSync } from 'node:fs';
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

/**
 * Whether node_modules holds what the lock file says. npm notes what it installed in a lock file of
 * its own; optional packages (other systems' binaries) may be absent from it.
 */
export function nodeModulesAreCurrent() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const actual = packagesOf(installed);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([path, { version, optional }]) =>
      path === '' ||
      actual[path]?.version === version ||
      (optional === true && actual[path] === undefined),
  );
}

export async function installNodeModules() {
  console.log('setup: installing npm packages from package-lock.json');
  const args = ['ci', '--no-audit', '--no-fund'];
  // The npm that runs this script, if one does: the PATH may give another by now.
  const npm = process.env['npm_execpath'];
  if (npm?.endsWith('.js') === true) await run(process.execPath, [npm, ...args], { show: true });
  else await run('npm', args, { show: true });
}
