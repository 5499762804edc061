// What no decoder in WebAssembly can do without: the token's characters into its memory, one call, the
// decoded text out of it, and JSON.parse. Nothing is decoded: the text was put there before.
import type { Subject } from './subject.ts';

// (module (memory (export "memory") 64) (func (export "call") (param i32) (result i32) local.get 0))
const MODULE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 2, 1, 0, 5, 3, 1, 0, 64, 7, 17, 2, 6,
  109, 101, 109, 111, 114, 121, 2, 0, 4, 99, 97, 108, 108, 0, 0, 10, 6, 1, 4, 0, 32, 0, 11,
];
const exports = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(MODULE)))
  .exports as unknown as { memory: WebAssembly.Memory; call: (length: number) => number };
const input = new Uint8Array(exports.memory.buffer, 0, 1 << 21);
const output = new Uint8Array(exports.memory.buffer, 1 << 21);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
let payload = output;
let preparedLength = 0;

/** The first token's payload stands for all of its length. */
function prepare(token: string): void {
  preparedLength = token.length;
  const part = token.split('.')[1] ?? '';
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  output.set(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  payload = output.subarray(0, binary.length);
}

export const subject: Subject = {
  decode: (token) => {
    if (token.length !== preparedLength) prepare(token);
    exports.call(encoder.encodeInto(token, input).written);
    return JSON.parse(decoder.decode(payload)) as unknown;
  },
  isExpired: (token) => exports.call(encoder.encodeInto(token, input).written) < 0,
};
