// What is random in a test follows from its seed.

/** Gives numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed for one of many: the same for the same name, whatever else happens before. */
export function seedFor(seed: number, name: string): number {
  let hash = seed ^ 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export type RandomValues = (bytes: Uint8Array) => Uint8Array;

/** In the place of crypto.getRandomValues. */
export function randomValuesOf(seed: number): RandomValues {
  const random = randomOf(seed);
  return (bytes) => bytes.map((_, i) => (bytes[i] = Math.floor(random() * 256)));
}
