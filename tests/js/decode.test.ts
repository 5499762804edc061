// D1–D5, D7–D9: what is a token, what is not, and what the error says.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inspectJwt, JwtError, type JwtErrorCode, type TokenPart } from 'bearerkit';

import { DECODERS } from './support/decoders.ts';
import {
  HEADER,
  makeJwt,
  rawJwt,
  RFC_TOKEN,
  SIGNATURE,
  toBase64url,
  withPayload,
} from './support/tokens.ts';

for (const { entry, decodeJwt, decodeProtectedHeader, isExpired, tellsAllOffsets } of DECODERS) {
  /** Asserts that decoding fails with this error, and that the next token is decoded all the same. */
  function refuses(token: unknown, code: JwtErrorCode, part?: TokenPart, offset?: number): void {
    assert.throws(
      () => decodeJwt(token as string),
      (error) => {
        assert.ok(error instanceof JwtError && error instanceof Error);
        assert.equal(error.name, 'JwtError');
        assert.equal(error.code, code);
        assert.equal(error.part, part);
        const isTold = part !== undefined && (tellsAllOffsets || code === 'invalid_base64url');
        assert.equal(error.offset !== undefined, isTold);
        if (isTold && offset !== undefined) assert.equal(error.offset, offset);
        return true;
      },
    );
    assert.equal(decodeJwt(RFC_TOKEN)['iss'], 'joe', 'D6 still usable after the error');
  }

  const JSON_HEADER = JSON.stringify(HEADER);
  const H = toBase64url(JSON_HEADER);
  const P = toBase64url('{"sub":"ada"}');

  test(`D1 the token of RFC 7519 §3.1 (${entry})`, () => {
    assert.deepEqual(decodeJwt(RFC_TOKEN), {
      iss: 'joe',
      exp: 1300819380,
      'http://example.com/is_root': true,
    });
    assert.deepEqual(decodeProtectedHeader(RFC_TOKEN), { typ: 'JWT', alg: 'HS256' });
  });

  test(`D1 the unsecured token of RFC 7519 §6.1 has three parts, the last one empty (${entry})`, () => {
    const token = `eyJhbGciOiJub25lIn0.${RFC_TOKEN.split('.')[1] ?? ''}.`;
    assert.deepEqual(decodeProtectedHeader(token), { alg: 'none' });
    assert.equal(decodeJwt(token).iss, 'joe');
  });

  test(`D1 five parts are a JWE, which has an error of its own (${entry})`, () => {
    const jwe = `${toBase64url('{"alg":"RSA-OAEP","enc":"A256GCM"}')}.a2V5.aXY.Y2lwaGVy.dGFn`;
    refuses(jwe, 'encrypted');
    assert.throws(() => decodeProtectedHeader(jwe), { name: 'JwtError', code: 'encrypted' });
  });

  test(`D1 any other number of parts is malformed (${entry})`, () => {
    for (const token of [
      '',
      'a',
      'opaque-token',
      `${H}.${P}`,
      '.',
      '...',
      `${RFC_TOKEN}.x`,
      '.....',
      'a.b.c.d.e.f',
    ]) {
      refuses(token, 'malformed');
    }
  });

  test(`D1 what is no string is an error of its own, not a guess (${entry})`, () => {
    const notStrings = [
      undefined,
      null,
      0,
      NaN,
      true,
      {},
      [],
      [RFC_TOKEN],
      Symbol('t'),
      1n,
      () => RFC_TOKEN,
    ];
    for (const token of [...notStrings, new String(RFC_TOKEN), { toString: () => RFC_TOKEN }]) {
      refuses(token, 'not_a_string');
    }
  });

  test(`D2 a character that is not of base64url is named by part and offset (${entry})`, () => {
    // Of U+0142 and U+674E the lowest byte is a letter, which some decoders take.
    const longer = ['é', 'ł', '李', '🦊', '\ud800', '\u{2028}'];
    for (const wrong of ['=', '+', '/', ' ', '\n', '\t', '\0', '%', '"', '\u007f', ...longer]) {
      const put = (text: string, at: number): string =>
        text.slice(0, at) + wrong + text.slice(at + 1);
      refuses(`${put(H, 5)}.${P}.${SIGNATURE}`, 'invalid_base64url', 'header', 5);
      refuses(`${H}.${put(P, 3)}.${SIGNATURE}`, 'invalid_base64url', 'payload', 3);
      refuses(`${H}.${P}.${put(SIGNATURE, 0)}`, 'invalid_base64url', 'signature', 0);
    }
  });

  test(`D2 no padding, not even where it would be right (${entry})`, () => {
    const payload = Buffer.from('{"a":1}').toString('base64');
    assert.ok(payload.endsWith('='));
    refuses(`${H}.${payload}.${SIGNATURE}`, 'invalid_base64url', 'payload', payload.indexOf('='));
  });

  test(`D2 a length of 4n+1 is no base64url (${entry})`, () => {
    refuses(
      `${H}A.${P}.${SIGNATURE}`,
      'invalid_base64url',
      H.length % 4 === 0 ? 'header' : undefined,
    );
    const payload = toBase64url('{"a":12}x'); // a multiple of 4
    refuses(`${H}.${payload}A.${SIGNATURE}`, 'invalid_base64url', 'payload');
    refuses(`${H}.${P}.AAAAA`, 'invalid_base64url', 'signature');
  });

  test(`D2 unused trailing bits are zero (${entry})`, () => {
    // 7 bytes: two characters of the last group are used up to their last two bits.
    const payload = toBase64url('{"a":1}');
    assert.equal(payload.at(-1), 'Q');
    for (const last of ['R', 'S', 'T', 'f']) {
      refuses(`${H}.${payload.slice(0, -1)}${last}.${SIGNATURE}`, 'invalid_base64url', 'payload');
    }
    refuses(`${H}.${P}.AB`, 'invalid_base64url', 'signature');
    assert.equal(decodeJwt(`${H}.${payload}.AA`)['a'], 1);
  });

  test(`D2 the whole alphabet, in every length (${entry})`, () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    assert.equal(decodeJwt(`${H}.${P}.${alphabet}`).sub, 'ada');
    for (let length = 0; length < 64; length++) {
      const text = '~ÿ?'.repeat(length).slice(0, length);
      assert.equal(decodeJwt(makeJwt({ text }))['text'], text);
    }
  });

  test(`D3 UTF-8 that is none: its own error, at its byte (${entry})`, () => {
    const invalid: [number[], string][] = [
      [[0x80], 'a continuation'],
      [[0xc0, 0xaf], 'overlong'],
      [[0xc3], 'cut short'],
      [[0xe0, 0x80, 0x80], 'overlong'],
      [[0xed, 0xa0, 0x80], 'a surrogate'],
      [[0xf4, 0x90, 0x80, 0x80], 'beyond U+10FFFF'],
      [[0xff], 'no byte of UTF-8'],
    ];
    for (const [bytes, what] of invalid) {
      const payload = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
      refuses(withPayload(payload), 'invalid_utf8', 'payload');
      assert.throws(
        () => decodeJwt(rawJwt(payload, '{}')),
        { code: 'invalid_utf8', part: 'header' },
        what,
      );
    }
  });

  test(`D3 JSON that is no object: its own error (${entry})`, () => {
    for (const json of ['[]', '[{"a":1}]', 'null', 'true', '12', '"text"', ' [1] ']) {
      refuses(withPayload(json), 'not_an_object', 'payload');
      refuses(rawJwt(json, '{}'), 'not_an_object', 'header');
    }
  });

  test(`D3 what is no JSON: its own error (${entry})`, () => {
    const broken = [
      '',
      ' ',
      '{',
      '}',
      '{]',
      '{"a"}',
      '{"a":}',
      '{a:1}',
      "{'a':1}",
      '{"a":1,}',
      '{"a":01}',
      '{"a":.5}',
    ];
    const broken2 = [
      '{"a":+1}',
      '{"a":NaN}',
      '{"a":"\n"}',
      '{"a":"\\x"}',
      '{"a":"\\u12"}',
      '{/**/}',
      '\ufeff{}',
      '{"a":1e}',
    ];
    for (const json of [...broken, ...broken2]) {
      refuses(withPayload(json), 'invalid_json', 'payload');
      refuses(rawJwt(json, '{}'), 'invalid_json', 'header');
    }
  });

  test(`D3 a byte after the object is an error, white space around it is none (${entry})`, () => {
    for (const json of ['{}x', '{} {}', '{}\0', '{},', '{}}'])
      refuses(withPayload(json), 'invalid_json', 'payload', json.startsWith('{} {') ? 3 : 2);
    assert.deepEqual(decodeJwt(withPayload(' \t\r\n{"a" : 1}\n ')), { a: 1 });
  });

  test(`D4 of duplicate members the last one wins (${entry})`, () => {
    assert.deepEqual(decodeJwt(withPayload('{"role":"admin","role":"user"}')), { role: 'user' });
    assert.deepEqual(decodeJwt(withPayload('{"a":{"b":1},"\\u0061":2}')), { a: 2 });
    assert.deepEqual(decodeProtectedHeader(rawJwt('{"alg":"none","alg":"RS256"}', '{}')), {
      alg: 'RS256',
    });
  });

  test(`D5 __proto__ and constructor are plain data and pollute nothing (${entry})`, () => {
    const json =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":2}';
    for (const decoded of [
      decodeJwt(withPayload(json)),
      decodeProtectedHeader(rawJwt(json, '{}')),
    ]) {
      assert.equal(Object.getPrototypeOf(decoded), Object.prototype);
      assert.deepEqual(Object.keys(decoded), ['__proto__', 'constructor', 'toString']);
      const own = Object.entries(decoded)[0]?.[1];
      assert.deepEqual(own, { polluted: 1 });
      assert.equal(decoded['polluted'], undefined);
    }
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  test(`D7 claims beyond ASCII come out right (${entry})`, () => {
    const claims = {
      name: 'José 🦊 李',
      ключ: 'значение',
      esc: '\u0000\u001f\u2028"\\/',
      emoji: '👩‍👩‍👧',
    };
    assert.deepEqual(decodeJwt(makeJwt(claims)), claims);
    assert.deepEqual(decodeJwt(withPayload('{"n":"Jos\\u00e9 \\ud83e\\udd8a \\/"}')), {
      n: 'José 🦊 /',
    });
    assert.deepEqual(decodeJwt(withPayload('{"bom":"\ufeff"}')), { bom: '\ufeff' });
  });

  test(`D7 a string that its server cut inside an emoji is as JSON.parse gives it, names too (${entry})`, () => {
    const payload = String.raw`{"name":"Ada \ud83e","\udd8a":["\ud83e\udd8a\ud83e"],"exp":5}`;
    const claims = { name: 'Ada \ud83e', '\udd8a': ['🦊\ud83e'], exp: 5 };
    assert.deepEqual(decodeJwt(withPayload(payload)), claims);
    assert.deepEqual(decodeProtectedHeader(rawJwt(payload, '{}')), claims);
    assert.equal(isExpired(withPayload(payload), { now: 5 }), true);
    const inspection = inspectJwt(withPayload(payload));
    assert.deepEqual(inspection.ok && inspection.claims, claims);
  });

  test(`D8 nothing in the header is acted on (${entry})`, () => {
    for (const header of [
      { alg: 'none' },
      { alg: 'HS256', crit: ['unknown'] },
      { jku: 'https://evil.test/jwks' },
      {},
    ]) {
      assert.deepEqual(decodeJwt(makeJwt({ sub: 'ada' }, header)), { sub: 'ada' });
      assert.deepEqual(decodeProtectedHeader(makeJwt({}, header)), header);
    }
  });

  test(`D8 decodeProtectedHeader leaves the payload alone, but not the shape of the token (${entry})`, () => {
    assert.deepEqual(decodeProtectedHeader(withPayload('no JSON')), HEADER);
    assert.throws(() => decodeProtectedHeader(`${H}.${P}`), { code: 'malformed' });
    assert.throws(() => decodeProtectedHeader(rawJwt('{', '{}')), {
      code: 'invalid_json',
      part: 'header',
    });
  });

  test(`D4 each call gives an object of its own (${entry})`, () => {
    const first = decodeJwt(RFC_TOKEN);
    first.iss = 'changed';
    assert.equal(decodeJwt(RFC_TOKEN).iss, 'joe');
  });
}
