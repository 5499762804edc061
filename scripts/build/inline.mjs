// build/generated/wasm_inline.ts: the module inside the package, so that `import` needs no
// configuration and the synchronous functions work at once.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/run.mjs';

// The first code point that stands for a byte: from here on 256 code points hold no quote, no line
// break and no control character; only the backslash has to be escaped.
const FIRST = 0x23;

// One character for a byte, because that is how it travels best: brotli makes of it 2 % more than of
// the module itself, of base64 31 % more.
const bytes = readFileSync(join(root, 'build/wasm/bearerkit.wasm'));
const text = Array.from(bytes, (byte) => String.fromCharCode(byte + FIRST)).join('');

// The seam: the rest knows only `wasmBytes()`.
mkdirSync(join(root, 'build/generated'), { recursive: true });
writeFileSync(
  join(root, 'build/generated/wasm_inline.ts'),
  `// Made by scripts/build/inline.mjs. Do not edit.

const text =
  ${JSON.stringify(text)};

/** The WebAssembly module's bytes. */
export function wasmBytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) - ${FIRST};
  return bytes;
}
`,
);
