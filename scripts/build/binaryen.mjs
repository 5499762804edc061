// Binaryen's tools, by which the module is made smaller, and into JavaScript.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run, which } from '../lib/run.mjs';

// In every browser since 2021, and what wasm2js takes: see CMakeLists.txt.
const features = ['--mvp-features', '--enable-mutable-globals', '--enable-bulk-memory'];

/**
 * @param {'wasm-opt' | 'wasm-metadce' | 'wasm2js'} tool
 * @param {readonly string[]} args
 */
export const binaryen = async (tool, ...args) => run(await pathOf(tool), [...features, ...args]);

/**
 * The tools are on the PATH in Debian, and beside the compiler in an emsdk.
 * @param {string} tool
 */
export async function pathOf(tool) {
  if (which('wasm-opt') !== undefined && which('wasm-metadce') !== undefined) return tool;
  const { stdout } = await run('em-config', ['BINARYEN_ROOT']);
  const file = join(stdout.trim(), 'bin', tool);
  return existsSync(file) ? file : tool;
}
