// build/generated/wasm_inline.ts: the module inside the package, so that `import` needs no
// configuration and the synchronous functions work at once.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/run.mjs';

/** @type {import('./step.mjs').Step} */
export const inline = {
  name: 'module inlined',
  inputs: () => ['build/wasm/bearerkit.wasm', 'scripts/build/inline.mjs'],
  outputs: ['build/generated/wasm_inline.ts'],
  async run() {
    mkdirSync(join(root, 'build/generated'), { recursive: true });
    const bytes = readFileSync(join(root, 'build/wasm/bearerkit.wasm'));
    writeFileSync(join(root, 'build/generated/wasm_inline.ts'), inlineSource(bytes));
  },
};

/**
 * The seam: the rest knows only `wasmBytes()`, so a denser encoding can be chosen here alone.
 * @param {Buffer} bytes
 */
function inlineSource(bytes) {
  return `// Made by scripts/build/inline.mjs. Do not edit.

const base64 = '${bytes.toString('base64')}';

/** The WebAssembly module's bytes. */
export function wasmBytes(): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
`;
}
