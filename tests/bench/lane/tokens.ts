// Tokens: fresh strings in one piece each time, as they come from a network or a storage. A string that
// was made by joining others, or that was used before, would be quicker or slower for one and not the other.

export interface TokenShape {
  /** About so many characters in all. */
  readonly bytes: number;
  /** Makes it another one. */
  readonly serial: number;
  /** Whether the header is another one, too. */
  readonly header?: boolean;
  /** Whether the claims hold more than ASCII. */
  readonly utf8?: boolean;
}

const utf8 = new TextEncoder();
const latin1 = new TextDecoder('latin1');
const ALPHABET = utf8.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const SIGNATURE_BYTES = 256;
const EXPIRES = 4_102_444_800;

export function makeToken(shape: TokenShape): string {
  const { serial, bytes } = shape;
  const kid = shape.header === true ? `key-${String(serial).padStart(9, '0')}` : 'key-000000001';
  const parts = [
    JSON.stringify({ alg: 'RS256', typ: 'JWT', kid }),
    JSON.stringify(claimsOf(shape)),
    Array.from({ length: SIGNATURE_BYTES / 4 }, (_, i) =>
      String(1000 + ((serial + i) % 9000)),
    ).join(''),
  ].map((text) => base64url(utf8.encode(text)));
  const size = parts.reduce((sum, part) => sum + part.length + 1, -1);
  const token = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    if (at > 0) token[at++] = 46;
    token.set(part, at);
    at += part.length;
  }
  if (Math.abs(size - bytes) > bytes / 5) throw new Error(`A token of ${size}, not ${bytes}`);
  // Decoded of bytes it is a string in one piece.
  return latin1.decode(token);
}

/** Claims as identity providers write them; roles fill it up. */
function claimsOf({ bytes, serial, utf8: beyondAscii }: TokenShape): object {
  const name = beyondAscii === true ? 'Ægir Þórsson 山田太郎 Łukasz 😀' : 'Ada Lovelace of London';
  const claims = {
    iss: 'https://id.example.com/',
    // One user: a client ends its session when the user changes.
    sub: 'auth0|000000000042',
    jti: String(serial).padStart(12, '0'),
    aud: ['https://api.example.com', 'https://id.example.com/userinfo'],
    iat: 1_700_000_000 + (serial % 1000),
    exp: EXPIRES,
    azp: 'client-0123456789',
    scope: 'openid profile email offline_access',
    name,
    roles: [] as string[],
  };
  const room = ((bytes - 60 - (SIGNATURE_BYTES * 4) / 3) * 3) / 4 - JSON.stringify(claims).length;
  const role = beyondAscii === true ? 'rôle:éditeur:ñ' : 'role:editor:all';
  for (let size = 0; size < room; size += 18) claims.roles.push(role);
  return claims;
}

function base64url(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  for (let i = 0, at = 0; at < text.length; i += 3) {
    const three = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let shift = 18; shift >= 0 && at < text.length; shift -= 6) {
      text[at++] = ALPHABET[(three >> shift) & 63] ?? 0;
    }
  }
  return text;
}

/** As long as a token may be, and all dots; flat, and another object each time. */
export function makeDots(): string {
  return latin1.decode(new Uint8Array(1 << 20).fill(46));
}
