// build/wasm/bearerkit.wasm: the core by Emscripten (see CMakeLists.txt), then made smaller by
// Binaryen.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, hashOf } from '../lib/files.mjs';
import { root, run, which } from '../lib/run.mjs';
import { isDone, markDone } from '../lib/stamps.mjs';
import { googletestIsThere } from '../setup/requirements.mjs';

const cmakeFiles = () => [
  'CMakeLists.txt',
  'CMakePresets.json',
  'tests/CMakeLists.txt',
  ...filesOf('scripts/cmake'),
];
const toolchain = () => [which('em++') ?? '', which('cmake') ?? ''];

/** @type {import('./step.mjs').Step} */
export const wasm = {
  name: 'core as WebAssembly',
  inputs: () => [
    ...cmakeFiles(),
    ...filesOf('src'),
    ...filesOf('bindings', /(?<!print_abi\.cpp)$/),
    'scripts/build/wasm.mjs',
  ],
  extra: toolchain,
  outputs: ['build/wasm/bearerkit.wasm'],
  async run() {
    await configure('wasm');
    await run('cmake', ['--build', '--preset', 'wasm', '--target', 'bearerkit']);
    await shrink('build/wasm/bearerkit_linked.wasm', 'build/wasm/bearerkit.wasm');
  },
};

/**
 * Runs CMake's first stage for a preset, unless that was done for this very set-up.
 * @param {string} preset
 */
export async function configure(preset) {
  const key = hashOf(cmakeFiles(), [...toolchain(), String(googletestIsThere())]);
  const name = `cmake ${preset}`;
  if (isDone(name, key, [`build/${preset}/build.ninja`])) return;
  // --fresh: a cache of another compiler or of an older preset would win over the preset.
  await run('cmake', ['--preset', preset, '--fresh']);
  markDone(name, key);
}

// In every browser since 2021: see CMakeLists.txt.
const features = [
  '--mvp-features',
  '--enable-mutable-globals',
  '--enable-bulk-memory',
  '--enable-sign-ext',
  '--enable-nontrapping-float-to-int',
];

/**
 * @param {string} from
 * @param {string} to
 */
async function shrink(from, to) {
  // Emscripten exports helpers for JavaScript of its own, which is not there: only ours stay, and
  // with the rest goes what only it reached.
  const kept = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(join(root, from))))
    .map((item) => item.name)
    .filter((name) => name === 'memory' || name === '_initialize' || name.startsWith('bearerkit_'));
  const graph = kept.map((name) => ({ name, root: true, export: name }));
  const graphFile = join(root, 'build/wasm/exports.json');
  writeFileSync(graphFile, JSON.stringify(graph));
  const binaryen = await binaryenFolder();
  await run(`${binaryen}wasm-metadce`, [...features, '-f', graphFile, from, '-o', to]);
  await run(`${binaryen}wasm-opt`, [
    ...features,
    '--flatten',
    '--rereloop',
    '-Oz',
    '-Oz',
    '--converge',
    '--reorder-functions',
    '--strip-debug',
    '--strip-producers',
    '--strip-target-features',
    to,
    '-o',
    to,
  ]);
}

// Binaryen's tools are on the PATH in Debian, and beside the compiler in an emsdk.
async function binaryenFolder() {
  if (which('wasm-opt') !== undefined && which('wasm-metadce') !== undefined) return '';
  const { stdout } = await run('em-config', ['BINARYEN_ROOT']);
  const folder = join(stdout.trim(), 'bin/');
  return existsSync(folder) ? folder : '';
}
