// Node's own view of memory: it reads text in half the time, makes no array for it, and decodes base64url.

export interface NodeBuffer extends Uint8Array {
  latin1Slice(begin: number, end: number): string;
  utf8Slice(begin: number, end: number): string;
}

interface NodeBuffers {
  readonly prototype: object;
  from(buffer: ArrayBuffer): NodeBuffer;
  byteLength(text: string): number;
}

const { Buffer } = globalThis as unknown as { Buffer?: NodeBuffers };

/** Undefined where there is none. A page may have a stand-in, which is none. */
export const nodeBuffers =
  Buffer !== undefined && 'latin1Slice' in Buffer.prototype ? Buffer : undefined;

/** All of a buffer's bytes: as Node's own view where there is one. */
export function bytesOver(buffer: ArrayBuffer): Uint8Array {
  return nodeBuffers?.from(buffer) ?? new Uint8Array(buffer);
}
