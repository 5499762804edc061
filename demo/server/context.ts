import type { Rules } from '../answers.ts';
import type { Database } from './database.ts';
import type { DemoAids } from './demo_aids.ts';
import type { KeyRing } from './key_ring.ts';
import type { HashingQueue } from './hashing_queue.ts';
import type { Keys } from './keys.ts';
import type { Settings } from './settings.ts';

/** What a request handler may use; made once for each app, so tests can run several side by side. */
export interface Context {
  readonly settings: Settings;
  readonly database: Database;
  readonly keys: Keys;
  /** Signs and verifies access tokens. */
  readonly keyRing: KeyRing;
  readonly rules: Rules;
  /** Every password is hashed through this. */
  readonly hashing: HashingQueue;
  /**
   * Milliseconds since the epoch. Processes that share a database are expected to have their
   * clocks synchronised (NTP): the grace window is measured across them.
   */
  readonly clock: () => number;
  /** Takes one line; never one with a token, a password or a query string in it. */
  readonly log: (line: string) => void;
  readonly aids: DemoAids;
  /** Where the demo's attacker listens, if there is one. */
  readonly attackerPort: number | undefined;
}
