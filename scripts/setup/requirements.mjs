// What a build needs from the system, and what the tests need besides. Each is looked for itself,
// not by its Debian package: a current emsdk or a Clang of one's own is as good.
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { which } from '../lib/run.mjs';

/**
 * @typedef {object} Requirement
 * @property {string} name what to tell a person who has to bring it themselves
 * @property {string} package the Debian package that brings it
 * @property {() => boolean} isThere must start no process: all of them run at each start
 */

/** @param {string[]} names */
const command =
  (...names) =>
  () =>
    names.some((name) => which(name) !== undefined);

/** @param {string} folder */
const entries = (folder) => (existsSync(folder) ? readdirSync(folder) : []);

export function googletestIsThere() {
  const folder = process.env['GTEST_SOURCE_DIR'] ?? '/usr/src/googletest';
  return existsSync(join(folder, 'googletest/src/gtest-all.cc'));
}

// An emsdk has wasm-opt beside its compiler, not on the PATH.
function hasBinaryen() {
  const emsdk = process.env['EMSDK'];
  return (
    which('wasm-opt') !== undefined ||
    (emsdk !== undefined && existsSync(join(emsdk, 'upstream/bin/wasm-opt')))
  );
}

// lib/clang/<version>/lib/<system>/libclang_rt.asan… beside the compiler that the PATH gives.
function hasSanitizerRuntimes() {
  const clang = which('clang++');
  if (clang === undefined) return false;
  const versions = join(dirname(dirname(realpathSync(clang))), 'lib/clang');
  return entries(versions).some((version) =>
    entries(join(versions, version, 'lib')).some((system) =>
      entries(join(versions, version, 'lib', system)).some((name) =>
        name.startsWith('libclang_rt.asan'),
      ),
    ),
  );
}

// Debian keeps initdb off the PATH.
function hasPostgres() {
  return (
    which('initdb') !== undefined ||
    entries('/usr/lib/postgresql').some((version) =>
      existsSync(`/usr/lib/postgresql/${version}/bin/initdb`),
    )
  );
}

/** @type {readonly Requirement[]} */
export const forBuild = [
  {
    name: 'Emscripten 3.1.6 or newer (the commands em++ and em-config)',
    package: 'emscripten',
    isThere: command('em++'),
  },
  {
    name: 'Binaryen (the commands wasm-opt and wasm-metadce)',
    package: 'binaryen',
    isThere: hasBinaryen,
  },
  {
    name: 'nlohmann/json 3.11 (the header nlohmann/json.hpp)',
    package: 'nlohmann-json3-dev',
    isThere: () =>
      ['/usr/include', '/usr/local/include', '/opt/homebrew/include'].some((folder) =>
        existsSync(`${folder}/nlohmann/json.hpp`),
      ),
  },
  { name: 'CMake 3.25 or newer (cmake)', package: 'cmake', isThere: command('cmake') },
  { name: 'Ninja (ninja)', package: 'ninja-build', isThere: command('ninja') },
  { name: 'a C++20 compiler (c++)', package: 'g++', isThere: command('c++') },
];

/** @type {readonly Requirement[]} */
export const forTests = [
  { name: 'GCC 12 or newer (g++)', package: 'g++', isThere: command('g++') },
  {
    name: "GoogleTest's sources (in /usr/src/googletest, or where GTEST_SOURCE_DIR says)",
    package: 'googletest',
    isThere: googletestIsThere,
  },
  { name: 'Clang 14 or newer (clang++)', package: 'clang', isThere: command('clang++') },
  {
    name: "Clang's sanitizer runtimes (libclang_rt.asan…)",
    package: 'libclang-rt-dev',
    isThere: hasSanitizerRuntimes,
  },
  { name: 'clang-format', package: 'clang-format', isThere: command('clang-format') },
  { name: 'clang-tidy', package: 'clang-tidy', isThere: command('clang-tidy') },
  { name: 'Chromium (chromium)', package: 'chromium', isThere: command('chromium') },
  {
    name: 'Firefox (firefox-esr or firefox)',
    package: 'firefox-esr',
    isThere: command('firefox-esr', 'firefox'),
  },
  {
    name: "WebKitGTK's driver (WebKitWebDriver)",
    package: 'webkit2gtk-driver',
    isThere: command('WebKitWebDriver'),
  },
  { name: 'a virtual display (xvfb-run)', package: 'xvfb', isThere: command('xvfb-run') },
  { name: 'xauth, which xvfb-run needs', package: 'xauth', isThere: command('xauth') },
  { name: 'PostgreSQL 15 or newer (initdb)', package: 'postgresql', isThere: hasPostgres },
];
