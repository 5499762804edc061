import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type * as Kit from '../../../../dist/index.js';
import type { AuthClient, AuthState, Mode, TokenResponse } from '../../../../dist/index.js';
import { ENGINE } from '../demo_server.ts';
import { until } from '../until.ts';
import type { Tab } from './engine.ts';

/** How an app would make its client; all of it can be sent to a page. */
export interface ClientPlan {
  readonly mode: Mode;
  /** Where the package is served. */
  readonly kit: string;
  readonly refresh: string | { url: string; dialect: 'oauth'; clientId: string };
  readonly signOut?: string;
  readonly origins?: string[];
  readonly tabs?: boolean;
  /** Default: memory in hybrid mode, else local. */
  readonly storage?: 'memory' | 'local' | 'session';
  readonly lockTimeout?: number;
  readonly storageTimeout?: number;
  /** What the rounds call. */
  readonly api: string;
  readonly engine: string;
}

/** What happened in a tab, and when: `Date.now()`, which the tabs share; 0 for never. */
export interface Times {
  signedIn: number;
  /** When it got, or learned of, the tokens that it has. */
  tokens: number;
  signedOut: number;
  /** When its page came back from the back/forward cache. */
  restored: number;
  /** When the first timer of 100 ms after that was over: later than that on a busy machine. */
  settled: number;
}

interface Client {
  auth: AuthClient;
  /** All that it has been. */
  states: AuthState[];
  times: Times;
  /** Sends a bare message to all tabs. */
  tell: () => void;
  refreshed: number;
  reasons: string[];
  warnings: string[];
  /** When refreshes failed for the moment, and when the next one was said to be allowed: by the tab's clock. */
  failed: { at: number; retryAt: number }[];
  /** So many calls at once; gives how many were answered with which status. */
  call: (times: number) => Promise<Record<string, number>>;
  round: Promise<Record<string, number>>;
}

/** Where a bare message goes at each sign-in and sign-out: what is as quick as the machine is. */
export const BARE = 'bare messages';

declare global {
  var client: Client | undefined;
  /** When a bare message came; 0 for not yet. */
  var bareAt: number;
  /** So many milliseconds is the tab's clock put forward. */
  var ahead: number | undefined;
  /** Where the tab's clock stands, if it was stopped. */
  var stopped: number | undefined;
  /** In the tab that starts a round: stops saying so. */
  var hush: (() => void) | undefined;
}

const FOLDERS = { bearer: 'auth', hybrid: 'hybrid', cookie: 'cookie' } as const;

/** Where the reference server refreshes. */
export const refreshPathOf = (mode: Mode): string => `/${FOLDERS[mode]}/refresh`;

/** Against the reference server: `origin` serves the package and the API. */
export function planFor(mode: Mode, origin: string): ClientPlan {
  return {
    mode,
    kit: `${origin}/bearerkit/index.js`,
    refresh: refreshPathOf(mode),
    signOut: `/${FOLDERS[mode]}/logout`,
    api: `${origin}/api/protected`,
    engine: ENGINE,
  };
}

/** Makes `globalThis.client` in the tab's page and says whether somebody is signed in. */
export async function openClient(tab: Tab, plan: ClientPlan): Promise<AuthState | undefined> {
  await makeClient(tab, plan);
  return tab.evaluate(() => globalThis.client?.auth.ready(), undefined);
}

/** The same, without waiting until the client knows whether somebody is signed in. */
export function makeClient(tab: Tab, plan: ClientPlan): Promise<void> {
  return tab.evaluate(
    async (given) => {
      const kit = (await import(given.kit)) as typeof Kit;
      // In hybrid mode there is nothing that a tab would have to leave behind.
      const place = given.storage ?? (given.mode === 'hybrid' ? 'memory' : 'local');
      const now = (): number => globalThis.stopped ?? Date.now() + (globalThis.ahead ?? 0);
      const auth = kit.createAuthClient({
        mode: given.mode,
        storage: place === 'memory' ? kit.memoryStorage() : kit.webStorage(place),
        ...(given.lockTimeout === undefined ? {} : { lockTimeout: given.lockTimeout }),
        ...(given.storageTimeout === undefined ? {} : { storageTimeout: given.storageTimeout }),
        refresh: given.refresh,
        // Not what these tests are about: on a busy machine an answer may take its time.
        refreshTimeout: 300_000,
        ...(given.signOut === undefined ? {} : { signOut: given.signOut }),
        origins: given.origins ?? [],
        tabs: given.tabs ?? true,
        clock: { now },
        name: 'engines',
      });
      const times: Times = {
        signedIn: 0,
        tokens: 0,
        signedOut: 0,
        restored: 0,
        settled: 0,
      };
      const client: Client = {
        auth,
        states: [auth.state],
        times,
        refreshed: 0,
        reasons: [],
        warnings: [],
        failed: [],
        call: async (count) => {
          const counts: Record<string, number> = {};
          const call = async (): Promise<void> => {
            const answer = await auth.fetchWithAuth(given.api).then(
              (response) => String(response.status),
              (error: unknown) => String(error),
            );
            counts[answer] = (counts[answer] ?? 0) + 1;
          };
          await Promise.all(Array.from({ length: count }, call));
          return counts;
        },
        round: Promise.resolve({}),
        tell: () => {
          const channel = new BroadcastChannel(given.bare);
          channel.postMessage('now');
          channel.close();
        },
      };
      auth.subscribe(() => client.states.push(auth.state));
      auth.addEventListener('signedin', () => {
        times.signedIn = times.tokens = Date.now();
      });
      auth.addEventListener('refreshed', () => {
        times.tokens = Date.now();
        client.refreshed += 1;
      });
      auth.addEventListener('refreshfailed', ({ detail }) => {
        client.failed.push({ at: now(), retryAt: detail.retryAt });
      });
      auth.addEventListener('signedout', ({ detail }) => {
        times.signedOut = Date.now();
        client.reasons.push(detail.reason);
      });
      auth.addEventListener('warning', ({ detail }) => client.warnings.push(detail.code));
      addEventListener('pageshow', ({ persisted }) => {
        if (!persisted) return;
        times.restored = Date.now();
        setTimeout(() => (times.settled = Date.now()), 100);
      });
      globalThis.client = client;
      if (auth.engine !== given.engine) throw new Error(`The core is ${auth.engine}`);
    },
    { ...plan, bare: BARE },
  );
}

/** The tab's access token, where its mode has one. */
export const tokenOf = (tab: Tab | undefined): Promise<string | null | undefined> =>
  tab?.evaluate(() => globalThis.client?.auth.getAccessToken(), undefined) ??
  Promise.resolve(undefined);

/** Signs in at the reference server, as an app would. Gives when: `Date.now()` in the tab. */
export function signIn(tab: Tab, mode: Mode): Promise<number> {
  return tab.evaluate(async (route) => {
    const response = await fetch(route, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF': '1' },
      body: JSON.stringify({
        email: 'ada@example.com',
        password: 'correct horse battery staple',
      }),
    });
    if (!response.ok) throw new Error(`The sign-in was answered with ${response.status}`);
    const tokens = (await response.json()) as TokenResponse;
    const now = Date.now();
    globalThis.client?.tell();
    await globalThis.client?.auth.setTokens(tokens);
    return now;
  }, `/${FOLDERS[mode]}/login`);
}

/** Gives when it was asked for: `Date.now()` in the tab. */
export function signOut(tab: Tab): Promise<number> {
  return tab.evaluate(async () => {
    const now = Date.now();
    globalThis.client?.tell();
    await globalThis.client?.auth.signOut();
    return now;
  }, undefined);
}

export const stateOf = (tab: Tab): Promise<AuthState | undefined> =>
  tab.evaluate(() => globalThis.client?.auth.state, undefined);

export async function timesOf(tab: Tab): Promise<Times> {
  const times = await tab.evaluate(() => globalThis.client?.times, undefined);
  if (times === undefined) throw new Error('There is no client');
  return times;
}

/** Waits until every tab says so. */
export async function untilAll(tabs: readonly Tab[], state: AuthState): Promise<void> {
  for (const [index, tab] of tabs.entries()) {
    await until(`tab ${index} is ${state}`, async () => (await stateOf(tab)) === state);
  }
}

/** Lets a tab make that many calls, and waits for nothing: see `answersOf`. */
export function beginCalls(tab: Tab, times: number): Promise<void> {
  return tab.evaluate((count) => {
    const { client } = globalThis;
    if (client !== undefined) client.round = client.call(count);
  }, times);
}

/** What the calls were answered with, by status, when all are answered. */
export const answersOf = (tab: Tab): Promise<Record<string, number> | undefined> =>
  tab.evaluate(() => globalThis.client?.round, undefined);

/** Lets every tab make that many calls in the same moment; gives the answers of all, by status. */
export async function callInAll(
  tabs: readonly Tab[],
  times: number,
): Promise<Record<string, number>> {
  for (const tab of tabs) {
    await tab.evaluate((count) => {
      const client = globalThis.client;
      if (client === undefined) throw new Error('There is no client');
      const channel = new BroadcastChannel('start of a round');
      client.round = new Promise<void>((resolve) => {
        channel.onmessage = () => resolve();
      }).then(() => {
        channel.close();
        return client.call(count);
      });
    }, times);
  }
  await tabs[0]?.evaluate(() => {
    // A channel does not hear itself, but another of the same page does.
    const channel = new BroadcastChannel('start of a round');
    const say = (): void => channel.postMessage('go');
    say();
    // WebKit can lose the word to a channel that was opened a moment ago.
    const timer = setInterval(say, 100);
    globalThis.hush = () => {
      clearInterval(timer);
      channel.close();
    };
  }, undefined);
  const sum: Record<string, number> = {};
  for (const tab of tabs) {
    const counts = (await tab.evaluate(() => globalThis.client?.round, undefined)) ?? {};
    for (const [status, count] of Object.entries(counts)) sum[status] = (sum[status] ?? 0) + count;
  }
  await tabs[0]?.evaluate(() => globalThis.hush?.(), undefined);
  return sum;
}

/** For a failure: what happened in each tab. */
async function whatTheyHeard(tabs: readonly Tab[]): Promise<string> {
  const heard = tabs.map((tab) =>
    tab.evaluate(() => {
      const { refreshed, reasons, warnings, failed } = globalThis.client ?? {};
      return JSON.stringify({ refreshed, reasons, warnings, failed });
    }, undefined),
  );
  return ['', ...(await Promise.all(heard))].join('\n');
}

/** Longer than any token of these tests has to live. */
const DAY_MS = 24 * 3600 * 1000;

/**
 * In each tab many calls at once, after each of some expiries: one refresh each time, however long
 * it all takes. `expire` ends the token at the server; every second time its time is over in the
 * tabs as well, whose clocks are put forward. `refreshes` counts at the server.
 */
export async function surviveExpiries(
  tabs: readonly Tab[],
  { expiries, calls }: { expiries: number; calls: number },
  expire: () => Promise<void>,
  refreshes: () => number | Promise<number>,
): Promise<void> {
  await untilAll(tabs, 'signed-in');
  const all = { 200: calls * tabs.length };
  assert.deepEqual(await callInAll(tabs, calls), all, 'before any expiry');
  for (let expiry = 1; expiry <= expiries; expiry += 1) {
    await expire();
    if (expiry % 2 === 0) {
      for (const tab of tabs) {
        await tab.evaluate((more) => {
          globalThis.ahead = (globalThis.ahead ?? 0) + more;
        }, DAY_MS);
      }
    }
    const answers = await callInAll(tabs, calls);
    const told = isDeepStrictEqual(answers, all) ? '' : await whatTheyHeard(tabs);
    assert.deepEqual(answers, all, `expiry ${expiry}${told}`);
    assert.equal(await refreshes(), expiry, `refreshes at the server after expiry ${expiry}`);
  }
  for (const tab of tabs) assert.equal(await stateOf(tab), 'signed-in');
}
