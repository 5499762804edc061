// Waiting for conditions, never for a while: a busy machine is slow, not wrong.
import assert from 'node:assert/strict';

/** Far longer than anything takes: only a test that fails waits so long. */
export const PATIENCE = 300_000;

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until `condition` holds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!(await condition())) {
    assert.ok(performance.now() < end, `waited in vain: ${what}`);
    await pause(2);
  }
}

/** Fails unless `promise` settles. */
export async function settled<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`never settled: ${what}`)), PATIENCE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lets everything that is already due happen: microtasks, timers of 0, and I/O once or twice. */
export async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A door that is shut until it is opened; counts who waits before it. */
export class Gate {
  #arrived = 0;
  #isOpen = false;
  readonly #waiting: (() => void)[] = [];

  get arrived(): number {
    return this.#arrived;
  }

  pass(): Promise<void> {
    this.#arrived++;
    if (this.#isOpen) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Lets through those who wait, or the first `count` of them; without a count, all to come. */
  open(count?: number): void {
    if (count === undefined) this.#isOpen = true;
    for (const go of this.#waiting.splice(0, count ?? this.#waiting.length)) go();
  }

  async until(count: number): Promise<void> {
    await until(() => this.#arrived >= count, `${count} at the gate`);
  }
}

/** The gates of a server, by paths. Where none was put, nobody is held. */
export class Gates {
  readonly #gates = new Map<string, Gate>();

  /** From now on, who comes for that path waits there until it is opened. */
  hold(path: string): Gate {
    const gate = new Gate();
    this.#gates.set(path, gate);
    return gate;
  }

  async pass(path: string): Promise<void> {
    await this.#gates.get(path)?.pass();
  }
}
