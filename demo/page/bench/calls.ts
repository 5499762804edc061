// Calls to the API, and what became of them.
import type { AuthClient, AuthEvent, SignOutReason } from '/bearerkit/index.js';
import { button, el, setText } from '../parts/dom.ts';
import type { Session } from '../session/session.ts';
import { describeAnswer } from './answer.ts';

const API = '/api/protected';
const ECHO = '/api/echo';
const MANY = 50;
const LEFT: readonly SignOutReason[] = ['signed_out', 'signed_out_elsewhere', 'replaced'];

export interface CallsPanel {
  readonly element: HTMLElement;
  listen(auth: AuthClient, signal: AbortSignal): void;
}

export function callsPanel(session: Session): CallsPanel {
  const said = el('p', { id: 'calls-status', role: 'status' }, 'No calls yet.');
  const answer = el('pre', {
    id: 'answer',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Last answer',
  });
  const count = {
    calls: el('dd', { id: 'count-calls' }),
    answers: el('dd', { id: 'count-answers' }),
    errors: el('dd', { id: 'count-errors' }),
    refreshes: el('dd', { id: 'count-refreshes' }),
  };
  let [calls, errors, refreshes] = [0, 0, 0];
  const answers = new Map<number, number>();
  // From one user to the next: an answer that comes late is not the next user's.
  let period = 0;

  const show = (): void => {
    setText(count.calls, calls);
    setText(count.errors, errors);
    setText(count.refreshes, refreshes);
    const list = [...answers].sort(([a], [b]) => a - b);
    setText(
      count.answers,
      list.map(([status, times]) => `${times} × ${status}`).join(', ') || 'none',
    );
  };
  const reset = (): void => {
    period += 1;
    [calls, errors, refreshes] = [0, 0, 0];
    answers.clear();
    setText(said, 'No calls yet.');
    setText(answer, 'none');
    show();
  };

  async function settle(call: () => Promise<Response>, mine: number): Promise<number | 'failed'> {
    try {
      const response = await call();
      const text = await describeAnswer(response);
      if (mine === period) {
        answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
        setText(answer, text);
        show();
      }
      return response.status;
    } catch {
      if (mine === period) {
        errors += 1;
        setText(answer, 'No answer came: the server could not be reached.');
        show();
      }
      return 'failed';
    }
  }

  async function run(times: number, call: () => Promise<Response>): Promise<void> {
    const mine = period;
    const refreshesBefore = refreshes;
    calls += times;
    setText(said, times === 1 ? 'Calling…' : `Calling ${times} times…`);
    show();
    const statuses = await Promise.all(Array.from({ length: times }, () => settle(call, mine)));
    if (mine !== period) return;
    const byStatus = [...countBy(statuses)].map(([status, number]) => `${number} × ${status}`);
    setText(
      said,
      `${times === 1 ? 'One call' : `${times} calls`} answered: ${byStatus.join(', ')}. ` +
        `Refreshes meanwhile: ${refreshes - refreshesBefore}.`,
    );
  }

  reset();
  return {
    element: el(
      'section',
      { class: 'card' },
      el('h2', {}, 'Call the API'),
      el(
        'div',
        { class: 'buttons' },
        button('Call once', () => run(1, () => session.auth.fetchWithAuth(API))),
        button(`Call ${MANY} times at once`, () =>
          run(MANY, () => session.auth.fetchWithAuth(API)),
        ),
        button('Post a file', () => run(1, () => postFile(session.auth))),
      ),
      said,
      el(
        'dl',
        { class: 'counts' },
        el('div', {}, el('dt', {}, 'Calls'), count.calls),
        el('div', {}, el('dt', {}, 'Answers by status'), count.answers),
        el('div', {}, el('dt', {}, 'Failed on the way'), count.errors),
        el('div', {}, el('dt', {}, 'Refreshes by this tab'), count.refreshes),
      ),
      el('h3', {}, 'Last answer'),
      answer,
    ),
    listen: (auth, signal) => {
      const refreshed = ({ detail }: AuthEvent<'refreshed'>): void => {
        if (detail.elsewhere) return;
        refreshes += 1;
        show();
      };
      auth.addEventListener('refreshed', refreshed, { signal });
      // What a user did and saw is nobody else's business. Whoever was thrown out may still read why.
      const left = ({ detail }: AuthEvent<'signedout'>): void => {
        if (LEFT.includes(detail.reason)) reset();
      };
      auth.addEventListener('signedout', left, { signal });
      auth.addEventListener('signedin', reset, { signal });
    },
  };
}

/** Sends a file in a form. Its body can be sent again: a 401 does not lose it. */
async function postFile(auth: AuthClient): Promise<Response> {
  const form = new FormData();
  form.set('title', 'A form with a file');
  form.set('file', new File(['Ada Łovelace 🦊 李\n'], 'name.txt', { type: 'text/plain' }));
  return auth.fetchWithAuth(ECHO, { method: 'POST', body: form });
}

function countBy<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
