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

// The first code point that stands for a byte: from here on 256 code points hold no quote, no line
// break and no control character; only the backslash has to be escaped.
const firstCodePoint = 0x23;

/**
 * The seam: the rest knows only `wasmBytes()`. One character for a byte, because that is how it
 * travels best: brotli makes of it 2 % more than of the module itself, of base64 31 % more.
 * @param {Buffer} bytes
 */
function inlineSource(bytes) {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte + firstCodePoint)).join('');
  return `// Made by scripts/build/inline.mjs. Do not edit.

const text =
  ${JSON.stringify(text)};

/** The WebAssembly module's bytes. */
export function wasmBytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) - ${firstCodePoint};
  return bytes;
}
`;
}
