// One load, sent through a client or a wrapper, and what it cost: counted in the page and by the server.
import type { AuthClient } from '/bearerkit/index.js';
import { ACCOUNTS, DEMO_PASSWORD } from '../../session/accounts.ts';
import { logIn } from '../../session/client.ts';
import { demoStats, refuse, resetStats, type Stats } from '../../session/demo_api.ts';
import type { FaultChoice } from './faults.ts';
import { type Get, type Wrapper, WRAPPERS } from './wrappers.ts';

const LATE_MS = 400;
const PATIENCE_MS = 10_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface Load {
  readonly calls: number;
  /** Whether the server refuses the access token before the calls begin. */
  readonly refused: boolean;
  readonly fault: FaultChoice;
}

export interface Result {
  readonly calls: number;
  /** Requests to the API, those that were sent again included. */
  readonly sent: number;
  readonly unauthorized: number;
  /** Calls that got a 200 in the end. */
  readonly well: number;
  readonly stats: Stats;
  /** What one more call gets, when all is over. */
  readonly then: string;
}

/** Some of the first calls are answered late, as calls are. */
const urlOf = (index: number): string =>
  `/api/protected${index % 5 === 4 && index < 20 ? `?delayMs=${LATE_MS}` : ''}`;

export async function runClient(auth: AuthClient, load: Load): Promise<Result> {
  const counter = { sent: 0, unauthorized: 0 };
  const listening = new AbortController();
  auth.addEventListener(
    'timeline',
    ({ detail: { cause, status } }) => {
      if (['request_sent', 'request_retried', 'request_plain'].includes(cause)) counter.sent += 1;
      if (cause === 'unauthorized' || (cause === 'request_delivered' && status === 401))
        counter.unauthorized += 1;
    },
    { signal: listening.signal },
  );
  // The client tries again by itself, after a while.
  let failed = false;
  auth.addEventListener('refreshfailed', () => (failed = true), { signal: listening.signal });
  auth.addEventListener('refreshed', () => (failed = false), { signal: listening.signal });
  try {
    const token = await auth.getAccessToken().catch(() => null);
    const recovered = async (): Promise<void> => {
      for (let waited = 0; failed && waited < PATIENCE_MS; waited += 100) await sleep(100);
    };
    return await run(load, counter, (url) => auth.fetchWithAuth(url), token, recovered);
  } finally {
    listening.abort();
  }
}

/** With a session of its own: it must not end that of the page. */
export async function runWrapper(name: Wrapper, load: Load): Promise<Result> {
  const login = await logIn('memory', ACCOUNTS.ada.email, DEMO_PASSWORD);
  const tokens = { accessToken: login.accessToken ?? '', refreshToken: login.refreshToken ?? '' };
  const counter = { sent: 0, unauthorized: 0 };
  const counting: typeof fetch = async (input, init) => {
    const isCall = init?.method !== 'POST';
    if (isCall) counter.sent += 1;
    const response = await fetch(input, init);
    if (isCall && response.status === 401) counter.unauthorized += 1;
    return response;
  };
  return run(load, counter, WRAPPERS[name].make(tokens, counting), tokens.accessToken);
}

async function run(
  { calls, refused, fault }: Load,
  counter: { sent: number; unauthorized: number },
  get: Get,
  token: string | null,
  recovered = (): Promise<void> => Promise.resolve(),
): Promise<Result> {
  if (refused && token !== null) await refuse(token);
  await resetStats();
  const { over } = await fault.begin();
  const all = Array.from({ length: calls }, (_, index) => statusOf(get, urlOf(index)));
  const statuses = await Promise.all(all);
  await over();
  await recovered();
  const stats = await demoStats();
  const { sent, unauthorized } = { ...counter };
  const well = statuses.filter((status) => status === 200).length;
  const next = await statusOf(get, urlOf(0));
  const then = typeof next === 'number' ? `The next call: ${next}` : next;
  return { calls, sent, unauthorized, well, stats, then };
}

/** The status, or what went wrong in words. */
async function statusOf(get: Get, url: string): Promise<number | string> {
  try {
    const response = await get(url);
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    // Of the browser's own errors each browser has other words.
    return error instanceof Error && error.message.startsWith('Please')
      ? 'Signed out'
      : 'The next call: no answer';
  }
}
