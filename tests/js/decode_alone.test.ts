// P5: bearerkit/decode, without the core. The core is its oracle: of thousands of tokens both take the
// same, with the same claims, and refuse the others for the same reason. decode.test.ts and
// decode_limits.test.ts ask both entries the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as core from 'bearerkit';
import * as alone from 'bearerkit/decode';

import { isSameFault, OF_JSON } from './support/decoders.ts';
import { Random, SEED } from './support/random.ts';
import { claimsText, mutateBytes, randomToken } from './support/token_generator.ts';
import { makeJwt, rawJwt, withPayload } from './support/tokens.ts';

const ROUNDS = 20_000;
const NOW = 1_300_819_380;

interface Outcome {
  value?: unknown;
  error?: core.JwtError;
}

function outcomeOf(call: () => unknown): Outcome {
  try {
    return { value: call() };
  } catch (error) {
    assert.ok(error instanceof core.JwtError, 'P5 one class for all entries');
    return { error };
  }
}

function agree(decode: (api: typeof core | typeof alone) => unknown, about: string): Outcome {
  const expected = outcomeOf(() => decode(core));
  const seen = outcomeOf(() => decode(alone));
  assert.deepStrictEqual(seen.value, expected.value, about);
  const [a, b] = [seen.error, expected.error];
  assert.equal(a?.part, b?.part, about);
  assert.ok(isSameFault(a?.code, b?.code), about);
  if (b?.code === 'invalid_base64url') assert.equal(a?.offset, b.offset, about);
  else assert.equal(a?.offset, undefined, about);
  return seen;
}

test(`P5 D1–D7 E1 E2 bearerkit/decode agrees with the core on ${ROUNDS} tokens (seed ${SEED})`, () => {
  const random = new Random();
  const codes = new Map<string | undefined, number>();
  for (let i = 0; i < ROUNDS; i++) {
    const token = random.chance(0.1)
      ? withPayload(mutateBytes(random, Buffer.from(claimsText(random, 0))))
      : randomToken(random);
    const about = `token ${i} of seed ${SEED}: ${token.slice(0, 2000)}`;
    const { error } = agree((api) => api.decodeJwt(token), about);
    codes.set(error?.code, (codes.get(error?.code) ?? 0) + 1);
    agree((api) => api.decodeProtectedHeader(token), about);
    const leeway = random.below(2);
    agree((api) => api.isExpired(token, { now: NOW, leeway }), about);
  }
  for (const code of [undefined, 'malformed', 'invalid_base64url', 'invalid_utf8', ...OF_JSON]) {
    if (code !== 'too_deep') assert.ok(codes.has(code), `never seen: ${code ?? 'a good token'}`);
  }
});

test('P5 E2 a number beyond a double is seen wherever it stands', () => {
  const digits = (count: number): string => '9'.repeat(count);
  for (const number of [
    '1e309',
    '-1E+400',
    '1.5e0999',
    digits(309),
    `-${digits(400)}`,
    `${digits(299)}e9`,
    `${digits(299)}e10`,
    `${digits(300)}.5e9`,
    `0.${digits(400)}`,
    `1${'0'.repeat(308)}`,
    `1${'0'.repeat(309)}`,
    '1e308',
    '1e-400',
  ]) {
    for (const json of [
      `{"n":${number}}`,
      `{"n":${number},"n":1}`,
      `{"a":[{"b":[${number}]}]}`,
      `{"n":[1,${number}],"text":"1e999"}`,
    ]) {
      agree((api) => api.decodeJwt(withPayload(json)), json.slice(0, 80));
    }
  }
  for (const text of ['1e999', digits(400), '\\"1e999', '{{{{']) {
    const token = makeJwt({ text });
    assert.deepEqual(alone.decodeJwt(token), { text });
  }
});

test('P5 D6 brackets count where they nest, and not in strings', () => {
  const open = '['.repeat(300);
  for (const json of [
    JSON.stringify({ text: open }),
    JSON.stringify({ text: `\\"${open}`, more: `"${open}` }),
    `{"a":[${Array(500).fill('[]').join(',')}]}`,
    `{"a":${'['.repeat(255)}${']'.repeat(255)}}`,
    `{"a":${'['.repeat(256)}${']'.repeat(256)}}`,
    `{"a":${open}`,
    `{"a":"${open}`,
  ]) {
    agree((api) => api.decodeJwt(withPayload(json)), json.slice(0, 80));
  }
});

// Each of these would take minutes if a part of the text were read again and again.
test('P5 D6 a hostile mebibyte is refused at once', { timeout: 60_000 }, () => {
  const half = 380_000;
  for (const json of [
    '"'.repeat(half),
    '\\"'.repeat(half),
    `{"a":"${'\\"'.repeat(half)}`,
    '{"'.repeat(half),
    `{"a":[${'"['.repeat(half)}`,
    `${'['.repeat(300)}"${'\\"'.repeat(half)}`,
    `[1e400,"${'\\"'.repeat(half)}"]`,
    `{"a":${'9'.repeat(half)}x`,
    `{"a":[${`${'9'.repeat(299)},`.repeat(2000)}1e400]}`,
  ]) {
    const { error } = outcomeOf(() => alone.decodeJwt(withPayload(json)));
    assert.ok(error !== undefined);
  }
});

test('P5 a header is judged by itself, whichever came before', () => {
  const good = makeJwt({ sub: 'ada' });
  const bad = rawJwt('{', '{"sub":"ada"}');
  for (const token of [good, bad, good, bad, bad, good]) {
    agree((api) => api.decodeJwt(token), 'header');
  }
});

test('P5 E1 isExpired refuses what is no time', () => {
  const token = makeJwt({ exp: 5 });
  assert.throws(() => alone.isExpired(token, { now: NaN }), TypeError);
  assert.throws(() => alone.isExpired(token, { leeway: Infinity }), TypeError);
  assert.equal(alone.isExpired(token, { now: new Date(5000) }), true);
  assert.equal(alone.isExpired(token, { now: 5, leeway: 1 }), false);
  assert.equal(alone.isExpired(makeJwt({}), { now: 5 }), false);
});
