// What a client's events say, put together: calls with their steps, refreshes, and what else happened.
import type { AuthEventDetails } from '../types.ts';

export type Moment = AuthEventDetails['timeline'];

/** How a stretch of a call's time was spent. */
export type Doing = 'sent' | 'waits' | 'again';

export interface Step {
  readonly doing: Doing;
  readonly from: number;
  /** Undefined while it lasts. */
  to: number | undefined;
  /** Of the answer that ended it; 0 for none. */
  status: number;
  /** What a call waits for; undefined: nobody refreshes. */
  refresh: Refresh | undefined;
}

export type CallEnd = 'delivered' | 'failed' | 'aborted' | 'settled' | 'plain';

/** One call of fetchWithAuth, getAccessToken or refresh. */
export interface Call {
  /** Counts from 1, in the order of their begin. */
  readonly number: number;
  /** Empty: one that has no name here, or none. */
  readonly method: string;
  readonly from: number;
  to: number | undefined;
  end: CallEnd | undefined;
  readonly steps: Step[];
}

export type RefreshEnd = 'succeeded' | 'refused' | 'failed' | 'adopted' | 'dropped' | 'overtaken';

export interface Refresh {
  /** Counts from 1. */
  readonly number: number;
  readonly from: number;
  /** When it was sent to the server; undefined: never, or not yet. */
  sent: number | undefined;
  to: number | undefined;
  end: RefreshEnd | undefined;
  /** The token set that it brought, or that there was. */
  generation: number;
  /** Why it failed, in the client's words. */
  cause: string;
  /** After a failure: when the next one is allowed. */
  retryAt: number;
}

/** What is neither a call nor a refresh, such as a sign-out. */
export interface Note {
  readonly at: number;
  readonly text: string;
}

/** What hangs together: from the first thing after a silence to the last one before the next. */
export interface Episode {
  readonly calls: Call[];
  readonly refreshes: Refresh[];
  readonly notes: Note[];
}
