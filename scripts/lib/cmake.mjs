// CMake's presets: what is out of date, Ninja knows.
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { googletestIsThere } from '../setup/requirements.mjs';
import { root, run, which } from './run.mjs';

/**
 * Builds targets of a preset, or all that it has.
 * @param {string} preset
 * @param {{ targets?: readonly string[], keepGoing?: boolean, allowFailure?: boolean }} [options]
 */
export async function cmakeBuild(preset, options = {}) {
  const { targets = [], keepGoing = false, allowFailure = false } = options;
  await configure(preset);
  const target = targets.length > 0 ? ['--target', ...targets] : [];
  const ninja = keepGoing ? ['--', '-k', '0'] : [];
  const show = (/** @type {string} */ line) => !/^ninja: no work|Re-checking glob/.test(line);
  return cmake(['--build', '--preset', preset, ...target, ...ninja], { show, allowFailure });
}

/**
 * Runs CMake's first stage. When its files change Ninja does that itself. It knows nothing of the
 * presets, nor of other tools on the PATH, for which a cache is no good (hence --fresh).
 * @param {string} preset
 */
async function configure(preset) {
  const tools = [which('em++'), which('cmake'), process.execPath, googletestIsThere()].join(' ');
  const folder = join(root, 'build', preset);
  const cache = join(folder, 'CMakeCache.txt');
  if (
    existsSync(join(folder, 'build.ninja')) &&
    existsSync(cache) &&
    readFileSync(cache, 'utf8').includes(`\nBEARERKIT_TOOLS:STRING=${tools}\n`) &&
    statSync(cache).mtimeMs > statSync(join(root, 'CMakePresets.json')).mtimeMs
  ) {
    return;
  }
  console.log(`cmake: preset ${preset}`);
  const known = [`-DBEARERKIT_TOOLS:STRING=${tools}`, `-DNODE_EXECUTABLE=${process.execPath}`];
  await cmake(['--preset', preset, '--fresh', ...known]);
}

/**
 * One at a time in one checkout: an editor's build, a test's and a person's may meet. (flock is part
 * of every Linux; elsewhere people take care themselves.)
 * @param {readonly string[]} args
 * @param {import('./run.mjs').Options} [options]
 */
function cmake(args, options) {
  const all = { ...options, env: pythonOfEmscripten() };
  if (which('flock') === undefined) return run('cmake', args, all);
  mkdirSync(join(root, 'build'), { recursive: true });
  return run('flock', ['build/.lock', 'cmake', ...args], all);
}

/**
 * Which Python runs Emscripten, unless somebody has said so: the system's. The first on the PATH may be
 * a version manager's, which costs each compilation half a second.
 * @returns {Record<string, string>}
 */
function pythonOfEmscripten() {
  const system = '/usr/bin/python3';
  return process.platform === 'linux' &&
    process.env['EMSDK_PYTHON'] === undefined &&
    existsSync(system)
    ? { EMSDK_PYTHON: system }
    : {};
}
