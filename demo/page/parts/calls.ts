// Calls to the API, and what became of them.
import { byId, show } from './dom.ts';

type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

const API = '/api/protected';
const ECHO = '/api/echo';

let calls = 0;
let errors = 0;
let refreshes = 0;
const answers = new Map<number, number>();

export function countRefresh(): void {
  refreshes += 1;
  showCounts();
}

/** Calls the API so many times at once, and resolves when all are answered. */
export async function callApi(fetchWithAuth: Fetch, times: number): Promise<void> {
  await run(times, () => fetchWithAuth(API));
}

/** Sends a file in a form. Its body can be sent again: a 401 does not lose it. */
export async function postFile(fetchWithAuth: Fetch): Promise<void> {
  const form = new FormData();
  form.set('title', 'A form with a file');
  form.set('file', new File(['Ada Łovelace 🦊 李\n'], 'name.txt', { type: 'text/plain' }));
  await run(1, () => fetchWithAuth(ECHO, { method: 'POST', body: form }));
}

async function run(times: number, call: () => Promise<Response>): Promise<void> {
  const refreshesBefore = refreshes;
  calls += times;
  show('calls-status', times === 1 ? 'Calling…' : `Calling ${times} times…`);
  showCounts();

  const statuses = await Promise.all(Array.from({ length: times }, () => settle(call)));
  const refreshed = refreshes - refreshesBefore;
  const byStatus = [...countBy(statuses)].map(([status, count]) => `${count} × ${status}`);
  show(
    'calls-status',
    `${times === 1 ? 'One call' : `${times} calls`} answered: ${byStatus.join(', ')}. ` +
      `Refreshes meanwhile: ${refreshed}.`,
  );
}

async function settle(call: () => Promise<Response>): Promise<number | 'failed'> {
  try {
    const response = await call();
    answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
    showCounts();
    byId('answer', HTMLElement).textContent = await describe(response);
    return response.status;
  } catch (error) {
    errors += 1;
    showCounts();
    show('answer', error instanceof Error ? error.message : 'failed');
    return 'failed';
  }
}

async function describe(response: Response): Promise<string> {
  const text = await response.text();
  const type = response.headers.get('Content-Type') ?? '';
  const body = type.includes('json') ? JSON.stringify(JSON.parse(text), null, 2) : text;
  return `${response.status} ${response.statusText}\n${body}`;
}

function showCounts(): void {
  show('count-calls', calls);
  show('count-errors', errors);
  show('count-refreshes', refreshes);
  const list = [...answers].sort(([a], [b]) => a - b);
  show('count-answers', list.map(([status, count]) => `${count} × ${status}`).join(', ') || 'none');
}

function countBy<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
