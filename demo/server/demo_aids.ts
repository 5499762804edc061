/** Counters and faults that let a test, or the page, see and provoke what is otherwise luck. */
import type { CrossSiteRequest, Stats } from '../answers.ts';

export const API_FAULTS = ['none', '503', 'drop', 'drop_after'] as const;
export const REFRESH_FAULTS = [...API_FAULTS, 'html', 'redirect', 'invalid_grant'] as const;

export interface Fault {
  readonly kind: (typeof REFRESH_FAULTS)[number];
  /** How many requests it is to last for. */
  readonly times: number;
  /** Held for so long before anything is done. */
  readonly delayMs: number;
}

const NO_FAULT: Fault = { kind: 'none', times: 0, delayMs: 0 };

const MOST_CROSS_SITE = 50;

export class DemoAids {
  stats: Stats = noStats();
  crossSite: readonly CrossSiteRequest[] = [];
  readonly #faults: Record<'refresh' | 'api', Fault> = { refresh: NO_FAULT, api: NO_FAULT };

  resetStats(): void {
    this.stats = noStats();
    this.crossSite = [];
  }

  noteCrossSite(request: CrossSiteRequest): void {
    this.crossSite = [request, ...this.crossSite].slice(0, MOST_CROSS_SITE);
  }

  setFault(where: 'refresh' | 'api', fault: Fault): void {
    this.#faults[where] = fault;
  }

  /** The fault for this request; counts it down. */
  takeFault(where: 'refresh' | 'api'): Fault {
    const fault = this.#faults[where];
    if (fault.times === 0) return NO_FAULT;
    this.#faults[where] = { ...fault, times: fault.times - 1 };
    return fault;
  }
}

function noStats(): Stats {
  return { refreshRequests: 0, refreshes: 0, replays: 0, familiesRevoked: 0, logins: 0 };
}
