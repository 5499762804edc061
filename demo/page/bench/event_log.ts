// What the client tells, as a list in plain words.
import type { AuthClient } from '/bearerkit/index.js';
import { el } from '../parts/dom.ts';
import { clockTime } from '../parts/time.ts';
import { describeCause, describeRefreshFailure, describeSignOut } from '../session/words.ts';

const MOST_ENTRIES = 200;

export interface EventLog {
  readonly element: HTMLElement;
  listen(auth: AuthClient, signal: AbortSignal): void;
}

export function eventLog(): EventLog {
  const nothing = el('p', { class: 'hint' }, 'Nothing has happened yet.');
  const list = el('ol', { id: 'events' });
  const scroll = el(
    'div',
    { class: 'scroll log', tabindex: 0, role: 'log', 'aria-label': 'Events' },
    nothing,
    list,
  );

  /** `detail` is what a test looks for, `words` what a person reads. */
  function log(event: string, detail: string, words: string): void {
    const now = new Date();
    nothing.hidden = true;
    list.append(
      el(
        'li',
        { 'data-event': event, 'data-detail': detail },
        el('time', { datetime: now.toISOString() }, clockTime(now)),
        words,
      ),
    );
    while (list.childElementCount > MOST_ENTRIES) list.firstElementChild?.remove();
    scroll.scrollTo({ top: scroll.scrollHeight });
  }

  return {
    element: el('section', { class: 'card' }, el('h2', {}, 'Events'), scroll),
    listen: (auth, signal) => {
      const on: AuthClient['addEventListener'] = (type, listener) =>
        auth.addEventListener(type, listener, { signal });
      on('signedin', ({ detail: { elsewhere, restored } }) => {
        const how = restored
          ? 'an earlier session was found'
          : elsewhere
            ? 'in another tab'
            : 'here';
        log('signedin', how, how === 'here' ? 'Signed in.' : `Signed in: ${how}.`);
      });
      on('signedout', ({ detail: { reason, cause } }) => {
        const why = reason === 'refresh_rejected' ? describeCause(cause) : '';
        log('signedout', reason, `${describeSignOut(reason)}${why && ` (${why.slice(2)})`}`);
      });
      on('refreshed', ({ detail: { generation, elsewhere } }) => {
        const who = elsewhere ? ', by another tab' : '';
        log(
          'refreshed',
          `token set ${generation}${who}`,
          `Refreshed${who}: token set ${generation}.`,
        );
      });
      on('refreshfailed', ({ detail: { retryAt, cause } }) => {
        const seconds = Math.max(0, (retryAt - Date.now()) / 1000).toFixed(1);
        const next = Number.isFinite(retryAt) ? ` Next attempt in ${seconds} s.` : '';
        const text = `${describeRefreshFailure(cause)}${next}`;
        log('refreshfailed', text, text);
      });
      on('warning', ({ detail: { code } }) => {
        log('warning', code, `Warning: ${code.replaceAll('_', ' ')}.`);
      });
    },
  };
}
