// Decoding. Base64url, UTF-8 and the structure of the JSON are checked by the core; JSON.parse only
// makes the objects. Nothing here verifies anything (D8).
import { DECODE_RESULT, ERROR, FINDINGS, MAX_TOKEN_BYTES, TOKEN_PARTS } from '#generated/abi';

import { loadCore, type Core } from './core.ts';
import { AuthError, JwtError, jwtErrorCode, type JwtErrorCode, type TokenPart } from './errors.ts';
import { TOO_LARGE } from './memory.ts';
import type { JwtFinding, JwtHeader, JwtInspection, JwtPayload } from './types.ts';

/**
 * Decodes the claims of a JWT. **Verifies nothing**: neither the signature nor any claim; only the
 * token's audience can do that. Fit for showing a name or a remaining life, not for granting access.
 *
 * The type parameter is a claim about the token, too, and is not checked.
 *
 * @param token a JWS in compact form, without `Bearer `
 * @returns a new object; of duplicate members the last one (RFC 7519 §4)
 * @throws {JwtError} with `code`, and `part` and `offset` where it is broken (RFC 7515 §2–4)
 * @throws {AuthError} `core_failed` where WebAssembly is not to be had
 * @example decodeJwt<{ role: string }>(token).role
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function decodeJwt<Claims extends object = JwtPayload>(token: string): Claims & JwtPayload {
  return decoding(token, false, (core, result) =>
    parse<Claims & JwtPayload>(core, result, 'payload'),
  );
}

/**
 * Decodes the protected header of a JWT. **Verifies nothing**, and acts on nothing in it: `alg`,
 * `jku`, `jwk` and `crit` are what whoever made the token wrote there. The payload is left alone.
 *
 * @param token a JWS in compact form (RFC 7515 §4), without `Bearer `
 * @throws {JwtError} with `code`, and `part` and `offset` where it is broken
 * @throws {AuthError} `core_failed` where WebAssembly is not to be had
 */
export function decodeProtectedHeader(token: string): JwtHeader {
  return decoding(token, true, (core, result) => parse<JwtHeader>(core, result, 'header'));
}

/**
 * Takes a token apart for a person to look at. **Verifies nothing**, and never throws: what is
 * wrong comes back as `error`. `findings` are remarkable things that change nothing by themselves,
 * such as `unsecured` (`alg: none`).
 */
export function inspectJwt(token: string): JwtInspection {
  try {
    return decoding(token, false, (core, result) => ({
      ok: true,
      header: parse<JwtHeader>(core, result, 'header'),
      claims: parse<JwtPayload>(core, result, 'payload'),
      parts: splitParts(token),
      times: {
        exp: readDate(core, result + DECODE_RESULT.exp),
        nbf: readDate(core, result + DECODE_RESULT.nbf),
        iat: readDate(core, result + DECODE_RESULT.iat),
      },
      findings: readFindings(core.memory.readUint32(result + DECODE_RESULT.findings)),
    }));
  } catch (error) {
    return { ok: false, error: describeError(error) };
  }
}

/**
 * Whether a token says that it has expired: `now ≥ exp + leeway` (RFC 7519 §4.1.4). **Verifies
 * nothing**: a token that is not expired by this may still be refused, as the device's clock may be
 * wrong. A token without `exp` never expires by itself.
 *
 * @param options.now seconds since 1970 as in a NumericDate, or a Date; the device's clock if left out
 * @param options.leeway seconds by which a token is taken to live longer; 0 if left out
 * @throws {JwtError} when the token cannot be decoded, or `exp` is no number
 * @throws {TypeError} when `now` or `leeway` is no finite number
 */
export function isExpired(
  token: string,
  options: { now?: number | Date; leeway?: number } = {},
): boolean {
  const { now = Date.now() / 1000, leeway = 0 } = options;
  const seconds = typeof now === 'number' ? now : now.getTime() / 1000;
  if (!Number.isFinite(seconds)) throw new TypeError('isExpired: now is no point in time');
  if (!Number.isFinite(leeway)) throw new TypeError('isExpired: leeway is no number of seconds');
  const core = loadCore();
  const answer = core.exports.bearerkit_is_expired(writeToken(core, token), seconds, leeway);
  if (answer > 1) throw readError(core, core.exports.bearerkit_last_result());
  return answer === 1;
}

// Decodes, reads what is wanted while it is there, and wipes it.
function decoding<T>(
  token: string,
  headerOnly: boolean,
  read: (core: Core, result: number) => T,
): T {
  const core = loadCore();
  const length = writeToken(core, token);
  const result = core.exports.bearerkit_decode_jwt(length, headerOnly ? 1 : 0);
  try {
    if (core.memory.readUint32(result + DECODE_RESULT.error) !== ERROR.none) {
      throw readError(core, result);
    }
    return read(core, result);
  } finally {
    core.exports.bearerkit_forget();
  }
}

// Asked before the copy: the core would refuse it as well, but its memory would have grown.
function writeToken(core: Core, token: string): number {
  if (typeof token !== 'string') throw new JwtError('not_a_string');
  const length = token.length > MAX_TOKEN_BYTES ? TOO_LARGE : core.memory.write(token);
  if (length === TOO_LARGE) throw new JwtError('too_large');
  return length;
}

// The caller names the type; nothing about the claims is checked (D8).
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
function parse<T>(core: Core, result: number, part: 'header' | 'payload'): T {
  const { memory } = core;
  const slice =
    result + (part === 'header' ? DECODE_RESULT.header_address : DECODE_RESULT.payload_address);
  // A length stands behind its address, see bindings/abi.h.
  const text = memory.readText(memory.readUint32(slice), memory.readUint32(slice + 4));
  try {
    return JSON.parse(text) as T;
  } catch {
    // Not to be expected of text that the core took; an error of JSON.parse would quote it (D10).
    throw new JwtError('invalid_json', part, 0);
  }
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

function readFindings(bits: number): JwtFinding[] {
  return (Object.keys(FINDINGS) as JwtFinding[]).filter((name) => (bits & FINDINGS[name]) !== 0);
}

function splitParts(token: string): { header: string; payload: string; signature: string } {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return { header, payload, signature };
}

interface Described {
  code: JwtErrorCode | 'core_failed';
  part: TokenPart | null;
  offset: number | null;
  message: string;
}

// What is thrown besides may say anything; here it could only be that the core failed.
function describeError(error: unknown): Described {
  const told = error instanceof JwtError ? error : new AuthError('core_failed');
  const { code, part = null, offset = null, message } = told as Partial<Described> & Error;
  return { code: code ?? 'core_failed', part, offset, message };
}
