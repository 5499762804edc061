// build/wasm/bearerkit.wasm: the core by Emscripten (see CMakeLists.txt), then made smaller by
// Binaryen.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, hashOf } from '../lib/files.mjs';
import { CommandFailed, root, run, which } from '../lib/run.mjs';
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

// In every browser since 2021, and what wasm2js takes: see CMakeLists.txt.
export const features = ['--mvp-features', '--enable-mutable-globals', '--enable-bulk-memory'];

// What else the libraries of a newer Emscripten use, and its Binaryen takes out again. Debian 12's
// have nothing of it, and no such passes.
const lowering = ['--signext-lowering', '--llvm-nontrapping-fptoint-lowering'];

/**
 * @param {string} from
 * @param {string} to
 */
async function shrink(from, to) {
  const binaryen = await binaryenFolder();
  const { stdout: known } = await run(`${binaryen}wasm-opt`, ['--help']);
  const passes = lowering.filter((pass) => known.includes(pass));
  if (passes.length > 0) await run(`${binaryen}wasm-opt`, ['-all', ...passes, from, '-o', from]);
  // Emscripten exports helpers for JavaScript of its own, which is not there: only ours stay, and
  // with the rest goes what only it reached.
  const module = new WebAssembly.Module(readFileSync(join(root, from)));
  const kept = WebAssembly.Module.exports(module)
    .map((item) => item.name)
    .filter((name) => name === 'memory' || name === '_initialize' || name.startsWith('bearerkit_'));
  const graph = kept.map((name) => ({ name, root: true, export: name }));
  const graphFile = join(root, 'build/wasm/exports.json');
  writeFileSync(graphFile, JSON.stringify(graph));
  await run(`${binaryen}wasm-metadce`, [...features, '-f', graphFile, from, '-o', to]);
  blankUnheardTexts(join(root, to));
  await run(`${binaryen}wasm-opt`, [
    ...features,
    '--flatten',
    '--rereloop',
    // Up to six instructions, most accessors of C++, are no longer than a call (2 % after brotli).
    '--always-inline-max-function-size',
    '6',
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
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(join(root, to))));
  if (imports.length > 0) {
    // js/core.ts gives it none: bindings/wasm_libc.cpp is the place to stand in for them.
    throw new CommandFailed(`The module imports ${JSON.stringify(imports)}`, '');
  }
}

/**
 * What nlohmann's lexer would say of an error: nobody hears it (src/json_reader.cpp), but it is set,
 * so no compiler leaves it out. Zeros are left out by wasm-opt: 2 % of the module after brotli.
 * @param {string} file
 */
function blankUnheardTexts(file) {
  const text = readFileSync(file, 'latin1');
  const unheard = /(?<=\0)invalid (?:string|number|literal|BOM|comment)\b[^\0]*/g;
  writeFileSync(
    file,
    text.replaceAll(unheard, (all) => '\0'.repeat(all.length)),
    'latin1',
  );
}

// Binaryen's tools are on the PATH in Debian, and beside the compiler in an emsdk.
export async function binaryenFolder() {
  if (which('wasm-opt') !== undefined && which('wasm-metadce') !== undefined) return '';
  const { stdout } = await run('em-config', ['BINARYEN_ROOT']);
  const folder = join(stdout.trim(), 'bin/');
  return existsSync(folder) ? folder : '';
}
