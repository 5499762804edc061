// A platform on which anything may go wrong: whatever the client calls throws, rejects, comes late,
// comes twice or gives nonsense. Only one thing it always does, unless the client does not wait for it
// for ever: it answers at last.
import type { TokenResponse } from 'bearerkit';

import type { Random } from './random.ts';

/** So long an answer takes at most that comes late, in milliseconds. */
const LATE = 12;

export class Chaos {
  readonly random: Random;
  /** While it is off, all works. */
  on = true;

  constructor(random: Random) {
    this.random = random;
  }

  /** What `work` gives, or something else. */
  disturb<T>(work: () => T, nonsense: readonly unknown[] = NONSENSE): T {
    const { random } = this;
    if (!this.on || random.chance(0.6)) return work();
    const other = random.pick(nonsense);
    const outcomes: (() => unknown)[] = [
      () => {
        throw new Error('chaos');
      },
      () => Promise.reject(new Error('chaos')),
      () => later(random.below(LATE)).then(work),
      () => later(random.below(LATE)).then(() => Promise.reject(new Error('late chaos'))),
      () => twice(work, other),
      () => other,
      () => Promise.resolve(other),
    ];
    return random.pick(outcomes)() as T;
  }

  /** What is no promise: it throws, or gives nonsense. */
  disturbNow<T>(work: () => T, nonsense: readonly unknown[]): T {
    if (!this.on || this.random.chance(0.6)) return work();
    if (this.random.chance(0.5)) throw new Error('chaos');
    return this.random.pick(nonsense) as T;
  }
}

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A thenable that calls back with one thing and then with another, and fails besides. */
function twice(work: () => unknown, other: unknown): unknown {
  return {
    then(resolve: (value: unknown) => void, reject: (error: unknown) => void): void {
      resolve(work());
      resolve(other);
      reject(new Error('after the answer'));
    },
  };
}

export const NONSENSE: readonly unknown[] = [
  undefined,
  null,
  0,
  NaN,
  '',
  'nonsense',
  true,
  {},
  [],
  Symbol('nonsense'),
  10n,
  (): number => 5,
  new Proxy(
    {},
    {
      get() {
        throw new Error('no such member');
      },
    },
  ),
];

/** What an app's own fetch may give instead of a Response: bodies of node-fetch, and worse. */
export function brokenAnswer(random: Random): unknown {
  const fail = (): never => {
    throw new Error('broken answer');
  };
  return {
    status: random.pick<unknown>([200, 401, 401, 401, '401', NaN, undefined, 500]),
    ok: random.pick<unknown>([true, false, undefined]),
    redirected: random.pick<unknown>([false, true, undefined]),
    url: random.pick<unknown>(['', undefined, 'nonsense', 5]),
    headers: random.pick<unknown>([
      new Headers(),
      {},
      undefined,
      { get: fail },
      { get: () => 5 },
      { get: () => Symbol('field') },
    ]),
    body: random.pick<unknown>([
      null,
      undefined,
      {},
      { on: () => undefined },
      { cancel: fail },
      { cancel: 'nonsense' },
      { cancel: () => Promise.reject(new Error('not cancelled')) },
      { cancel: () => ({ then: fail }) },
    ]),
    text: random.pick<unknown>([undefined, fail, () => 5, () => Promise.resolve({}), () => '{}']),
    clone: random.pick<unknown>([undefined, fail]),
  };
}

/** An API and its refresh endpoint, in memory. Lenient: answers get lost in chaos. */
export class Backend {
  #count = 0;
  readonly #good = new Set<string>();
  /** All tokens that were ever given out. */
  readonly secrets: string[] = [];

  issue(): TokenResponse {
    this.#count++;
    const access_token = `secret-access-${this.#count}`;
    const refresh_token = `secret-refresh-${this.#count}`;
    this.secrets.push(access_token, refresh_token);
    this.#good.add(access_token);
    return { access_token, refresh_token, expires_in: 900 };
  }

  /** No access token that was given out so far is good any more. */
  expire(): void {
    this.#good.clear();
  }

  fetch(input: RequestInfo | URL, init?: RequestInit): Response {
    const request = input instanceof Request ? input : new Request(input, init);
    const headers = new Headers(init?.headers ?? request.headers);
    const { pathname } = new URL(request.url);
    if (pathname === '/refresh') return Response.json(this.issue());
    if (pathname === '/revoke') return new Response();
    const token = headers.get('authorization')?.replace('Bearer ', '') ?? '';
    return this.#good.has(token) ? Response.json({}) : new Response('{}', { status: 401 });
  }
}

/** Web Locks and BroadcastChannel of one tab. */
export function chaoticLocks(chaos: Chaos): { request: (...values: unknown[]) => unknown } {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request: (...values) => {
      const hold = values[2] as () => Promise<unknown>;
      const grant = (): Promise<unknown> => {
        const held = last.then(hold);
        last = held.catch(() => undefined);
        return held;
      };
      return chaos.disturb(() => {
        if (chaos.on && chaos.random.chance(0.2)) void grant().catch(() => undefined);
        return grant();
      });
    },
  };
}

export function chaoticChannel(chaos: Chaos): unknown {
  return class {
    onmessage: ((event: { data: unknown }) => void) | null = null;

    constructor() {
      chaos.disturbNow(() => undefined, [undefined]);
    }

    postMessage(): void {
      chaos.disturbNow(() => {
        this.onmessage?.({ data: chaos.random.text(20) });
      }, NONSENSE);
    }

    close(): void {
      chaos.disturbNow(() => undefined, NONSENSE);
    }
  };
}
