// The bytes of a part of a token.
import { decodeInto, endsWell, isDecodable } from '../core/base64url.ts';
import { bytesOver } from '../core/node_buffer.ts';
import { JwtError, type TokenPart } from '../jwt_error.ts';

// Nearly all parts have room here: a new array for each would take ten times as long.
const USUAL_BYTES = 12 * 1024;
let usualArea: Uint8Array | undefined;

/**
 * @returns the bytes, until the next call
 * @throws {JwtError} `invalid_base64url` with the offset (D2)
 */
export function bytesOf(text: string, part: TokenPart): Uint8Array {
  if (isDecodable(text)) {
    const area =
      text.length > USUAL_BYTES ? newArea(text.length) : (usualArea ??= newArea(USUAL_BYTES));
    const length = decodeInto(area, text);
    if (length >= 0) return area.subarray(0, length);
  }
  check(text, part);
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

const newArea = (size: number): Uint8Array => bytesOver(new ArrayBuffer(size));

// What atob forgives, D2 does not.
function check(text: string, part: TokenPart): void {
  const wrong = text.search(/[^\w-]/);
  if (wrong >= 0 || !endsWell(text)) {
    throw new JwtError('invalid_base64url', part, wrong >= 0 ? wrong : text.length - 1);
  }
}
