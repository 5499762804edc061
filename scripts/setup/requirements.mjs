// What a build needs from the system, and what the tests need besides. Each is looked for itself,
// not by its Debian package: a current emsdk or a Clang of one's own is as good.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { which } from '../lib/run.mjs';

/**
 * What to tell a person who has to bring it themselves; the Debian package that brings it; and a look
 * whether it is there, which must start no process, as all of them run at each start.
 * @typedef {readonly [name: string, debianPackage: string, isThere: () => boolean]} Requirement
 */

/** @param {string[]} names */
const command =
  (...names) =>
  () =>
    names.some((name) => which(name) !== undefined);

/** @param {string} folder */
const entries = (folder) =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];

export function googletestIsThere() {
  const folder = process.env['GTEST_SOURCE_DIR'] ?? '/usr/src/googletest';
  return existsSync(join(folder, 'googletest/src/gtest-all.cc'));
}

// An emsdk has wasm-opt beside its compiler, not on the PATH.
const hasBinaryen = () =>
  which('wasm-opt') !== undefined ||
  existsSync(join(process.env['EMSDK'] ?? '/nowhere', 'upstream/bin/wasm-opt'));

const hasNlohmann = () =>
  ['/usr/include', '/usr/local/include', '/opt/homebrew/include'].some((folder) =>
    existsSync(`${folder}/nlohmann/json.hpp`),
  );

// lib/clang/<version>/lib/<system>/libclang_rt.asan… beside the compiler that the PATH gives.
function hasSanitizerRuntimes() {
  const clang = which('clang++');
  if (clang === undefined) return false;
  return entries(join(dirname(dirname(realpathSync(clang))), 'lib/clang'))
    .flatMap((version) => entries(join(version, 'lib')).flatMap(entries))
    .some((file) => file.includes('/libclang_rt.asan'));
}

// Only Debian has it as a package. Elsewhere the tests take the whole Chromium.
const hasHeadlessShell = () =>
  which('chromium-headless-shell') !== undefined || !/^ID=debian$/m.test(osRelease());

const osRelease = () =>
  existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';

// Debian keeps initdb off the PATH.
const hasPostgres = () =>
  which('initdb') !== undefined ||
  entries('/usr/lib/postgresql').some((version) => existsSync(join(version, 'bin/initdb')));

/** @type {readonly Requirement[]} */
export const forBuild = [
  ['Emscripten 3.1.6 or newer (em++ and em-config)', 'emscripten', command('em++')],
  ['Binaryen (wasm-opt and wasm-metadce)', 'binaryen', hasBinaryen],
  ['nlohmann/json 3.11 (the header nlohmann/json.hpp)', 'nlohmann-json3-dev', hasNlohmann],
  ['CMake 3.25 or newer (cmake)', 'cmake', command('cmake')],
  ['Ninja (ninja)', 'ninja-build', command('ninja')],
  ['a C++20 compiler (c++)', 'g++', command('c++')],
];

/** @type {readonly Requirement[]} */
export const forTests = [
  ['GCC 12 or newer (g++)', 'g++', command('g++')],
  ["GoogleTest's sources (or GTEST_SOURCE_DIR says where)", 'googletest', googletestIsThere],
  ['Clang 14 or newer (clang++)', 'clang', command('clang++')],
  ["Clang's sanitizer runtimes (libclang_rt.asan…)", 'libclang-rt-dev', hasSanitizerRuntimes],
  ['clang-format', 'clang-format', command('clang-format')],
  ['clang-tidy', 'clang-tidy', command('clang-tidy')],
  ['Chromium (chromium)', 'chromium', command('chromium')],
  [
    "Chromium's headless shell (chromium-headless-shell)",
    'chromium-headless-shell',
    hasHeadlessShell,
  ],
  ['Firefox (firefox-esr or firefox)', 'firefox-esr', command('firefox-esr', 'firefox')],
  ["WebKitGTK's driver (WebKitWebDriver)", 'webkit2gtk-driver', command('WebKitWebDriver')],
  ['a virtual display (xvfb-run)', 'xvfb', command('xvfb-run')],
  ['xauth, which xvfb-run needs', 'xauth', command('xauth')],
  ['PostgreSQL 15 or newer (initdb)', 'postgresql', hasPostgres],
];
