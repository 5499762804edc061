// Rounds of random use, for as long as there is time. Each has a seed of its own, by which it can be
// had again.
import type { TestContext } from 'node:test';

import { Random, SEED } from './random.ts';
import { makeJwt, RFC_TOKEN } from './tokens.ts';

/** For all fuzzers of a file together. BEARERKIT_FUZZ_SECONDS=600 goes on for longer. */
export const FUZZ_SECONDS: number = Number(process.env['BEARERKIT_FUZZ_SECONDS'] ?? 9);

/** Plays rounds for `part` of the time, one at least; a failure names the seed of its round. */
export async function playRounds(
  t: TestContext,
  part: number,
  round: (random: Random) => void | Promise<void>,
): Promise<void> {
  const end = performance.now() + FUZZ_SECONDS * part * 1000;
  let seed = SEED;
  do {
    try {
      await round(new Random(seed));
    } catch (cause) {
      const what = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      throw new Error(`BEARERKIT_SEED=${seed} plays this round again: ${what}`, { cause });
    }
    seed++;
  } while (performance.now() < end);
  t.diagnostic(`${seed - SEED} rounds`);
}

const NUMBERS = [
  ...[0, 1, 2, 3, 7, 79, 80, 81, 255, 65535, 65536, 2 ** 20, 2 ** 22, 2 ** 22 + 1, 2 ** 31 - 1],
  ...[2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 1e300, Infinity, -Infinity, NaN, -1, -80, 0.5],
];

/** Any number at all. */
export function someNumber(random: Random): number {
  if (random.chance(0.5)) return random.below(8);
  return random.chance(0.8) ? random.pick(NUMBERS) : (random.next() - 0.5) * 2 ** random.below(80);
}

/** Milliseconds since 1970, mostly; the clocks of some devices say anything. */
export function someTime(random: Random): number {
  return random.chance(0.9) ? 1.7e12 + random.below(2e6) : someNumber(random);
}

/** Of those that an input of the core may be, whatever it is for. */
const TEXTS: readonly ((random: Random) => string)[] = [
  () => '',
  () => RFC_TOKEN,
  (random) => random.text(random.below(200)),
  (random) => makeJwt({ exp: someNumber(random), name: random.text(20) }, { alg: random.text(5) }),
  (random) =>
    JSON.stringify({
      access_token: random.chance(0.9) ? random.word(20) : random.text(20),
      refresh_token: random.chance(0.7) ? random.word(20) : undefined,
      expires_in: random.chance(0.7) ? 900 : someNumber(random),
    }),
  (random) => JSON.stringify({ accessToken: random.word(10), expiresIn: String(random.below(99)) }),
  () => '{"error":"invalid_grant"}',
  (random) =>
    JSON.stringify({
      version: 1,
      session: random.below(9).toString(16).padStart(16, '0'),
      generation: random.below(5),
      received: someTime(random),
      deadline: someTime(random),
      access_token: random.chance(0.5) ? random.word(9) : undefined,
      refresh_token: random.chance(0.5) ? random.word(9) : undefined,
    }),
  (random) =>
    `bearerkit 1 ${random.pick(['changed', 'signed_in', 'signed_out', 'ended'])} 000000000000000${random.below(9)}`,
  (random) =>
    random
      .below(2 ** 32)
      .toString(16)
      .padStart(32, '0'),
  (random) => `Bearer error="${random.pick(['invalid_token', 'insufficient_scope', 'x'])}"`,
  () => 'Sun, 06 Nov 1994 08:49:37 GMT',
  (random) => String(someNumber(random)),
  (random) =>
    random.pick(['https://api.example.com', 'http://localhost:8080', 'null', 'https://a']),
  (random) => '['.repeat(random.below(600)),
  // The core has limits of one and of four mebibytes.
  (random) =>
    random.chance(0.9) ? 'x' : random.pick(['a', 'é', '[', '{"a":']).repeat(random.below(3e6)),
];

/** Any text: often one that means something somewhere, or nearly so. */
export function someText(random: Random): string {
  const text = random.pick(TEXTS)(random);
  if (random.chance(0.8)) return text;
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.text(random.below(3)) + text.slice(at + random.below(3));
}
