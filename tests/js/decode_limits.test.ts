// D6: limits give clear errors, and the core is still usable after each.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inspectJwt } from 'bearerkit';

import { DECODERS } from './support/decoders.ts';
import { makeJwt, rawJwt, RFC_TOKEN, SIGNATURE, withPayload } from './support/tokens.ts';

for (const { entry, decodeJwt, decodeProtectedHeader, isExpired } of DECODERS) {
  const MEBIBYTE = 1024 * 1024;

  const stillUsable = (): void => assert.equal(decodeJwt(RFC_TOKEN).iss, 'joe');

  function nested(depth: number, open: string, close: string): string {
    return `{"a":${open.repeat(depth - 1)}${close.repeat(depth - 1)}}`;
  }

  test(`D6 256 levels are decoded, 257 are too deep (${entry})`, () => {
    assert.ok(decodeJwt(withPayload(nested(256, '[', ']'))));
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      // The innermost object needs a value.
      const deep = nested(300, open, close).replace('"a":}', '"a":1}');
      assert.throws(() => decodeJwt(withPayload(deep)), {
        name: 'JwtError',
        code: 'too_deep',
        part: 'payload',
      });
      assert.throws(() => decodeProtectedHeader(rawJwt(deep, '{}')), {
        code: 'too_deep',
        part: 'header',
      });
      stillUsable();
    }
    assert.throws(() => decodeJwt(withPayload(nested(257, '[', ']'))), { code: 'too_deep' });
  });

  test(`D6 hundreds of thousands of brackets neither crash nor hang (${entry})`, () => {
    for (const json of [
      `{"a":${'['.repeat(500_000)}`,
      `{"a":${'{"a":'.repeat(100_000)}`,
      '['.repeat(500_000),
    ]) {
      assert.throws(() => decodeJwt(withPayload(json)), { name: 'JwtError' });
      stillUsable();
    }
  });

  test(`D6 a token of 1 MiB is decoded, a longer one is too large (${entry})`, () => {
    const rest = makeJwt({ text: '' }).length - SIGNATURE.length;
    const exact = makeJwt({ text: '' }, undefined, 'A'.repeat(MEBIBYTE - rest));
    assert.equal(exact.length, MEBIBYTE);
    assert.equal(decodeJwt(exact)['text'], '');
    for (const length of [MEBIBYTE + 1, 2 * MEBIBYTE, 20 * MEBIBYTE]) {
      const large = exact.padEnd(length, 'A');
      assert.throws(() => decodeJwt(large), { name: 'JwtError', code: 'too_large' });
      assert.throws(() => isExpired(large), { name: 'JwtError', code: 'too_large' });
      assert.equal(inspectJwt(large).ok, false);
      stillUsable();
    }
  });

  test(`D6 a token that is short in characters and long in bytes is refused as well (${entry})`, () => {
    const large = '李'.repeat(MEBIBYTE - 2);
    assert.throws(() => decodeJwt(`${large}..`), { name: 'JwtError' });
    assert.throws(() => decodeJwt(`${'\ud800'.repeat(MEBIBYTE - 2)}..`), { name: 'JwtError' });
    stillUsable();
  });

  test(`D6 a payload of half a mebibyte comes out right (${entry})`, () => {
    const text = 'José 🦊 李'.repeat(30_000);
    assert.equal(decodeJwt(makeJwt({ text }))['text'], text);
  });

  test(`D6 many members, long names, long numbers (${entry})`, () => {
    const claims = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`claim${i}`, i]));
    assert.deepEqual(decodeJwt(makeJwt(claims)), claims);
    const name = 'n'.repeat(100_000);
    assert.equal(decodeJwt(makeJwt({ [name]: 1 }))[name], 1);
    const digits = `1.${'3'.repeat(50_000)}`;
    assert.equal(decodeJwt(withPayload(`{"pi":${digits}}`))['pi'], Number(digits));
  });

  test(`E2 a number beyond a double is a typed error (${entry})`, () => {
    for (const number of ['1e400', '-1e400', '1'.repeat(400), '1e999999999']) {
      assert.throws(() => decodeJwt(withPayload(`{"n":${number}}`)), {
        name: 'JwtError',
        code: 'number_out_of_range',
        part: 'payload',
      });
      stillUsable();
    }
    assert.equal(decodeJwt(withPayload('{"n":1.7976931348623157e308}'))['n'], Number.MAX_VALUE);
    assert.equal(decodeJwt(withPayload('{"n":1e-400}'))['n'], 0);
  });
}
