// bearerkit against JSON.parse, and against jose: the same tokens accepted, the same claims, on thousands of tokens. jose
// reads part of a token only, and with the engine's lenient decoders; where rule D or E2 asks for
// more, that is listed here by name, with its reason. Each exception has to turn up in the run, and
// to be the one thing that is wrong with some token that jose takes.
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { test } from 'node:test';

import { decodeJwt, decodeProtectedHeader, JwtError, type JwtErrorCode } from 'bearerkit';
import * as jose from 'jose';

import { Random, SEED } from './support/random.ts';
import { mutate, mutateBytes, objectText, randomToken } from './support/token_generator.ts';
import { makeJwt, rawJwt, withPayload } from './support/tokens.ts';

const ROUNDS = 12_000;

interface Exception {
  readonly applies: (token: string) => boolean;
  readonly code: JwtErrorCode;
}

const partOf = (token: string, index: number): string => token.split('.')[index] ?? '';
const read = (token: string): string[] => [partOf(token, 0), partOf(token, 1)];
const textOf = (part: string): string => Buffer.from(part, 'base64').toString('utf8');
/** The JSON text without its strings. */
const structureOf = (json: string): string => json.replaceAll(/"(?:\\.|[^"\\])*"/gs, '""');

const BASE64URL = /^[\w-]*$/;
const isStrict = (part: string): boolean =>
  BASE64URL.test(part) && Buffer.from(part, 'base64url').toString('base64url') === part;

function deepest(json: string): number {
  let depth = 0;
  let most = 0;
  for (const character of structureOf(json)) {
    if (character === '[' || character === '{') most = Math.max(most, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return most;
}

const numbersOf = (json: string): string[] => structureOf(json).match(/-?\d[\d.eE+-]*/g) ?? [];

function timeClaims(token: string): unknown[] {
  try {
    const claims = jose.decodeJwt(token) as Record<string, unknown>;
    return ['exp', 'nbf', 'iat']
      .filter((name) => Object.hasOwn(claims, name))
      .map((name) => claims[name]);
  } catch {
    return [];
  }
}

/** What bearerkit refuses and jose does not. */
const EXCEPTIONS: Record<string, Exception> = {
  'D2 jose decodes with atob, which skips white space and takes padding': {
    applies: (token) => read(token).some((part) => /[\t\n\f\r =]/.test(part)),
    code: 'invalid_base64url',
  },
  'D2 atob drops unused trailing bits, whatever they are': {
    applies: (token) => read(token).some((part) => BASE64URL.test(part) && !isStrict(part)),
    code: 'invalid_base64url',
  },
  'D2 jose does not read the signature when it only decodes': {
    applies: (token) => !isStrict(partOf(token, 2)),
    code: 'invalid_base64url',
  },
  'D3 jose.decodeJwt does not read the header': {
    applies: (token) => accepts(() => jose.decodeProtectedHeader(token)) === undefined,
    code: 'invalid_json',
  },
  'D3 TextDecoder drops a byte order mark; JSON has none (RFC 8259 §8.1)': {
    applies: (token) => read(token).some((part) => textOf(part).startsWith('\ufeff')),
    code: 'invalid_json',
  },
  'D6 jose has no limit of depth': {
    applies: (token) => read(token).some((part) => deepest(textOf(part)) > 256),
    code: 'too_deep',
  },
  'D6 jose has no limit of size': {
    applies: (token) => token.length > 1024 * 1024,
    code: 'too_large',
  },
  'E2 JSON.parse makes Infinity of a number beyond a double': {
    applies: (token) =>
      read(token).some((part) =>
        numbersOf(textOf(part)).some((text) => Math.abs(Number(text)) === Infinity),
      ),
    code: 'number_out_of_range',
  },
  'E2 jose takes exp, nbf and iat of any type when it only decodes': {
    applies: (token) => timeClaims(token).some((value) => typeof value !== 'number'),
    code: 'invalid_numeric_date',
  },
};

/** What `decode` gives, or undefined when it throws. */
function accepts(decode: () => unknown): unknown {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

function errorOf(decode: () => unknown): JwtErrorCode | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof JwtError, 'nothing but JwtError is thrown');
    return error.code;
  }
}

/** Exceptions that chance would bring up too seldom. */
const PREPARED = [
  makeJwt({ a: 1 }, undefined, 'A'.repeat(1024 * 1024)),
  rawJwt('{"alg":"none"}', `{"a":${'['.repeat(256)}${']'.repeat(256)}}`),
  rawJwt('{"alg":"none"}', `{"a":${'['.repeat(255)}${']'.repeat(255)}}`),
  makeJwt({ a: '\\ud800 is no escape of this text', b: '[[[[' }),
];

test(`D1–D7 decodeJwt agrees with jose on ${ROUNDS} tokens (seed ${SEED})`, () => {
  const random = new Random();
  const seen = new Map<string, number>();
  let accepted = 0;
  let rejected = 0;
  for (let i = 0; i < ROUNDS + PREPARED.length; i++) {
    const token = PREPARED[i] ?? randomToken(random);
    const about = `token ${i} of seed ${SEED}: ${token.slice(0, 2000)}`;
    const expected = accepts(() => jose.decodeJwt(token));
    const code = errorOf(() => decodeJwt(token));
    if (expected === undefined) {
      assert.notEqual(code, undefined, `jose rejects, bearerkit accepts ${about}`);
      rejected++;
      continue;
    }
    const reasons = Object.entries(EXCEPTIONS).filter(([, { applies }]) => applies(token));
    if (reasons.length === 0) {
      assert.equal(code, undefined, `jose accepts, bearerkit rejects ${about}`);
      assert.deepStrictEqual(decodeJwt(token), expected, about);
      accepted++;
      continue;
    }
    assert.notEqual(
      code,
      undefined,
      `bearerkit accepts in spite of "${reasons[0]?.[0] ?? ''}" ${about}`,
    );
    const [only, more] = reasons;
    if (only !== undefined && more === undefined && only[1].code === code) {
      seen.set(only[0], (seen.get(only[0]) ?? 0) + 1);
    }
  }
  assert.ok(accepted > ROUNDS / 4, `both accepted ${accepted}`);
  assert.ok(rejected > ROUNDS / 10, `both rejected ${rejected}`);
  for (const reason of Object.keys(EXCEPTIONS))
    assert.ok(seen.has(reason), `never seen: ${reason}`);
});

test('D1–D7 decodeProtectedHeader agrees with jose, JWE, exceptions and empty parts aside', () => {
  const random = new Random(SEED + 1);
  let agreed = 0;
  for (let i = 0; i < 6000; i++) {
    const strange = random.chance(0.2) ? 0.1 : 0;
    const plain = rawJwt(objectText(random, 3, strange), '{}');
    const token = random.chance(0.5) ? plain : mutate(random, plain);
    const about = `token ${i} of seed ${SEED + 1}: ${token.slice(0, 2000)}`;
    const expected = accepts(() => jose.decodeProtectedHeader(token));
    const header = accepts(() => decodeProtectedHeader(token));
    if (expected === undefined) {
      assert.equal(header, undefined, `jose rejects, bearerkit accepts ${about}`);
      continue;
    }
    if (header !== undefined) {
      assert.deepStrictEqual(header, expected, about);
      agreed++;
      continue;
    }
    // D1: a JWE is not decoded. And a token whose other parts are no base64url is no token.
    const isExpected =
      token.split('.').length !== 3 ||
      partOf(token, 1) === '' ||
      token.split('.').some((part) => !isStrict(part)) ||
      Object.values(EXCEPTIONS).some(({ applies }) => applies(`${partOf(token, 0)}.e30.`));
    assert.ok(isExpected, `jose accepts, bearerkit rejects ${about}`);
  }
  assert.ok(agreed > 2000, `both accepted ${agreed}`);
});

/** What JSON.parse takes and bearerkit does not: all of it, by name. */
const NARROWER: Record<string, { applies: (json: Buffer) => boolean; code: JwtErrorCode }> = {
  'D3 ill-formed UTF-8, which TextDecoder makes U+FFFD of': {
    applies: (json) => !isUtf8(json),
    code: 'invalid_utf8',
  },
  'D6 deeper than 256 levels': {
    applies: (json) => deepest(json.toString()) > 256,
    code: 'too_deep',
  },
  'E2 a number that JSON.parse makes Infinity': {
    applies: (json) => numbersOf(json.toString()).some((text) => !Number.isFinite(Number(text))),
    code: 'number_out_of_range',
  },
};

/** Texts that JSON readers are known to differ on; each by itself, and each as a member's value. */
const KNOWN_TO_DIFFER = [
  ...['', ' ', '{}', ' \t\r\n{} ', '\v{}', '\f{}', '\u00a0{}', '{}\u2028', '\ufeff{}', '{}\ufeff'],
  ...['{}\0', '\0{}', '"\0"', '"\u0001"', '"\n"', '"\u007f"', '"\u2028"', '"\ufeff"', '{"\0":1}'],
  ...[
    '-0',
    '0',
    '00',
    '-',
    '1.',
    '.1',
    '1e',
    '1E+2',
    '1e400',
    '-1e400',
    '1e-400',
    '0e999',
    '5e-324',
  ],
  ...['1.7976931348623157e308', '9007199254740993', '0x1', '1_0', 'NaN', 'Infinity', '-Infinity'],
  ...[
    String.raw`"\ud83e"`,
    String.raw`"\udd8a"`,
    String.raw`"\ud83e\udd8a"`,
    String.raw`"\ud83e\ud83e\udd8a"`,
  ],
  ...[
    String.raw`"\udd8a\ud83e"`,
    String.raw`"\\ud83e"`,
    String.raw`"\\\ud83e"`,
    String.raw`"\ud83e\u12g4"`,
  ],
  ...[
    String.raw`"\uD83E\n"`,
    String.raw`"\ud83"`,
    String.raw`"\ud83e`,
    String.raw`"\x"`,
    String.raw`"\u{1f98a}"`,
  ],
  ...[String.raw`{"\ud83e":1}`, String.raw`{"\ud83e":1,"\ud83f":2}`, String.raw`{\"a":"\ud83e"}`],
  ...[
    '{"a":1,"a":2}',
    '{"__proto__":1}',
    '{"a":1,}',
    '[1,]',
    "{'a':1}",
    '{a:1}',
    '/**/{}',
    '{"":""}',
  ],
  ...['"\ud83e"', 'null', 'true', '[]', '"a"', '[[{}]]', 'tru', '{}{}', '{} x', '+1', '"a'],
];

test(`D3 D7 what JSON.parse takes and is an object is taken, and gives the same (seed ${SEED})`, () => {
  const random = new Random(SEED + 2);
  const known = KNOWN_TO_DIFFER.flatMap((text) => [text, `{"a":${text}}`, `{"a":[${text}],"b":1}`]);
  const seen = new Map<string, number>();
  let accepted = 0;
  let rejected = 0;
  for (let i = 0; i < ROUNDS + known.length; i++) {
    const strange = random.chance(0.3) ? 0.08 : 0;
    const plain = Buffer.from(known[i] ?? objectText(random, 4, strange));
    const json = i < known.length || random.chance(0.4) ? plain : mutateBytes(random, plain);
    const about = `text ${i} of seed ${SEED + 2}: ${json.toString().slice(0, 2000)}`;
    const code = errorOf(() => decodeJwt(withPayload(json)));
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(json);
    const expected = accepts(() => JSON.parse(text) as unknown);
    const isObject = typeof expected === 'object' && expected !== null && !Array.isArray(expected);
    const reasons = Object.entries(NARROWER).filter(([, { applies }]) => applies(json));
    const claims = isObject ? (expected as Record<string, unknown>) : {};
    const badTime = ['exp', 'nbf', 'iat'].some(
      (name) => Object.hasOwn(claims, name) && typeof claims[name] !== 'number',
    );
    if (!isObject || reasons.length > 0 || badTime) {
      assert.notEqual(code, undefined, `bearerkit alone accepts ${about}`);
      rejected++;
      const [only, more] = reasons;
      if (isObject && !badTime && only !== undefined && more === undefined) {
        assert.equal(code, only[1].code, about);
        seen.set(only[0], (seen.get(only[0]) ?? 0) + 1);
      }
      continue;
    }
    assert.equal(code, undefined, `JSON.parse accepts, bearerkit rejects ${about}`);
    assert.deepStrictEqual(decodeJwt(withPayload(json)), expected, about);
    accepted++;
  }
  assert.ok(accepted > ROUNDS / 4, `both accepted ${accepted}`);
  assert.ok(rejected > ROUNDS / 10, `both rejected ${rejected}`);
  for (const reason of Object.keys(NARROWER)) assert.ok(seen.has(reason), `never seen: ${reason}`);
});
