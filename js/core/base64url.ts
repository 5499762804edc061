// Base64url by the engine itself: newer ones have it, and are faster at it than any code of ours.

interface Base64Area {
  setFromBase64(text: string, options: { alphabet: 'base64url' }): { written: number };
}
const OPTIONS = { alphabet: 'base64url' } as const;
// The last characters of a group of two, and of three, that leave no bits over.
const LAST = ['', '', 'AQgw', 'AEIMQUYcgkosw048'] as const;

export const DECODES_BASE64URL = 'setFromBase64' in Uint8Array.prototype;

/**
 * Decodes into `area`: only what is base64url by D2, and has room there.
 * @returns the length in bytes, or -1
 */
export function decodeInto(area: Uint8Array, text: string): number {
  try {
    const { written } = (area as unknown as Base64Area).setFromBase64(text, OPTIONS);
    // It takes padding and white space, which make the bytes fewer than the characters say.
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
