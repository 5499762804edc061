// Decoding, as index.ts says of each function. Base64url, UTF-8 and the structure of the JSON are checked by the core; JSON.parse only
// makes the objects. Nothing here verifies anything (D8).
import { DECODE_RESULT, ERROR, FINDINGS, TOKEN_PARTS, WANTED } from '#generated/abi';

import { isDecodable } from './base64url.ts';
import { requireCore, type Core, type CoreSource } from './loader.ts';
import { AuthError, jwtErrorCode } from '../errors.ts';
import { JwtError, type JwtErrorCode, type TokenPart } from '../jwt_error.ts';
import { partsOf, secondDotOf } from './parts.ts';
import { secondsOf } from './seconds.ts';
import type { JwtHeader, JwtInspection, JwtPayload } from '../types.ts';
import { namesOf } from '../values.ts';

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function claimsOf<Claims extends object>(
  source: CoreSource,
  token: string,
): Claims & JwtPayload {
  return decoding(source, token, WANTED.claims, parsePayload<Claims & JwtPayload>);
}

export function headerOf(source: CoreSource, token: string): JwtHeader {
  return decoding(source, token, WANTED.header, parseHeader);
}

export function inspect(source: CoreSource, token: string): JwtInspection {
  try {
    return decoding(source, token, WANTED.all, (core, result) => ({
      ok: true,
      header: parseHeader(core, result),
      claims: parsePayload<JwtPayload>(core, result),
      parts: partsOf(token),
      times: {
        exp: readDate(core, result + DECODE_RESULT.exp),
        nbf: readDate(core, result + DECODE_RESULT.nbf),
        iat: readDate(core, result + DECODE_RESULT.iat),
      },
      findings: namesOf(FINDINGS, core.memory.readUint32(result + DECODE_RESULT.findings)),
    }));
  } catch (error) {
    return { ok: false, error: describeError(error) };
  }
}

// The token that was asked about last, and its exp: until the next one is asked about. No token
// equals NaN, which is there before.
let lastToken: unknown = NaN;
let lastExpiry = NaN;

export function isPast(
  source: CoreSource,
  token: string,
  { now = Date.now() / 1000, leeway = 0 }: { now?: number | Date; leeway?: number } = {},
): boolean {
  const seconds = secondsOf(now, leeway);
  if (token !== lastToken) {
    lastExpiry = decoding(source, token, WANTED.times, readExpiry);
    lastToken = token;
  }
  return requireCore(source).exports.bearerkit_is_expired(lastExpiry, seconds, leeway) !== 0;
}

// Decodes, reads what is wanted while it is there, and wipes it.
function decoding<T>(
  source: CoreSource,
  token: string,
  wanted: number,
  read: (core: Core, result: number) => T,
): T {
  const core = requireCore(source);
  const { exports, memory } = core;
  const second = secondDotOf(token);
  const first = token.indexOf('.');
  try {
    let result = decodeQuickly(core, token, first, second, wanted);
    if (result === 0) {
      result = exports.bearerkit_decode_jwt(memory.write(token), wanted);
      if (memory.readUint32(result + DECODE_RESULT.error) !== ERROR.none) {
        throw readError(core, result);
      }
    }
    return read(core, result);
  } finally {
    exports.bearerkit_forget();
  }
}

// The header that was found sound last, with its dot: tokens of one issuer have the same. It is no
// secret, but engines may keep the token for it.
let soundHeader = '';

// 0 where it is not the quick way's business.
function decodeQuickly(
  core: Core,
  token: string,
  first: number,
  second: number,
  wanted: number,
): number {
  const all = wanted === WANTED.claims;
  if (!all && wanted !== WANTED.times) return 0;
  const isKnown = all && soundHeader.length === first + 1 && token.startsWith(soundHeader);
  const parts = isKnown ? WANTED.claims_only : wanted;
  const result = isDecodable(token)
    ? scanParts(core, token, first, second, parts)
    : core.exports.bearerkit_decode_quickly(core.memory.write(token), first, second, parts);
  if (all && !isKnown && result !== 0) soundHeader = token.slice(0, first + 1);
  return result;
}

// The same, with base64url by the engine.
function scanParts(
  core: Core,
  token: string,
  first: number,
  second: number,
  wanted: number,
): number {
  if (wanted === WANTED.claims && scanPart(core, token.slice(0, first)) === 0) return 0;
  if (wanted !== WANTED.times && core.memory.writeBase64url(token.slice(second + 1)) < 0) return 0;
  return scanPart(core, token.slice(first + 1, second));
}

function scanPart({ exports, memory }: Core, part: string): number {
  const length = memory.writeBase64url(part);
  return length < 0 ? 0 : exports.bearerkit_scan_part(length);
}

function parseHeader(core: Core, result: number): JwtHeader {
  return parse(core, result + DECODE_RESULT.header_address, 'header');
}

// The caller names the type; nothing about the claims is checked (D8).
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
function parsePayload<Claims>(core: Core, result: number): Claims {
  const ascii = core.memory.readUint32(result + DECODE_RESULT.ascii) !== 0;
  return parse(core, result + DECODE_RESULT.payload_address, 'payload', ascii);
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
function parse<T>({ memory }: Core, slice: number, part: TokenPart, ascii?: boolean): T {
  // A length stands behind its address, see bindings/abi.h.
  const text = memory.readText(memory.readUint32(slice), memory.readUint32(slice + 4), ascii);
  try {
    return JSON.parse(text) as T;
  } catch {
    // Not to be expected of text that the core took; an error of JSON.parse would quote it (D10).
    throw new JwtError('invalid_json', part, 0);
  }
}

function readExpiry({ memory }: Core, result: number): number {
  return memory.readDouble(result + DECODE_RESULT.exp);
}

function readError(core: Core, result: number): JwtError {
  const field = (offset: number): number => core.memory.readUint32(result + offset);
  const part = TOKEN_PARTS[field(DECODE_RESULT.part)] ?? 'none';
  return new JwtError(
    jwtErrorCode(field(DECODE_RESULT.error)) ?? 'malformed',
    part === 'none' ? undefined : part,
    field(DECODE_RESULT.offset),
  );
}

// null also for a time that no Date can hold: the claim itself has the number.
function readDate(core: Core, address: number): Date | null {
  const date = new Date(core.memory.readDouble(address) * 1000);
  return Number.isNaN(date.getTime()) ? null : date;
}

interface Described {
  code: JwtErrorCode | 'core_failed' | 'core_not_ready';
  part: TokenPart | null;
  offset: number | null;
  message: string;
}

// What is thrown besides may say anything; here it could only be that the core failed.
function describeError(error: unknown): Described {
  const known = error instanceof JwtError || error instanceof AuthError;
  const shown = known ? error : new AuthError('core_failed');
  const { code, part = null, offset = null, message } = shown as Partial<Described> & Error;
  return { code: code ?? 'core_failed', part, offset, message };
}
