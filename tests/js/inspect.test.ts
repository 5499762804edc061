// inspectJwt: never throws, whatever it is given.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decodeJwt, inspectJwt, type JwtFinding } from 'bearerkit';

import { Random, SEED } from './support/random.ts';
import {
  HEADER,
  makeJwt,
  rawJwt,
  RFC_TOKEN,
  SIGNATURE,
  toBase64url,
  withPayload,
} from './support/tokens.ts';

function findings(token: string): JwtFinding[] {
  const inspection = inspectJwt(token);
  assert.ok(inspection.ok);
  return inspection.findings.toSorted();
}

test('D8 a good token: parts, header, claims, times, and nothing to remark', () => {
  const claims = { sub: 'ada', exp: 1000.5, nbf: 10, iat: 5 };
  const token = makeJwt(claims);
  const [header, payload] = token.split('.');
  assert.deepEqual(inspectJwt(token), {
    ok: true,
    header: HEADER,
    claims,
    parts: { header, payload, signature: SIGNATURE },
    times: { exp: new Date(1_000_500), nbf: new Date(10_000), iat: new Date(5000) },
    findings: [],
  });
});

test('D8 times that are absent, or that no Date can hold, are null', () => {
  const inspection = inspectJwt(makeJwt({ exp: 1e300 }));
  assert.ok(inspection.ok);
  assert.deepEqual(inspection.times, { exp: null, nbf: null, iat: null });
  assert.equal(inspection.claims.exp, 1e300);
});

test('D8 alg none, in any case, and unknown crit are findings', () => {
  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    assert.deepEqual(findings(makeJwt({ exp: 1 }, { alg }, '')), ['unsecured']);
  }
  assert.deepEqual(findings(makeJwt({ exp: 1 }, { alg: 'none' })), [
    'signature_mismatch',
    'unsecured',
  ]);
  assert.deepEqual(findings(makeJwt({ exp: 1 }, { alg: 'RS256' }, '')), ['signature_mismatch']);
  assert.deepEqual(findings(makeJwt({ exp: 1 }, { alg: 'RS256', crit: ['b64'] })), [
    'critical_extension',
  ]);
});

test('D8 a missing alg, a key in the header, a missing exp are findings', () => {
  assert.deepEqual(findings(makeJwt({ exp: 1 }, { typ: 'JWT' })), ['missing_algorithm']);
  assert.deepEqual(findings(makeJwt({ exp: 1 }, { alg: 5 })), ['missing_algorithm']);
  for (const name of ['jwk', 'jku', 'x5u', 'x5c']) {
    assert.deepEqual(
      findings(makeJwt({ exp: 1 }, { alg: 'RS256', [name]: 'x' })),
      ['key_in_header'],
      name,
    );
  }
  assert.deepEqual(findings(makeJwt({})), ['missing_expiry']);
});

test('D4 duplicate members are a finding', () => {
  assert.deepEqual(findings(withPayload('{"exp":1,"role":"a","role":"b"}')), ['duplicate_claim']);
  assert.deepEqual(findings(withPayload('{"exp":1,"a":1,"\\u0061":1}')), ['duplicate_claim']);
  assert.deepEqual(findings(withPayload('{"exp":1,"a":{"x":1},"b":{"x":2}}')), []);
  assert.deepEqual(findings(rawJwt('{"alg":"RS256","alg":"RS256"}', '{"exp":1}')), [
    'duplicate_header_member',
  ]);
});

test('D2 an error tells code, part and offset', () => {
  const inspection = inspectJwt(`${toBase64url('{}')}.ab+d.`);
  assert.ok(!inspection.ok);
  const { message, ...where } = inspection.error;
  assert.deepEqual(where, { code: 'invalid_base64url', part: 'payload', offset: 2 });
  assert.ok(message.length > 10);
  const malformed = inspectJwt('opaque');
  assert.ok(!malformed.ok);
  assert.deepEqual(
    [malformed.error.code, malformed.error.part, malformed.error.offset],
    ['malformed', null, null],
  );
});

function anything(random: Random): unknown {
  const objects: unknown[] = [
    null,
    undefined,
    NaN,
    5,
    5n,
    true,
    {},
    [],
    Symbol('x'),
    () => 1,
    new Date(),
    /x/,
  ];
  const hostile = [
    new Proxy({}, { get: () => assert.fail('looked into') }),
    { toString: () => assert.fail('asked for a string') },
    Object.create(null) as object,
    new Uint8Array(8),
  ];
  const kind = random.below(8);
  if (kind === 0) return random.pick([...objects, ...hostile]);
  if (kind === 1) return random.text(random.below(200));
  if (kind === 2) return Array.from({ length: 3 }, () => random.word(random.below(50))).join('.');
  if (kind === 3)
    return Array.from({ length: random.below(8) }, () => random.text(random.below(30))).join('.');
  if (kind === 4) return rawJwt(random.bytes(random.below(60)), random.bytes(random.below(60)));
  if (kind === 5) return withPayload(`{"a":${random.text(random.below(40))}}`);
  const token = makeJwt({
    text: random.word(10),
    exp: random.below(1e9),
    deep: [[{}], random.word(5)],
  });
  const at = random.below(token.length);
  if (kind === 6) return token.slice(0, at) + random.text(1) + token.slice(at + 1);
  return token.slice(0, at) + token.slice(at + random.below(9));
}

test('D6 5000 inputs of every kind: never throws, and tells what decodeJwt would', () => {
  const random = new Random();
  const seen = new Map<string, number>();
  for (let i = 0; i < 5000; i++) {
    const input = anything(random) as string;
    const inspection = inspectJwt(input);
    const outcome = inspection.ok ? 'ok' : inspection.error.code;
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    let decoded: unknown;
    try {
      decoded = decodeJwt(input);
    } catch (error) {
      assert.ok(!inspection.ok, `seed ${SEED}, input ${i}`);
      assert.equal(
        (error as { code: string }).code,
        inspection.error.code,
        `seed ${SEED}, input ${i}`,
      );
      continue;
    }
    assert.ok(inspection.ok);
    assert.deepEqual(inspection.claims, decoded, `seed ${SEED}, input ${i}`);
  }
  for (const outcome of [
    'ok',
    'malformed',
    'invalid_base64url',
    'invalid_json',
    'invalid_utf8',
    'not_a_string',
  ]) {
    assert.ok((seen.get(outcome) ?? 0) > 20, `${outcome} was seen ${seen.get(outcome) ?? 0} times`);
  }
});

test('D6 huge input: an answer, and soon', () => {
  for (const huge of [
    'a'.repeat(30e6),
    '.'.repeat(5e6),
    `${'é'.repeat(5e6)}..`,
    '\udfff'.repeat(900_000),
  ]) {
    const inspection = inspectJwt(huge);
    assert.equal(inspection.ok, false);
  }
  assert.equal(inspectJwt(RFC_TOKEN).ok, true);
});
