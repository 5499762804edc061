// E1–E3: isExpired.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decodeJwt, isExpired } from 'bearerkit';

import { makeJwt, rawJwt, RFC_TOKEN, withPayload, toBase64url } from './support/tokens.ts';

const token = makeJwt({ exp: 1000 });

test('E1 expired when now ≥ exp + leeway', () => {
  assert.equal(isExpired(token, { now: 999.999 }), false);
  assert.equal(isExpired(token, { now: 1000 }), true);
  assert.equal(isExpired(token, { now: 1059, leeway: 60 }), false);
  assert.equal(isExpired(token, { now: 1060, leeway: 60 }), true);
  assert.equal(isExpired(token, { now: 990, leeway: -10 }), true);
  assert.equal(isExpired(token, { now: -1 }), false);
});

test('E1 now may be a Date', () => {
  assert.equal(isExpired(token, { now: new Date(999_999) }), false);
  assert.equal(isExpired(token, { now: new Date(1_000_000) }), true);
  assert.equal(isExpired(RFC_TOKEN, { now: new Date('2011-03-22T18:42:59Z') }), false);
  assert.equal(isExpired(RFC_TOKEN, { now: new Date('2011-03-22T18:43:00Z') }), true);
});

test('E1 NumericDate may have fractions', () => {
  const fraction = makeJwt({ exp: 1000.25 });
  assert.equal(isExpired(fraction, { now: 1000.24 }), false);
  assert.equal(isExpired(fraction, { now: 1000.25 }), true);
  assert.equal(isExpired(fraction, { now: new Date(1_000_249) }), false);
  assert.equal(isExpired(fraction, { now: new Date(1_000_250) }), true);
  assert.equal(isExpired(withPayload('{"exp":1e3}'), { now: 1000 }), true);
  assert.equal(isExpired(withPayload('{"exp":-5.5}'), { now: -6 }), false);
});

test('E1 without a time it is now', () => {
  const now = Date.now() / 1000;
  assert.equal(isExpired(makeJwt({ exp: now + 3600 })), false);
  assert.equal(isExpired(makeJwt({ exp: now - 1 })), true);
  assert.equal(isExpired(makeJwt({ exp: now - 1 }), { leeway: 3600 }), false);
  assert.equal(isExpired(RFC_TOKEN), true);
});

test('E1 no exp: never expires by itself', () => {
  assert.equal(isExpired(makeJwt({ nbf: 5, iat: 5 }), { now: 1e15 }), false);
  assert.equal(isExpired(makeJwt({ inner: { exp: 1 } }), { now: 1e15 }), false);
});

test('E2 exp of another type is a typed error, not a guess', () => {
  for (const exp of ['"1000"', 'null', 'true', '[1000]', '{"exp":1000}', '""']) {
    const wrong = withPayload(`{"exp":${exp}}`);
    assert.throws(() => isExpired(wrong), { name: 'JwtError', code: 'invalid_numeric_date' }, exp);
    assert.throws(() => decodeJwt(wrong), { name: 'JwtError', code: 'invalid_numeric_date' }, exp);
  }
  assert.throws(() => isExpired(withPayload('{"exp":1e400}')), { code: 'number_out_of_range' });
  assert.equal(isExpired(token, { now: 1000 }), true, 'still usable');
});

test('D4 of duplicate exp the last one counts, in the core as in the claims', () => {
  const later = withPayload('{"exp":10,"exp":3000}');
  assert.equal(isExpired(later, { now: 2000 }), false);
  assert.equal(decodeJwt(later).exp, 3000);
  const escaped = withPayload('{"exp":3000,"e\\u0078p":10}');
  assert.equal(isExpired(escaped, { now: 2000 }), true);
  assert.equal(decodeJwt(escaped).exp, 10);
  assert.equal(isExpired(withPayload('{"exp":"x","exp":10}'), { now: 2000 }), true);
  assert.throws(() => isExpired(withPayload('{"exp":10,"exp":"x"}')), {
    code: 'invalid_numeric_date',
  });
});

test('E1 isExpired looks at the payload alone', () => {
  const payload = toBase64url('{"exp":1000}');
  for (const wrong of [`!.${payload}.!`, `.${payload}.`, rawJwt('[', '{"exp":1000}', 'A')]) {
    assert.equal(isExpired(wrong, { now: 1000 }), true, wrong);
    assert.equal(isExpired(wrong, { now: 999 }), false, wrong);
    assert.throws(() => decodeJwt(wrong), { name: 'JwtError' }, wrong);
  }
});

test('D2 a broken token is a typed error', () => {
  assert.throws(() => isExpired('opaque'), { name: 'JwtError', code: 'malformed' });
  assert.throws(() => isExpired(rawJwt('{}', '{')), { code: 'invalid_json', part: 'payload' });
  assert.throws(() => isExpired(undefined as unknown as string), { code: 'not_a_string' });
});

test('E3 a time that is none is an error, not a guess', () => {
  for (const now of [NaN, Infinity, new Date(NaN), 'now', null]) {
    assert.throws(() => isExpired(token, { now: now as number }), TypeError);
  }
  assert.throws(() => isExpired(token, { leeway: NaN }), TypeError);
});

test('E1 agrees with plain arithmetic around the deadline', () => {
  for (const exp of [0, 1, 1300819380, 1300819380.125, 4102444800, 2 ** 40]) {
    for (const leeway of [0, 0.5, 30, 3600]) {
      for (const delta of [-1, -0.125, 0, 0.125, 1]) {
        const now = exp + leeway + delta;
        assert.equal(isExpired(makeJwt({ exp }), { now, leeway }), now >= exp + leeway);
      }
    }
  }
});
