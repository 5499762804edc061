// Installing Debian packages.
import { existsSync } from 'node:fs';
import { CommandFailed, run, which } from '../lib/run.mjs';

/** @typedef {import('./requirements.mjs').Requirement} Requirement */

const ENVIRONMENT = ['env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C.UTF-8'];
const INSTALL = ['install', '-y', '-qq', '--no-install-recommends'];
const OPTIONS = ['-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120'];

/**
 * Installs what is missing, or stops with a message that names it.
 * @param {readonly Requirement[]} required
 */
export async function installMissing(required) {
  const missing = required.filter(([, , isThere]) => !isThere());
  if (missing.length === 0) return;
  if (which('apt-get') === undefined) throw new CommandFailed(cannotInstall(missing));
  const packages = [...new Set(missing.map(([, debianPackage]) => debianPackage))];
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && which('sudo') === undefined) {
    throw new CommandFailed(
      'Not root, and there is no sudo. As root, run once:\n' +
        `  apt-get update && apt-get install --no-install-recommends ${packages.join(' ')}`,
    );
  }
  const how = isRoot ? '' : ' with sudo';
  console.log(`setup: installing Debian packages${how}: ${packages.join(' ')}`);
  /** @param {string[]} args */
  const asAdmin = (...args) => {
    const [command = '', ...rest] = [...(isRoot ? [] : ['sudo']), ...ENVIRONMENT, ...args];
    return run(command, rest, { interactive: true });
  };
  if (packages.includes('emscripten')) await keepOwnNode(asAdmin);
  await asAdmin('apt-get', 'update', '-qq');
  await asAdmin('apt-get', ...INSTALL, ...OPTIONS, ...packages);

  const still = missing.filter(([, , isThere]) => !isThere());
  if (still.length > 0) throw new CommandFailed(cannotInstall(still));
}

/** @param {readonly Requirement[]} missing */
const cannotInstall = (missing) =>
  [
    'These are needed and were not found; please install them:',
    ...missing.map(
      ([name, debianPackage]) => `  - ${name}; on Debian the package ${debianPackage}`,
    ),
  ].join('\n');

/**
 * Debian's emscripten depends on Debian's nodejs, which would overwrite a /usr/bin/node that came
 * from elsewhere (it belongs to no package, so dpkg would not even ask). Diverted, Debian's goes
 * beside it.
 * @param {(...args: string[]) => Promise<unknown>} asAdmin
 */
async function keepOwnNode(asAdmin) {
  const node = '/usr/bin/node';
  if (!existsSync(node) || which('dpkg-divert') === undefined) return;
  const owner = await run('dpkg-query', ['-S', node], { allowFailure: true });
  if (owner.code === 0) return; // a package's own: apt keeps it, or replaces it knowingly
  console.log(`setup: keeping your ${node}; that of Debian's Emscripten goes to ${node}.debian`);
  const divert = ['--local', '--no-rename', '--divert', `${node}.debian`, '--add', node];
  await asAdmin('dpkg-divert', ...divert);
}
