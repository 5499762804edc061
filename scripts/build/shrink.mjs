// build/wasm/bearerkit.wasm: what Emscripten has linked (see CMakeLists.txt), made smaller by Binaryen.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../lib/run.mjs';
import { binaryen, pathOf } from './binaryen.mjs';
import { exportNames } from './export_names.mjs';

const folder = join(root, 'build/wasm');
const small = join(folder, 'bearerkit_small.wasm');

await keepOurs(await lower(join(folder, 'bearerkit_linked.wasm')));
blankUnheardTexts();
await optimise();
const imports = WebAssembly.Module.imports(moduleOf(small));
// js/core.ts gives it none: bindings/wasm_libc.cpp is the place to stand in for them.
if (imports.length > 0) throw new Error(`The module imports ${JSON.stringify(imports)}`);
renameSync(small, join(folder, 'bearerkit.wasm'));

/** @param {string} file */
function moduleOf(file) {
  return new WebAssembly.Module(readFileSync(file));
}

/**
 * Takes out what else the libraries of a newer Emscripten use. Debian 12's have nothing of it, and
 * its Binaryen has no such passes.
 * @param {string} linked
 * @returns {Promise<string>} the file to go on with
 */
async function lower(linked) {
  const { stdout: known } = await run(await pathOf('wasm-opt'), ['--help']);
  const passes = ['--signext-lowering', '--llvm-nontrapping-fptoint-lowering'].filter((pass) =>
    known.includes(pass),
  );
  if (passes.length === 0) return linked;
  const lowered = join(folder, 'bearerkit_lowered.wasm');
  await run(await pathOf('wasm-opt'), ['-all', ...passes, linked, '-o', lowered]);
  return lowered;
}

/**
 * Emscripten exports helpers for JavaScript of its own, which is not there: only our exports stay,
 * and with the rest goes what only it reached.
 * @param {string} from
 */
async function keepOurs(from) {
  const ours = new Set(['memory', '_initialize', ...Object.values(exportNames())]);
  const kept = WebAssembly.Module.exports(moduleOf(from))
    .map(({ name }) => name)
    .filter((name) => ours.has(name));
  const graph = join(folder, 'exports.json');
  writeFileSync(graph, JSON.stringify(kept.map((name) => ({ name, root: true, export: name }))));
  await binaryen('wasm-metadce', '-f', graph, from, '-o', small);
}

/**
 * What nlohmann's lexer would say of an error: nobody hears it (src/formats/json_reader.cpp), but it
 * is set, so no compiler leaves it out. Zeros are left out by wasm-opt: 2 % after brotli.
 */
function blankUnheardTexts() {
  const unheard = /(?<=\0)invalid (?:string|number|literal|BOM|comment)\b[^\0]*/g;
  const blank = readFileSync(small, 'latin1').replaceAll(unheard, (all) => '\0'.repeat(all.length));
  writeFileSync(small, blank, 'latin1');
}

async function optimise() {
  await binaryen(
    'wasm-opt',
    '--flatten',
    '--rereloop',
    // Up to six instructions, most accessors of C++, are no longer than a call (2 % after brotli).
    '--always-inline-max-function-size=6',
    '--one-caller-inline-max-function-size=20',
    ...['-Oz', '-Oz', '--converge', '--reorder-functions'],
    ...['--strip-debug', '--strip-producers', '--strip-target-features'],
    ...[small, '-o', small],
  );
}
