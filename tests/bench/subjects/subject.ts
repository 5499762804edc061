// What is measured: each subject offers what it can do, and gets nothing of the others into its lane.
import type { Stub } from '../lane/stub.ts';

export type Fetcher = (input: string | Request, init?: RequestInit) => Promise<unknown>;

export interface Subject {
  /** Gives the claims, or throws. */
  readonly decode?: (token: string) => unknown;
  readonly isExpired?: (token: string) => boolean;
  /** A `fetch` that attaches the stub's token and, refused, refreshes once and sends again. */
  readonly fetcher?: (stub: Stub) => Fetcher | Promise<Fetcher>;
}
