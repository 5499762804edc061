// The one timer of a client.
import type { World } from './world.ts';

// A longer delay fires at once in every engine (E8): such a timer is set again when it fires.
const LONGEST_DELAY = 2 ** 31 - 1;

export interface Timer {
  /**
   * Fires once at `at` (milliseconds since 1970; Infinity: never), or before for a time too far off.
   * `keepsAlive` false lets a server's process end without waiting for it.
   */
  set(at: number, now: number, keepsAlive: boolean): void;
  clear(): void;
}

/** `fire` is called when the time has come, and may set the timer again. */
export function createTimer(world: World, fire: () => void): Timer {
  let handle: unknown;
  let setFor = Infinity;

  function clear(): void {
    world.clearTimeout(handle);
    handle = undefined;
    setFor = Infinity;
  }

  function set(at: number, now: number, keepsAlive: boolean): void {
    if (at !== setFor) {
      clear();
      if (at === Infinity) return;
      setFor = at;
      const delay = Math.min(Math.max(Math.ceil(at - now), 0), LONGEST_DELAY);
      handle = world.setTimeout(() => {
        clear();
        fire();
      }, delay);
    }
    // Only Node's timers have a say in this.
    const timer = handle as { ref?: () => void; unref?: () => void } | undefined;
    timer?.[keepsAlive ? 'ref' : 'unref']?.();
  }

  return { set, clear };
}
