// The one timer of a client.

// A longer delay fires at once in every engine (E8): such a timer is set again when it fires.
const LONGEST_DELAY = 2 ** 31 - 1;

type Handle = ReturnType<typeof setTimeout>;

export class Timer {
  readonly #fire: () => void;
  #handle: Handle | undefined;
  #at = Infinity;

  /** `fire` is called when the time has come, and may set the timer again. */
  constructor(fire: () => void) {
    this.#fire = fire;
  }

  /**
   * Fires once at `at` (milliseconds since 1970; Infinity: never), or before for a time too far off.
   * `keepsAlive` false lets a server's process end without waiting for it.
   */
  set(at: number, now: number, keepsAlive: boolean): void {
    if (at !== this.#at) {
      this.clear();
      if (at === Infinity) return;
      this.#at = at;
      const delay = Math.min(Math.max(Math.ceil(at - now), 0), LONGEST_DELAY);
      this.#handle = setTimeout(() => {
        this.#at = Infinity;
        this.#handle = undefined;
        this.#fire();
      }, delay);
    }
    keepAlive(this.#handle, keepsAlive);
  }

  clear(): void {
    clearTimeout(this.#handle);
    this.#handle = undefined;
    this.#at = Infinity;
  }
}

// Only Node's timers have a say in this.
function keepAlive(handle: Handle | undefined, on: boolean): void {
  if (typeof handle !== 'object') return;
  const timer: { ref?: () => void; unref?: () => void } = handle;
  if (on) timer.ref?.();
  else timer.unref?.();
}
