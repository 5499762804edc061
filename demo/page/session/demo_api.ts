// What the server shows of itself in demo mode, and what lets a visitor change how it works.
import type {
  Blocklist,
  Costs,
  CrossSiteRequest,
  DemoSettings,
  Family,
  Rules,
  Stats,
} from '../../answers.ts';

export type * from '../../answers.ts';

/** What happens to the next requests, so many of each named kind; each is held back first for so long. */
export interface Faults {
  readonly api?: 'none' | 'drop';
  readonly refresh?: 'none' | '503' | 'drop' | 'drop_after';
  readonly times: number;
  readonly delayMs?: number;
}

export const demoSettings = (): Promise<DemoSettings> => get('/demo/settings');
export const demoStats = (): Promise<Stats> => get('/demo/stats');
export const blocklist = (): Promise<Blocklist> => get('/demo/blocklist');
export const costs = (): Promise<Costs> => get('/demo/costs');
export const familyOf = (sid: string): Promise<Family> =>
  get(`/demo/families/${encodeURIComponent(sid)}`);
export const crossSiteRequests = async (): Promise<readonly CrossSiteRequest[]> =>
  (await get<{ rows: readonly CrossSiteRequest[] }>('/demo/cross-site')).rows;

export const setDemo = (changes: Partial<Rules>): Promise<void> => post('/demo/settings', changes);
export const resetStats = (): Promise<void> => post('/demo/reset-stats', {});

export const setFaults = (faults: Faults): Promise<void> => post('/demo/faults', faults);
export const clearFaults = (): Promise<void> =>
  setFaults({ api: 'none', refresh: 'none', times: 0 });

/** The next refresh, whoever asks, is held for so long. */
export const holdNextRefresh = (delayMs: number): Promise<void> =>
  setFaults({ refresh: 'none', times: 1, delayMs });

/** The server refuses this access token from now on, however long it has to live. */
export async function refuse(token: string): Promise<void> {
  const body = new URLSearchParams({ token, client_id: 'demo' });
  await fetch('/oauth/revoke', { method: 'POST', body });
}

async function get<Answer>(url: string): Promise<Answer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The server answered ${response.status}. Try again later.`);
  return (await response.json()) as Answer;
}

/** `keepalive`: it also arrives when the page is being left. */
async function post(url: string, body: object): Promise<void> {
  await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    keepalive: true,
  });
}
