// What the client tells, as a list.
import type { AuthClient } from '/bearerkit/index.js';
import { countRefresh } from './calls.ts';
import { byId } from './dom.ts';

const MOST_ENTRIES = 200;

/** Lists the client's events until the signal says that it is done with. */
export function logEvents(auth: AuthClient, signal: AbortSignal): void {
  auth.addEventListener(
    'signedin',
    ({ detail: { elsewhere, restored } }) => {
      const how = restored ? 'an earlier session was found' : elsewhere ? 'in another tab' : 'here';
      log('signedin', how);
    },
    { signal },
  );
  auth.addEventListener('signedout', ({ detail: { reason } }) => log('signedout', reason), {
    signal,
  });
  auth.addEventListener(
    'refreshed',
    ({ detail: { generation, elsewhere } }) => {
      if (!elsewhere) countRefresh();
      log('refreshed', `token set ${generation}${elsewhere ? ', by another tab' : ''}`);
    },
    { signal },
  );
  auth.addEventListener(
    'refreshfailed',
    ({ detail: { retryAt } }) => {
      const seconds = Math.max(0, (retryAt - Date.now()) / 1000).toFixed(1);
      log('refreshfailed', `for the moment; the session is kept, next attempt in ${seconds} s`);
    },
    { signal },
  );
  auth.addEventListener('warning', ({ detail: { code } }) => log('warning', code), { signal });
}

function log(event: string, text: string): void {
  const list = byId('events', HTMLOListElement);
  const item = document.createElement('li');
  item.dataset['event'] = event;
  item.dataset['detail'] = text;

  const now = new Date();
  const time = document.createElement('time');
  time.dateTime = now.toISOString();
  time.textContent = now.toLocaleTimeString();
  const name = document.createElement('strong');
  name.textContent = event;
  item.append(time, name, ` ${text}`);

  byId('no-events', HTMLElement).hidden = true;
  list.append(item);
  while (list.childElementCount > MOST_ENTRIES) list.firstElementChild?.remove();
  list.parentElement?.scrollTo({ top: list.parentElement.scrollHeight });
}
