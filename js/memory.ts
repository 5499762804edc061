// Strings and numbers in and out of the core's linear memory.
import type { CoreExports } from './core_exports.ts';

/** Answered by {@link Memory.write} when a string is longer than the core takes. */
export const TOO_LARGE = -1;

export interface Memory {
  /** Writes one string into the input area; its length in bytes, or TOO_LARGE. */
  write(text: string): number;
  /** Writes strings one behind the other; their lengths in bytes, all 0 when that is too large. */
  writeAll(texts: readonly string[]): number[];
  /** Room in the input area, 0 when there is not as much; its bytes count from there in `numbers`. */
  reserve(size: number): number;
  /** All of the memory, until the core is called again. */
  numbers(): DataView;
  readText(address: number, length: number): string;
  /** An unsigned 32-bit number. */
  readUint32(address: number): number;
  readDouble(address: number): number;
}

const encoder = new TextEncoder();
// A byte order mark is a character like others: the core has read the very same bytes.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function openMemory(
  memory: { readonly buffer: ArrayBuffer },
  input: CoreExports['bearerkit_input'],
): Memory {
  let view = new DataView(memory.buffer);
  let bytes = new Uint8Array(memory.buffer);

  // Views die when memory grows, which any call may bring about.
  function numbers(): DataView {
    const { buffer } = memory;
    if (view.buffer !== buffer) {
      view = new DataView(buffer);
      bytes = new Uint8Array(buffer);
    }
    return view;
  }

  function reserve(size: number): number {
    const address = input(size);
    numbers();
    return address;
  }

  function writeAll(texts: readonly string[]): number[] {
    const parts = texts.map((text) => encoder.encode(text));
    let address = reserve(parts.reduce((sum, { length }) => sum + length, 0));
    if (address === 0) return texts.map(() => 0);
    return parts.map((part) => {
      bytes.set(part, address);
      address += part.length;
      return part.length;
    });
  }

  return {
    write(text) {
      const { length } = text;
      // Nearly all input is ASCII: as many bytes as characters, and no array made on the way.
      const address = reserve(length);
      if (address === 0) return TOO_LARGE;
      const { read, written } = encoder.encodeInto(text, bytes.subarray(address, address + length));
      if (read === length) return written;
      // Not empty, or it would have been read: of no length when it is too large.
      return writeAll([text])[0] || TOO_LARGE;
    },
    writeAll,
    reserve,
    numbers,
    readText(address, length) {
      if (length === 0) return '';
      numbers();
      return decoder.decode(bytes.subarray(address >>> 0, (address >>> 0) + length));
    },
    readUint32: (address) => numbers().getUint32(address, true),
    readDouble: (address) => numbers().getFloat64(address, true),
  };
}
