// Where a token is broken: from the core's part and offset to characters of the text.
import type { JwtInspection } from '/bearerkit/index.js';
import type { Place } from '../../parts/token_text.ts';

type Broken = Extract<JwtInspection, { ok: false }>['error'];

export interface BrokenPlace extends Place {
  /** In words: part, and character or byte. */
  readonly words: string;
  /** What stands there once it is decoded, up to the place, where that can be shown. */
  readonly decoded: { readonly before: string; readonly at: string } | null;
}

export function placeOf(token: string, error: Broken): BrokenPlace | null {
  const { part, offset, code } = error;
  if (part === null || offset === null) return null;
  const parts = token.split('.');
  const index = ['header', 'payload', 'signature'].indexOf(part);
  const text = parts[index] ?? '';
  const start = parts.slice(0, index).reduce((sum, one) => sum + one.length + 1, 0);
  if (code === 'invalid_base64url') {
    const from = start + Math.min(offset, text.length);
    const words = `Character ${from + 1} of the token, in the ${part}.`;
    return { from, to: from + 1, words, decoded: null };
  }
  // Four characters hold three bytes; the byte begins in this one.
  const from = start + Math.min(Math.floor((offset * 8) / 6), text.length);
  return {
    from,
    to: Math.min(from + 2, start + text.length),
    words: `Byte ${offset + 1} of the decoded ${part}.`,
    decoded: around(text, offset),
  };
}

const SHOWN_BYTES = 60;

function around(text: string, offset: number): BrokenPlace['decoded'] {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const decode = (from: number, to: number): string =>
    new TextDecoder().decode(bytes.subarray(Math.max(0, from), to));
  return {
    before: decode(offset - SHOWN_BYTES, offset),
    at: decode(offset, offset + 1) || 'the end',
  };
}
