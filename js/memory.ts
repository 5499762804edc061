// Strings and numbers in and out of the core's linear memory.
import type { CoreExports } from './core_exports.ts';

/** Answered by {@link Memory.write} when a string is longer than the core takes. */
export const TOO_LARGE = -1;

const encoder = new TextEncoder();
// A byte order mark is a character like others: the core has read the very same bytes.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class Memory {
  readonly #memory: WebAssembly.Memory;
  readonly #input: CoreExports['bearerkit_input'];
  #bytes: Uint8Array<ArrayBuffer>;
  #numbers: DataView<ArrayBuffer>;

  constructor(memory: WebAssembly.Memory, input: CoreExports['bearerkit_input']) {
    this.#memory = memory;
    this.#input = input;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#numbers = new DataView(memory.buffer);
  }

  /** Writes one string into the input area; its length in bytes, or TOO_LARGE. */
  write(text: string): number {
    // Nearly all input is ASCII: as many bytes as characters, and no array made on the way.
    const address = this.#input(text.length);
    if (address === 0) return TOO_LARGE;
    this.#renew();
    const area = this.#bytes.subarray(address, address + text.length);
    const { read, written } = encoder.encodeInto(text, area);
    if (read === text.length) return written;
    const bytes = encoder.encode(text);
    return this.#writeBytes([bytes]) ? bytes.length : TOO_LARGE;
  }

  /** Writes strings one behind the other; their lengths in bytes, or undefined when too large. */
  writeAll(texts: readonly string[]): number[] | undefined {
    const parts = texts.map((text) => encoder.encode(text));
    return this.#writeBytes(parts) ? parts.map((part) => part.length) : undefined;
  }

  /** Writes a structure of `size` bytes with `fill`, whose offsets count from its start. */
  writeStruct(size: number, fill: (view: DataView) => void): void {
    const address = this.#input(size);
    this.#renew();
    fill(new DataView(this.#memory.buffer, address, size));
  }

  readText(address: number, length: number): string {
    if (length === 0) return '';
    this.#renew();
    return decoder.decode(this.#bytes.subarray(address >>> 0, (address >>> 0) + length));
  }

  /** An unsigned 32-bit number. */
  readUint32(address: number): number {
    this.#renew();
    return this.#numbers.getUint32(address, true);
  }

  readDouble(address: number): number {
    this.#renew();
    return this.#numbers.getFloat64(address, true);
  }

  #writeBytes(parts: readonly Uint8Array[]): boolean {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    let address = this.#input(size);
    if (address === 0) return false;
    this.#renew();
    for (const part of parts) {
      this.#bytes.set(part, address);
      address += part.length;
    }
    return true;
  }

  // Views die when memory grows, which any call may bring about.
  #renew(): void {
    const { buffer } = this.#memory;
    if (this.#bytes.buffer === buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#numbers = new DataView(buffer);
  }
}
