/** Counters and faults that let a test, or the page, see and provoke what is otherwise luck. */

export interface Stats {
  /** Requests that reached a refresh endpoint, whatever came of them. */
  refreshRequests: number;
  /** Rotations done. */
  refreshes: number;
  /** Replays answered with the same successor, inside the grace window. */
  replays: number;
  familiesRevoked: number;
  logins: number;
}

export const REFRESH_FAULTS = [
  'none',
  '503',
  'html',
  'redirect',
  'drop',
  'drop_after',
  'invalid_grant',
] as const;

export interface RefreshFault {
  readonly refresh: (typeof REFRESH_FAULTS)[number];
  /** How many refreshes it is to last for. */
  readonly times: number;
  /** Held for so long before anything is done. */
  readonly delayMs: number;
}

export class DemoAids {
  stats: Stats = noStats();
  #fault: RefreshFault = noFault();

  resetStats(): void {
    this.stats = noStats();
  }

  setFault(fault: RefreshFault): void {
    this.#fault = fault;
  }

  /** The fault for this refresh; counts it down. */
  takeFault(): RefreshFault {
    if (this.#fault.times === 0) return noFault();
    const fault = this.#fault;
    this.#fault = { ...fault, times: fault.times - 1 };
    return fault;
  }
}

function noStats(): Stats {
  return { refreshRequests: 0, refreshes: 0, replays: 0, familiesRevoked: 0, logins: 0 };
}

function noFault(): RefreshFault {
  return { refresh: 'none', times: 0, delayMs: 0 };
}
