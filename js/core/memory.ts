// Strings and numbers in and out of the core's linear memory.
import { USUAL_INPUT_BYTES } from '#generated/abi';

import { decodeInto } from './base64url.ts';
import type { CoreExports } from './core_exports.ts';
import { bytesOver, type NodeBuffer, nodeBuffers } from './node_buffer.ts';
import { decode, encode, encodeInto } from '../utf8.ts';

/** The answer of {@link Memory.write} and {@link Memory.writeAll} to more than the core takes. */
export const TOO_LARGE = -1;

export interface Memory {
  /** Writes one string into the input area. Gives its length in bytes, or TOO_LARGE. */
  write(text: string): number;
  /**
   * Writes what a part of a token decodes to: only where the platform can do that at the memory's own
   * place (isDecodable), and only what is base64url by D2. Gives its length in bytes, or -1: then the core
   * is to look.
   */
  writeBase64url(text: string): number;
  /** Writes bytes into the input area, one part behind the other. Gives their length, or TOO_LARGE. */
  writeAll(parts: readonly Uint8Array[]): number;
  /** `ascii`: whether it is known to be no more than that. */
  readText(address: number, length: number, ascii?: boolean): string;
  /** An unsigned 32-bit number. */
  readUint32(address: number): number;
  readDouble(address: number): number;
}

/** `detaches`: whether it is WebAssembly's, and not that of the JavaScript build. */
export function openMemory(
  memory: { readonly buffer: ArrayBuffer },
  input: CoreExports['bearerkit_input'],
  detaches: boolean,
): Memory {
  let view: DataView;
  let bytes: Uint8Array;
  let nodeBuffer: NodeBuffer | undefined;
  // The input area, as far as it always is: a view of it costs more than a short text.
  let area: Uint8Array;
  let areaAddress: number;
  renew();

  function renew(): void {
    view = new DataView(memory.buffer);
    bytes = bytesOver(memory.buffer);
    nodeBuffer = nodeBuffers && (bytes as NodeBuffer);
    areaAddress = 0;
  }

  // Any call may make memory grow, and views do not outlive that. WebAssembly leaves them without a
  // byte, which is seen sooner than whether its buffer is another one.
  function renewed(): DataView {
    if (bytes.length === 0 || (!detaches && view.buffer !== memory.buffer)) renew();
    return view;
  }

  // 0 when there is not so much room.
  function reserve(size: number): number {
    const address = input(size);
    renewed();
    return address;
  }

  function usualArea(size: number): Uint8Array {
    const address = reserve(size);
    if (areaAddress !== address) {
      areaAddress = address;
      area = bytes.subarray(address, address + USUAL_INPUT_BYTES);
    }
    return area;
  }

  function writeAll(parts: readonly Uint8Array[]): number {
    const address = reserve(parts.reduce((sum, { length }) => sum + length, 0));
    return address === 0 ? TOO_LARGE : copyAll(parts, bytes, address) - address;
  }

  return {
    write(text) {
      // Nearly all input is short, and ASCII: as many bytes as characters.
      const { length } = text;
      if (length <= USUAL_INPUT_BYTES) {
        // Both: as many bytes also fit where a longer character took the place of the last one.
        const { read, written } = encodeInto(text, usualArea(length));
        if (read === length && written === length) return length;
      }
      return writeAll([encode(text)]);
    },
    writeBase64url(text) {
      const { length } = text;
      if (length <= USUAL_INPUT_BYTES) return decodeInto(usualArea(length), text);
      const address = reserve(length);
      return decodeInto(bytes.subarray(address, address + length), text);
    },
    writeAll,
    readText(address, length, ascii = false) {
      if (length === 0) return '';
      renewed();
      const begin = address >>> 0;
      const end = begin + length;
      return nodeBuffer === undefined
        ? decode(bytes.subarray(begin, end))
        : nodeBuffer[ascii ? 'latin1Slice' : 'utf8Slice'](begin, end);
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
