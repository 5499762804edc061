// What isExpired is given besides a token.

/**
 * The point in time, in seconds since 1970.
 * @throws {TypeError} where it, or the leeway, is no finite number
 */
export function secondsOf(now: number | Date, leeway: number): number {
  const seconds = typeof now === 'number' ? now : now.getTime() / 1000;
  if (!Number.isFinite(seconds)) throw new TypeError('isExpired: now is no point in time');
  if (!Number.isFinite(leeway)) throw new TypeError('isExpired: leeway is no number of seconds');
  return seconds;
}
