// Runs a standalone wasm command (a unit test built by Emscripten) under Node's WASI:
//   node --no-warnings run_wasi.mjs some_test.wasm [arguments…]
// Its exit code is the command's.
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) throw new Error('run_wasi.mjs: name a .wasm file');

const wasi = new WASI({ version: 'preview1', args: [file, ...args], env: process.env });
const module = await WebAssembly.compile(await readFile(file));

// Emscripten imports a few functions besides WASI's: a note that memory grew, and system calls
// (files, mostly) that a unit test does not need. The latter answer "not supported".
const ENOSYS = 52;
/** @type {Record<string, () => number>} */
const env = {};
for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
  if (from !== 'env') continue;
  if (kind !== 'function') throw new Error(`run_wasi.mjs: cannot stand in for the ${kind} ${name}`);
  env[name] = name === 'emscripten_notify_memory_growth' ? () => 0 : () => -ENOSYS;
}

const instance = await WebAssembly.instantiate(module, { ...wasi.getImportObject(), env });
process.exitCode = wasi.start(instance);
