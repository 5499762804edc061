// What this chapter asks the demo server for: counters, faults, the life of tokens, and families.

export interface Stats {
  readonly refreshRequests: number;
  readonly refreshes: number;
  readonly replays: number;
  readonly familiesRevoked: number;
}

export interface Rules {
  readonly accessTokenSeconds: number;
  readonly refreshGraceSeconds: number;
}

export interface Generation {
  readonly generation: number;
  readonly issuedAt: number | null;
  readonly usedAt: number | null;
  readonly graceEndsAt: number | null;
  readonly reusedAt: readonly number[];
}

export interface Family {
  readonly id: string;
  readonly createdAt: number;
  readonly ended: { readonly at: number; readonly reason: string } | null;
  readonly generations: readonly Generation[];
}

export const readStats = async (): Promise<Stats> => (await ask('/demo/stats')) as Stats;

export const readRules = async (): Promise<Rules> => (await ask('/demo/settings')) as Rules;

export const readFamily = async (sid: string): Promise<Family> =>
  (await ask(`/demo/families/${encodeURIComponent(sid)}`)) as Family;

export const resetStats = (): Promise<void> => tell('/demo/reset-stats', {});

export const setRules = (rules: Partial<Rules>): Promise<void> => tell('/demo/settings', rules);

/** Lets requests fail until told otherwise. */
export const setFaults = (faults: object): Promise<void> =>
  tell('/demo/faults', { api: 'none', refresh: 'none', times: 0, ...faults });

/** The server refuses this access token from now on, however long it has to live. */
export async function refuse(token: string): Promise<void> {
  const body = new URLSearchParams({ token, client_id: 'demo' });
  await fetch('/oauth/revoke', { method: 'POST', body });
}

async function ask(route: string): Promise<unknown> {
  const response = await fetch(route);
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

async function tell(route: string, body: object): Promise<void> {
  await fetch(route, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}
