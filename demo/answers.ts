// What the /demo routes answer, for the server that says it and the page that reads it. Times are in
// milliseconds since 1970, by the server's clock.

/** `GET /demo/stats`: counted since the start, or since `POST /demo/reset-stats`. */
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

/** What holds for the tokens that are made from now on. In demo mode a visitor may change it: `POST /demo/settings`. */
export interface Rules {
  accessTokenSeconds: number;
  refreshGraceSeconds: number;
  /** Off, a token is good until it expires, whatever was revoked: to be seen in the demo only. */
  blocklist: boolean;
}

/** `GET /demo/settings` */
export interface DemoSettings extends Rules {
  readonly algorithm: string;
  /** Where the demo's attacker listens; null where there is none. */
  readonly attackerOrigin: string | null;
  /** The page's address without `'wasm-unsafe-eval'`. */
  readonly withoutWasm: string;
}

/** `GET /demo/families/:sid`: the life of one session as the database knows it. */
export interface Family {
  readonly id: string;
  readonly channel: string;
  readonly createdAt: number;
  readonly endsAt: number;
  readonly ended: { readonly at: number; readonly reason: string } | null;
  readonly generations: readonly Generation[];
}

export interface Generation {
  readonly generation: number;
  readonly issuedAt: number | null;
  /** When it was redeemed; null of the current one. */
  readonly usedAt: number | null;
  readonly graceEndsAt: number | null;
  /** When it came again after that. */
  readonly reusedAt: readonly number[];
}

/** `GET /demo/blocklist`: what is refused at the moment, the latest to be forgotten first. */
export interface Blocklist {
  readonly now: number;
  readonly rows: readonly BlocklistRow[];
}

export interface BlocklistRow {
  readonly claim: 'jti' | 'sid' | 'sub';
  readonly value: string;
  readonly expiresAt: number;
}

/** `GET /demo/costs`: what it costs to know who asks, in three ways, measured when asked. */
export interface Costs {
  readonly checks: number;
  readonly withoutBlocklist: Cost;
  readonly withBlocklist: Cost;
  readonly session: Cost;
}

export interface Cost {
  readonly medianMicroseconds: number;
  /** Queries for each check. */
  readonly lookups: number;
}

/** `GET /demo/cross-site`: a request that another site has made a browser send, and what became of it. */
export interface CrossSiteRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly origin: string | null;
  readonly secFetchSite: string | null;
  /** The names of the cookies that came with it. */
  readonly cookies: readonly string[];
  readonly status: number;
  /** The check that refused it, in its words; null when none did. */
  readonly refusal: string | null;
}
