// What the server shows of itself in demo mode.

export interface DemoSettings {
  readonly accessTokenSeconds: number;
  readonly refreshGraceSeconds: number;
  readonly blocklist: boolean;
  readonly algorithm: string;
  readonly attackerOrigin: string | null;
}

export interface CrossSiteRequest {
  readonly at: number;
  readonly path: string;
  readonly origin: string | null;
  readonly secFetchSite: string | null;
  readonly cookies: readonly string[];
  readonly status: number;
  readonly refusal: string | null;
}

export interface Blocklist {
  /** The server's clock: ms since 1970. */
  readonly now: number;
  readonly rows: readonly {
    readonly claim: 'jti' | 'sid' | 'sub';
    readonly value: string;
    readonly expiresAt: number;
  }[];
}

export interface Cost {
  readonly medianMicroseconds: number;
  readonly lookups: number;
}

export interface Costs {
  readonly checks: number;
  readonly withoutBlocklist: Cost;
  readonly withBlocklist: Cost;
  readonly session: Cost;
}

type Changeable = Partial<
  Pick<DemoSettings, 'accessTokenSeconds' | 'refreshGraceSeconds' | 'blocklist'>
>;

export const demoSettings = (): Promise<DemoSettings> => get('/demo/settings');
export const demoStats = (): Promise<{ readonly refreshes: number }> => get('/demo/stats');
export const blocklist = (): Promise<Blocklist> => get('/demo/blocklist');
export const costs = (): Promise<Costs> => get('/demo/costs');
export const crossSiteRequests = async (): Promise<CrossSiteRequest[]> =>
  (await get<{ rows: CrossSiteRequest[] }>('/demo/cross-site')).rows;

/** `keepalive`: it also arrives when the page is being left. */
export async function setDemo(changes: Changeable): Promise<void> {
  await post('/demo/settings', changes);
}

/** The next refresh, whoever asks, is held for so long. */
export async function holdNextRefresh(delayMs: number): Promise<void> {
  await post('/demo/faults', { refresh: 'none', times: 1, delayMs });
}

async function get<Answer>(url: string): Promise<Answer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The server answered ${response.status}. Try again later.`);
  return (await response.json()) as Answer;
}

async function post(url: string, body: object): Promise<void> {
  await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    keepalive: true,
  });
}
