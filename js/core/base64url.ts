// Base64url by the engine itself, or by Node: both are faster at it than any code of ours.
import { nodeBuffers } from './node_buffer.ts';

interface Base64Area {
  setFromBase64(text: string, options: { alphabet: 'base64url' }): { written: number };
}
/** Node's, of which the documented `write` is as quick as its inner `base64urlWrite`. */
interface NodeArea {
  write(text: string, encoding: 'base64url'): number;
}
const OPTIONS = { alphabet: 'base64url' } as const;
// The last characters of a group of two, and of three, that leave no bits over.
const LAST = ['', '', 'AQgw', 'AEIMQUYcgkosw048'] as const;

const HAS_SET_FROM_BASE64 = 'setFromBase64' in Uint8Array.prototype;

/**
 * Whether decodeInto is for this text: a part of a token, or all of it, since asking once for all parts
 * takes less time. Node takes the two other characters of base64, too, and of a longer character the
 * lowest eight bits.
 */
export const isDecodable = (text: string): boolean =>
  HAS_SET_FROM_BASE64 ||
  (nodeBuffers?.byteLength(text) === text.length && !text.includes('+') && !text.includes('/'));

/**
 * Decodes into `area`, a view that bytesOver has made, what isDecodable says yes to: only what is base64url
 * by D2, and has room there.
 * @returns the length in bytes, or -1
 */
export function decodeInto(area: Uint8Array, text: string): number {
  try {
    const written = HAS_SET_FROM_BASE64
      ? (area as unknown as Base64Area).setFromBase64(text, OPTIONS).written
      : (area as unknown as NodeArea).write(text, 'base64url');
    // Both pass over padding and white space, and Node over whatever else is no base64: that makes the
    // bytes fewer than the characters say.
    return written === (text.length * 3) >> 2 && endsWell(text) ? written : -1;
  } catch {
    return -1;
  }
}

/** Whether the length is one of base64url, and the bits that are left over are zero (D2). */
export function endsWell(text: string): boolean {
  const rest = text.length & 3;
  return rest === 0 || (LAST[rest] as string).includes(text.slice(-1));
}
