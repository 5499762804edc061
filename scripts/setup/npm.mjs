// Installing the npm packages of a lock file: the project's own, and those that only the tests of the
// recipes, the benchmark and the site of the documents want.
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../lib/run.mjs';

// They import 'bearerkit' like any app: a link, so that it is always the one just built.
const APPS = ['tests/recipes', 'tests/bench'];
const SITE = 'scripts/docs/site';

/** @param {{ forTests: boolean }} what */
export async function installNodeModules({ forTests }) {
  for (const folder of forTests ? ['.', ...APPS, SITE] : ['.']) {
    if (!isCurrent(folder)) await install(folder);
    const ownPackage = join(root, folder, 'node_modules/bearerkit');
    if (APPS.includes(folder) && !existsSync(ownPackage))
      symlinkSync('../../..', ownPackage, 'dir');
  }
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(file) {
  /** @type {unknown} */
  const lock = JSON.parse(readFileSync(join(root, file), 'utf8'));
  return /** @type {{ packages: ReturnType<typeof packagesOf> }} */ (lock).packages;
}

/**
 * Whether node_modules holds what the lock file says. npm notes what it installed in a lock file of
 * its own; optional packages (other systems' binaries) may be absent from it.
 * @param {string} folder
 */
function isCurrent(folder) {
  const installed = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(join(root, installed))) return false;
  const actual = packagesOf(installed);
  const wanted = Object.entries(packagesOf(join(folder, 'package-lock.json')));
  return wanted.every(([path, { version, optional }]) => {
    const isAbsent = optional === true && actual[path] === undefined;
    return path === '' || isAbsent || actual[path]?.version === version;
  });
}

/** @param {string} folder */
async function install(folder) {
  console.log(`setup: installing npm packages from ${join(folder, 'package-lock.json')}`);
  const args = ['ci', '--no-audit', '--no-fund'];
  const options = { cwd: join(root, folder), interactive: true };
  // The npm that runs this script, if one does: the PATH may give another by now.
  const npm = process.env['npm_execpath'];
  if (npm?.endsWith('.js') === true) await run(process.execPath, [npm, ...args], options);
  else await run('npm', args, options);
}
