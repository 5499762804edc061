import { setTimeout as sleep } from 'node:timers/promises';

/** Far beyond what any wait takes: it only keeps a broken test from waiting for ever. */
export const PATIENCE_MS = 300_000;

/**
 * Waits until a condition holds, asking often.
 * @param what its name, or a function that can say in the end what was there instead
 * @throws Error that names it, when it never holds
 */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > end) {
      throw new Error(`Waited in vain until ${typeof what === 'string' ? what : what()}`);
    }
    await sleep(20);
  }
}
