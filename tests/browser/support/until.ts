import { setTimeout as sleep } from 'node:timers/promises';

/** Far beyond what any wait takes: it only keeps a broken test from waiting for ever. */
export const PATIENCE_MS = 300_000;

/** Waits until a condition holds, asking often. @throws Error that names it, when it never does. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}`);
    await sleep(20);
  }
}
