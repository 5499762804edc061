// Decoding without the core, by the platform's own means, as decode.ts says of each function. The core
// is its oracle: tests compare the two on thousands of tokens. Nothing here verifies anything (D8).
import { partsOf } from '../core/parts.ts';
import { secondsOf } from '../core/seconds.ts';
import { newDecoder } from '../utf8.ts';
import { JwtError, type TokenPart } from '../jwt_error.ts';
import type { JwtHeader, JwtPayload } from '../types.ts';
import { bytesOf } from './base64url.ts';
import { objectOf } from './json.ts';

// Made at the first use: an import does nothing.
let decoder: ReturnType<typeof newDecoder> | undefined;

// The header that was found sound last: tokens of one issuer have the same. It is no secret, but
// engines may keep the token for it.
let soundHeader: string | undefined;

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function claimsOf<Claims extends object>(token: string): Claims & JwtPayload {
  const { header, payload, signature } = partsOf(token);
  if (header !== soundHeader) {
    read(header, 'header');
    soundHeader = header;
  }
  const claims = readPayload(payload);
  bytesOf(signature, 'signature').fill(0);
  // The caller names the type; nothing about the claims is checked (D8).
  return claims as Claims & JwtPayload;
}

export function headerOf(token: string): JwtHeader {
  return read(partsOf(token).header, 'header');
}

export function isPast(
  token: string,
  { now = Date.now() / 1000, leeway = 0 }: { now?: number | Date; leeway?: number } = {},
): boolean {
  const seconds = secondsOf(now, leeway);
  const { exp = NaN } = readPayload(partsOf(token).payload);
  return seconds >= exp + leeway; // E1: NaN is later than any time
}

function readPayload(text: string): JwtPayload {
  const claims: JwtPayload = read(text, 'payload');
  for (const name of ['exp', 'nbf', 'iat']) {
    if (Object.hasOwn(claims, name) && typeof claims[name] !== 'number') {
      throw new JwtError('invalid_numeric_date', 'payload');
    }
  }
  return claims;
}

function read(text: string, part: TokenPart): Record<string, unknown> {
  const bytes = bytesOf(text, part);
  decoder ??= newDecoder(true);
  let json;
  try {
    json = decoder.decode(bytes);
  } catch {
    throw new JwtError('invalid_utf8', part);
  } finally {
    bytes.fill(0);
  }
  return objectOf(json, part) as Record<string, unknown>;
}
