// The virtual clock. Time stands still, but for two: a test that puts it forward, and a call that waits.
// A client says by `ref` and `unref` which of its timers a call waits for, as it does to Node.
import type { TestClock } from '../types/testing.ts';
import { checkNumber } from './errors.ts';

export interface Alarm {
  ref(): void;
  unref(): void;
}

interface Pending extends Alarm {
  readonly at: number;
  readonly ring: () => void;
  awaited: boolean;
}

// Where there is no MessageChannel (Jest's jsdom): more than any chain of promises here has links.
const MANY_TURNS = 200;

export class VirtualClock implements TestClock {
  #time: number;
  // In the order in which they were set.
  readonly #pending = new Set<Pending>();
  // Goes up when anything happens.
  #events = 0;
  // Work that takes no virtual time, and some real one: time waits for it.
  #working = 0;
  #advancing = 0;
  #flowing = false;
  #stopped = false;

  constructor(start: number) {
    this.#time = start;
  }

  readonly now = (): number => this.#time;

  set(ring: () => void, delay: number): Alarm {
    const alarm: Pending = {
      at: this.#time + Math.max(delay, 0),
      ring,
      awaited: true,
      ref: () => {
        alarm.awaited = true;
        this.touch();
      },
      unref: () => {
        alarm.awaited = false;
      },
    };
    if (!this.#stopped) this.#pending.add(alarm);
    this.touch();
    return alarm;
  }

  clear(alarm: unknown): void {
    this.#pending.delete(alarm as Pending);
  }

  /** Something has happened: more may follow from it. */
  touch(): void {
    this.#events++;
    if (!this.#flowing && this.#advancing === 0) void this.#flow();
  }

  /** Time stands still until `work` is done. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#working++;
    try {
      return await work();
    } finally {
      this.#working--;
      this.touch();
    }
  }

  wait(delay: number): Promise<void> {
    return new Promise((resolve) => this.set(resolve, delay));
  }

  readonly advance = async (milliseconds: number): Promise<void> => {
    const end = this.#time + checkNumber(milliseconds, 'advance');
    this.#advancing++;
    try {
      await this.settle();
      for (let next = this.#first(); next && next.at <= end; next = this.#first()) {
        this.#ring(next);
        await this.settle();
      }
      this.#time = Math.max(this.#time, end);
    } finally {
      this.#advancing--;
    }
    await this.settle();
    this.touch();
  };

  /** As a device that has slept until then: what was due meanwhile is late. */
  async sleepUntil(time: number): Promise<void> {
    this.#time = Math.max(this.#time, time);
    await this.advance(0);
  }

  readonly settle = async (): Promise<void> => {
    let seen: number;
    do {
      seen = this.#events;
      await aWhile();
      await aWhile();
    } while (seen !== this.#events);
  };

  /** No time passes any more, for anybody. */
  stop(): void {
    this.#stopped = true;
    this.#pending.clear();
  }

  // While a call waits for time, it passes.
  async #flow(): Promise<void> {
    this.#flowing = true;
    for (;;) {
      await this.settle();
      if (this.#advancing > 0 || this.#working > 0) break;
      const isAwaited = [...this.#pending].some(({ awaited }) => awaited);
      const next = isAwaited ? this.#first() : undefined;
      if (next === undefined) break;
      this.#ring(next);
    }
    this.#flowing = false;
  }

  #first(): Pending | undefined {
    let first: Pending | undefined;
    for (const alarm of this.#pending) {
      if (first === undefined || alarm.at < first.at) first = alarm;
    }
    return first;
  }

  #ring(alarm: Pending): void {
    this.#pending.delete(alarm);
    this.#time = Math.max(this.#time, alarm.at);
    this.#events++;
    alarm.ring();
  }
}

// All promises that can go on have gone on. Not by a timer: those of the test may be fake.
async function aWhile(): Promise<void> {
  if (typeof MessageChannel !== 'function') {
    for (let turn = 0; turn < MANY_TURNS; turn++) await Promise.resolve();
    return;
  }
  const { port1, port2 } = new MessageChannel();
  await new Promise<void>((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
  port1.close();
}
