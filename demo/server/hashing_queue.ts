import { HttpError } from './errors.ts';

/**
 * Hashing a password keeps one of the four threads busy that files and signatures need as well
 * (libuv's). So few are hashed side by side, few more may wait, and the rest is told to come again:
 * a flood of logins slows logins only.
 */
export class HashingQueue {
  readonly #atOnce: number;
  readonly #mayWait: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, mayWait: number) {
    this.#atOnce = atOnce;
    this.#mayWait = mayWait;
  }

  /** @throws HttpError 503 with Retry-After, when too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#mayWait) throw busy();
      // Whoever ends hands over its place.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

function busy(): HttpError {
  return new HttpError(503, 'temporarily_unavailable', 'Too many logins at once; try again', {
    'Retry-After': '2',
  });
}
