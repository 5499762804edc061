// js/core/effect.ts: an effect as it lies in memory, and as the driver gets it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EFFECT, EFFECT_FIELDS, EFFECT_VIEW, INSTRUCTION_FLAGS } from '#generated/abi';

import { readEffect, type Effect } from '../../js/core/effect.ts';
import type { Memory } from '../../js/core/memory.ts';

const ADDRESS = 64;
const TEXT_ADDRESS = 1000;
const TOKEN_ADDRESS = 2000;
const KEPT_ADDRESS = 3000;

/** A memory that holds one EffectView, and what its texts say. */
function memoryOf(
  kind: number,
  numbers: Readonly<Record<number, number>>,
  text = '',
  token = '',
  kept = '',
): Memory & { decoded: string[] } {
  const view: Readonly<Record<number, number>> = {
    ...numbers,
    [EFFECT_VIEW.kind]: kind,
    [EFFECT_VIEW.text_address]: TEXT_ADDRESS,
    [EFFECT_VIEW.token_address]: TOKEN_ADDRESS,
    [EFFECT_VIEW.kept_address]: KEPT_ADDRESS,
  };
  const at = (address: number): number => view[address - ADDRESS] ?? 0;
  const decoded: string[] = [];
  return {
    decoded,
    write: () => 0,
    writeBase64url: () => 0,
    writeAll: () => 0,
    readText: (address) => {
      const found = { [TOKEN_ADDRESS]: token, [KEPT_ADDRESS]: kept }[address] ?? text;
      decoded.push(found);
      return found;
    },
    readUint32: at,
    readDouble: at,
  };
}

const read = (memory: Memory): Effect | undefined =>
  readEffect(memory, ADDRESS, (_version, decode) => `Bearer ${decode()}`);

test('no address is no effect', () => {
  assert.equal(
    readEffect(memoryOf(1, {}), 0, () => ''),
    undefined,
  );
});

test('an effect has the fields of its kind, times among them', () => {
  const { request, error, reason, refreshCause, retryAt } = EFFECT_FIELDS[EFFECT.finish];
  const memory = memoryOf(EFFECT.finish, {
    [request]: 7,
    [error]: 3,
    [reason]: 2,
    [refreshCause]: 9,
    [retryAt]: Infinity,
  });
  assert.deepEqual(read(memory), {
    kind: EFFECT.finish,
    text: '',
    request: 7,
    error: 3,
    reason: 2,
    refreshCause: 9,
    retryAt: Infinity,
  });
});

test('L2 a refresh and a revocation bring their own tokens', () => {
  for (const kind of [EFFECT.refresh, EFFECT.revoke]) {
    const effect = read(memoryOf(kind, {}, 'refresh-A', 'access-A', '{}'));
    assert.ok(effect?.kind === kind);
    assert.equal(effect.text, 'refresh-A');
    assert.equal(effect.accessToken, 'access-A');
    assert.equal(effect.kept, '{}');
  }
});

test('a request is sent with the header of its own token version, and without one unless it is to have it', () => {
  const { flags, tokenVersion } = EFFECT_FIELDS[EFFECT.retry];
  const with_token: number = INSTRUCTION_FLAGS.with_token;
  const versions: number[] = [];
  for (const numbers of [{ [flags]: with_token, [tokenVersion]: 5 }, { [flags]: 0 }]) {
    const memory = memoryOf(EFFECT.retry, numbers, '', 'access');
    const effect = readEffect(memory, ADDRESS, (version, decode) => {
      versions.push(version);
      return `Bearer ${decode()}`;
    });
    assert.ok(effect?.kind === EFFECT.retry);
    assert.equal(effect.authorization, numbers[flags] === 0 ? '' : 'Bearer access');
  }
  assert.deepEqual(versions, [5]);
});

test('a header that is there already decodes no token', () => {
  const { flags } = EFFECT_FIELDS[EFFECT.send];
  const memory = memoryOf(EFFECT.send, { [flags]: INSTRUCTION_FLAGS.with_token }, '', 'access');
  readEffect(memory, ADDRESS, () => 'Bearer known');
  assert.ok(!memory.decoded.includes('access'));
});
