// Strings and numbers in and out of the core's linear memory.
import type { CoreExports } from './core_exports.ts';

/** The answer of {@link Memory.write} and {@link Memory.writeAll} to more than the core takes. */
export const TOO_LARGE = -1;

export interface Memory {
  /** Writes one string into the input area. Gives its length in bytes, or TOO_LARGE. */
  write(text: string): number;
  /** Writes bytes into the input area, one part behind the other. Gives their length, or TOO_LARGE. */
  writeAll(parts: readonly Uint8Array[]): number;
  readText(address: number, length: number): string;
  /** An unsigned 32-bit number. */
  readUint32(address: number): number;
  readDouble(address: number): number;
}

const encoder = new TextEncoder();
// A byte order mark is a character like others: the core has read the very same bytes.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

export function openMemory(
  memory: { readonly buffer: ArrayBuffer },
  input: CoreExports['bearerkit_input'],
): Memory {
  let view = new DataView(memory.buffer);
  let bytes = new Uint8Array(memory.buffer);

  // Any call may make memory grow, and views do not outlive that.
  function renewed(): DataView {
    if (view.buffer !== memory.buffer) {
      view = new DataView(memory.buffer);
      bytes = new Uint8Array(memory.buffer);
    }
    return view;
  }

  // 0 when there is not so much room.
  function reserve(size: number): number {
    const address = input(size);
    renewed();
    return address;
  }

  function writeAll(parts: readonly Uint8Array[]): number {
    const address = reserve(parts.reduce((sum, { length }) => sum + length, 0));
    return address === 0 ? TOO_LARGE : copyAll(parts, bytes, address) - address;
  }

  return {
    write(text) {
      const { length } = text;
      // Nearly all input is ASCII: as many bytes as characters, and no array is made on the way.
      const address = reserve(length);
      if (address === 0) return TOO_LARGE;
      const { read, written } = encoder.encodeInto(text, bytes.subarray(address, address + length));
      return read === length ? written : writeAll([encode(text)]);
    },
    writeAll,
    readText(address, length) {
      if (length === 0) return '';
      renewed();
      return decoder.decode(bytes.subarray(address >>> 0, (address >>> 0) + length));
    },
    readUint32: (address) => renewed().getUint32(address, true),
    readDouble: (address) => renewed().getFloat64(address, true),
  };
}

// Gives the address behind the last one.
function copyAll(parts: readonly Uint8Array[], bytes: Uint8Array, address: number): number {
  for (const part of parts) {
    bytes.set(part, address);
    address += part.length;
  }
  return address;
}
