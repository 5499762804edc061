// Installing Debian packages.
import { existsSync } from 'node:fs';
import { CommandFailed, run, which } from '../lib/run.mjs';

/**
 * Installs what is missing, or stops with a message that names it.
 * @param {readonly import('./requirements.mjs').Requirement[]} missing
 */
export async function installMissing(missing) {
  const packages = [...new Set(missing.map((requirement) => requirement.package))];
  if (which('apt-get') === undefined) throw new CommandFailed(cannotInstall(missing), '');

  const asRoot = process.getuid?.() === 0 ? [] : ['sudo'];
  if (asRoot.length > 0 && which('sudo') === undefined) {
    throw new CommandFailed(
      'Not root, and there is no sudo. As root, run once:\n' +
        `  apt-get update && apt-get install --no-install-recommends ${packages.join(' ')}`,
      '',
    );
  }

  console.log(
    `setup: installing Debian packages${asRoot.length > 0 ? ' with sudo' : ''}: ${packages.join(' ')}`,
  );
  /** @param {string[]} args */
  const asAdmin = (...args) => {
    const [command = '', ...rest] = [
      ...asRoot,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'LC_ALL=C.UTF-8',
      ...args,
    ];
    return run(command, rest, { show: true });
  };
  if (packages.includes('emscripten')) await keepOwnNode(asAdmin);
  await asAdmin('apt-get', 'update', '-qq');
  await asAdmin(
    'apt-get',
    'install',
    '-y',
    '-qq',
    '-o',
    'Dpkg::Use-Pty=0',
    '-o',
    'DPkg::Lock::Timeout=120',
    '--no-install-recommends',
    ...packages,
  );

  const still = missing.filter((requirement) => !requirement.isThere());
  if (still.length > 0) throw new CommandFailed(cannotInstall(still), '');
}

/** @param {readonly import('./requirements.mjs').Requirement[]} missing */
function cannotInstall(missing) {
  return [
    'These are needed and were not found; please install them:',
    ...missing.map(({ name, package: debian }) => `  - ${name}; on Debian the package ${debian}`),
  ].join('\n');
}

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
  console.log(
    `setup: keeping your ${node}; Debian's, on which its Emscripten depends, goes to ${node}.debian`,
  );
  await asAdmin(
    'dpkg-divert',
    '--local',
    '--no-rename',
    '--divert',
    `${node}.debian`,
    '--add',
    node,
  );
}
