// Random input that can be had again: a failure names the seed.

/** BEARERKIT_SEED=1234 repeats a run. */
export const SEED: number = Number(process.env['BEARERKIT_SEED'] ?? 20_25_11_23);

/** mulberry32: small, fast, and the same everywhere. */
export class Random {
  #state: number;

  constructor(seed: number = SEED) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: ArrayLike<T>): T {
    return from[this.below(from.length)] as T;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** Letters and digits. */
  word(length: number): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    return Array.from({ length }, () => letters.charAt(this.below(letters.length))).join('');
  }

  /** Any UTF-16 text, lone surrogates included. */
  text(length: number): string {
    const ranges = [
      [0x20, 0x7f],
      [0, 0x20],
      [0x80, 0x800],
      [0x4e00, 0x9fff],
      [0xd800, 0xe000],
      [0xe000, 0x10000],
    ] as const;
    return Array.from({ length }, () => {
      const [from, to] = this.chance(0.6) ? ranges[0] : this.pick(ranges);
      return String.fromCharCode(from + this.below(to - from));
    }).join('');
  }
}
