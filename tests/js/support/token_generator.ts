// Tokens for the differential test: good ones written in every way that JSON allows, and mutations.
import type { Random } from './random.ts';
import { rawJwt, toBase64url } from './tokens.ts';

/** A token, good or one mutation away from it; now and then with something that few issuers write. */
export function randomToken(random: Random): string {
  const strange = random.chance(0.3) ? 0.08 : 0;
  const header = random.chance(0.8)
    ? '{"alg":"RS256","typ":"JWT"}'
    : objectText(random, 2, strange);
  const signature = toBase64url(random.bytes(random.pick([0, 1, 2, 3, 32, 64])));
  const token = rawJwt(header, claimsText(random, strange), signature);
  return random.chance(0.5) ? token : mutate(random, token);
}

/** A JSON text, of which about one in `1 / strange` values is of a kind that few issuers write. */
function jsonText(random: Random, depth: number, strange: number): string {
  const kind = random.below(depth > 0 ? 9 : 6);
  if (random.chance(strange)) return strangeText(random);
  switch (kind) {
    case 0:
      return random.pick(['null', 'true', 'false']);
    case 1:
    case 2:
      return numberText(random);
    case 3:
    case 4:
    case 5:
      return stringText(random);
    case 6:
      return `[${list(random, () => jsonText(random, depth - 1, strange))}]`;
    default:
      return objectText(random, depth - 1, strange);
  }
}

export function objectText(random: Random, depth: number, strange: number): string {
  const member = (): string =>
    `${space(random)}${memberName(random)}${space(random)}:${space(random)}${jsonText(random, depth, strange)}${space(random)}`;
  return `{${list(random, member) || space(random)}}`;
}

const list = (random: Random, item: () => string): string =>
  Array.from({ length: random.below(5) }, item).join(',');

const space = (random: Random): string =>
  random.chance(0.1) ? random.pick([' ', '\n', '\t', '\r', '  \r\n']) : '';

function memberName(random: Random): string {
  if (random.chance(0.6)) return stringText(random);
  // Few names: duplicates, time claims and the names that pollute prototypes come up often.
  return JSON.stringify(
    random.pick(['a', 'b', 'sub', 'aud', '__proto__', 'constructor', 'toString', '']),
  );
}

function numberText(random: Random): string {
  const whole = random.pick([
    '0',
    '7',
    '12',
    '1300819380',
    '9007199254740993',
    '18446744073709551616',
  ]);
  const fraction = random.pick(['', '', '.0', '.5', '.125', '.30000000000000004']);
  const exponent = random.pick(['', '', '', 'e0', 'E5', 'e-7', 'e+12', 'e300', 'e-400']);
  return (
    random.pick(['', '-']) +
    whole +
    fraction +
    (whole.length > 9 && exponent === 'e300' ? 'e280' : exponent)
  );
}

function stringText(random: Random): string {
  // Lone surrogates as escapes only: TextEncoder makes U+FFFD of others.
  const text = Buffer.from(random.text(random.below(12))).toString();
  const plain = JSON.stringify(text);
  if (!random.chance(0.3)) return plain;
  // The same text in escapes, surrogate pairs included.
  const escaped = Array.from(text, (character) =>
    random.chance(0.5)
      ? Array.from({ length: character.length }, (_, i) => escape(character.charCodeAt(i))).join('')
      : JSON.stringify(character).slice(1, -1),
  );
  // Cut inside a pair, as JavaScript servers do: JSON.parse takes it.
  const lone = (): string => escape(0xd800 + random.below(0x800));
  if (random.chance(0.2)) escaped.splice(random.below(escaped.length + 1), 0, lone());
  return `"${escaped.join('')}"`;
}

const escape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** What the documented exceptions are about, and what is no JSON at all. */
function strangeText(random: Random): string {
  switch (random.below(6)) {
    case 0:
      return random.pick(['"\\ud800"', '"\\udc00x"', '"\\uDBFF\\u0041"', '"\\udfff\\ud800"']);
    case 1:
      return random.pick(['1e400', '-1e309', '9'.repeat(320)]);
    case 2:
      return '['.repeat(300) + ']'.repeat(300);
    case 3:
      return random.pick([
        '01',
        '.5',
        'NaN',
        "'a'",
        '"\\q"',
        'undefined',
        '+1',
        '1.',
        '"a',
        '[1',
        '',
      ]);
    case 4:
      return '\ufeff1';
    default:
      return '"\\ud83e\\udd8a"';
  }
}

/** The text of a payload, with time claims that are mostly numbers. */
export function claimsText(random: Random, strange: number): string {
  const text = objectText(random, 4, strange);
  if (random.chance(0.5)) return text;
  const name = random.pick(['exp', 'nbf', 'iat', 'e\\u0078p']);
  const value = random.chance(0.15)
    ? random.pick(['"5"', 'null', '{}', 'true'])
    : numberText(random);
  const rest = text.slice(1).trimStart();
  const member = `"${name}":${value}`;
  return random.chance(0.5)
    ? `{${member}${rest === '}' ? '' : ','}${rest}`
    : `${text.slice(0, -1)}${rest === '}' ? '' : ','}${member}}`;
}

/** One to three small things done to a token. */
export function mutate(random: Random, token: string): string {
  let result = token;
  for (let i = random.below(3); i >= 0; i--) result = mutateOnce(random, result);
  return result;
}

function mutateOnce(random: Random, token: string): string {
  const at = random.below(token.length + 1);
  const before = token.slice(0, at);
  const after = token.slice(at);
  const parts = token.split('.');
  const which = random.below(3);
  const change = (how: (part: string) => string): string =>
    parts.map((part, i) => (i === which ? how(part) : part)).join('.');
  switch (random.below(13)) {
    case 0:
      return before + random.pick('AQgw_-09az') + after.slice(1);
    case 1:
      return before + random.pick('=+/ .\n\t%é李\0\u00a0') + after;
    case 2:
      return before + after.slice(1 + random.below(4));
    case 3:
      return change((part) => part + '='.repeat(1 + random.below(3)));
    case 4:
      return change((part) => part + random.pick(['\n', ' ', '\t', '\r', '\f', '\v']));
    case 5:
      return change(
        (part) => `${part.slice(0, 4)}${random.pick(['\n', ' ', '=', '+'])}${part.slice(4)}`,
      );
    case 6:
      // The last character carries bits that are not used.
      return change((part) => part.slice(0, -1) + random.pick('BRhx123'));
    case 7:
      return change((part) => withBytes(part, (bytes) => flip(random, bytes)));
    case 8:
      return change((part) =>
        withBytes(part, (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes])),
      );
    case 9:
      return change((part) => withBytes(part, (bytes) => Buffer.concat([bytes, random.bytes(1)])));
    case 10:
      return change(() => random.pick(['', 'e30', 'W10', 'bnVsbA', 'A']));
    case 11:
      return random.pick([`${token}.`, `.${token}`, `${token}.a.b`, parts.slice(1).join('.')]);
    default:
      return change((part) => part.replaceAll('-', '+').replaceAll('_', '/'));
  }
}

const withBytes = (part: string, change: (bytes: Buffer) => Uint8Array): string =>
  toBase64url(change(Buffer.from(part, 'base64url')));

function flip(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length || 1);
  if (bytes.length > 0) bytes[at] = random.below(256);
  return bytes;
}

/** One to three small things done to the bytes of a text. */
export function mutateBytes(random: Random, bytes: Buffer): Buffer {
  let result = bytes;
  for (let i = random.below(3); i >= 0; i--) {
    const at = random.below(result.length + 1);
    const piece = random.chance(0.8)
      ? Buffer.from(random.pick(PIECES))
      : Buffer.from(random.bytes(1 + random.below(2)));
    const left = random.chance(0.5) ? 0 : 1 + random.below(3);
    result = Buffer.concat([result.subarray(0, at), piece, result.subarray(at + left)]);
  }
  return result;
}

const PIECES = [
  ...[
    '',
    '',
    '"',
    '\\',
    ',',
    ':',
    '{',
    '}',
    '[',
    ']',
    ' ',
    '\n',
    '\0',
    '\ufeff',
    '\u2028',
    '-',
    '0',
    '.',
  ],
  ...[
    'e9',
    'e400',
    '\\u',
    '\\ud83e',
    '\\udd8a',
    '\\uD800',
    '\\"',
    '\\n',
    'null',
    '"a":1,',
    '\u001f',
    '\u007f',
  ],
];
