// The same load three ways: by bearerkit, drawn as it happens, and by two wrappers beside it.
import { button, el } from '../../parts/dom.ts';
import { type GridCell, makeGrid } from '../../parts/grid.ts';
import { status } from '../../parts/status.ts';
import { why, whyCalled } from '../../parts/why.ts';
import type { Session } from '../../session/session.ts';
import { faultChoice } from './faults.ts';
import { type Load, type Result, runClient, runWrapper } from './load.ts';
import { type Wrapper, WRAPPERS } from './wrappers.ts';

const LOADS = [1, 20, 100] as const;
const HEADS = ['Way', 'Got 200', 'Sent', '401s', 'Refreshes asked', 'Sessions ended', 'Afterwards'];

export interface Race {
  readonly element: HTMLElement;
  /** Whether calls were sent. */
  readonly begun: boolean;
  leave(): void;
}

export function race(session: Session): Race {
  const line = status();
  line.element.id = 'race-says';
  const fault = faultChoice();
  const refused = el('input', { id: 'refuse-first', type: 'checkbox', checked: true });
  const compared = makeGrid('What the same load cost', HEADS);
  compared.element.id = 'race-results';
  let calls: number = LOADS[1];
  let begun = false;
  // Rows of another load are not compared.
  let callsCompared = 0;

  const attempt = async (name: string, run: (load: Load) => Promise<Result>): Promise<void> => {
    begun = true;
    line.say(`${name}: ${plural(calls, 'call')}…`, 'busy');
    try {
      const result = await run({ calls, refused: refused.checked, fault });
      if (result.calls !== callsCompared) compared.clear();
      callsCompared = result.calls;
      compared.set(name, cellsOf(result));
      line.say(sentenceOf(name, result), result.well === calls ? 'good' : 'bad');
    } catch (error) {
      line.say(error instanceof Error ? error.message : 'That did not work.', 'bad');
    }
  };
  const loads = LOADS.map((count) =>
    button(
      plural(count, 'call'),
      () => {
        calls = count;
        return attempt('bearerkit', (load) => runClient(session.auth, load));
      },
      { class: 'primary' },
    ),
  );
  const others = (Object.keys(WRAPPERS) as Wrapper[]).map((name) =>
    button(`The same: ${lower(WRAPPERS[name].name)}`, () =>
      attempt(WRAPPERS[name].name, (load) => runWrapper(name, load)),
    ),
  );
  const drawing = el('bearerkit-devtools', { id: 'devtools' });
  void import('/bearerkit/devtools.js');
  const release = session.withClient((auth) => {
    drawing.client = auth;
  });
  return {
    get begun() {
      return begun;
    },
    leave: release,
    element: el(
      'section',
      { class: 'card' },
      el('h2', {}, 'One refresh for all'),
      el(
        'p',
        {},
        'Send calls with a token that the server no longer takes. The bar is the refresh; whatever hangs from it, waits.',
      ),
      el(
        'div',
        { class: 'fields' },
        fault.element,
        el(
          'div',
          { class: 'check' },
          refused,
          el('label', { for: 'refuse-first' }, 'The server refuses the token first'),
        ),
      ),
      el('div', { class: 'buttons' }, ...loads),
      line.element,
      drawing,
      el('h3', {}, 'And without bearerkit?'),
      el(
        'p',
        {},
        'The same load, with a session of its own. Try it with a grace window, and with none.',
      ),
      el('div', { class: 'buttons' }, ...others),
      compared.element,
      ...(Object.keys(WRAPPERS) as Wrapper[]).map((name) =>
        whyCalled(
          `The code: ${lower(WRAPPERS[name].name)}`,
          el(
            'pre',
            { class: 'source', tabindex: 0, role: 'region', 'aria-label': WRAPPERS[name].name },
            textOf(WRAPPERS[name].make),
          ),
        ),
      ),
      why(
        'Each refresh uses its refresh token up, so a second one with the same token looks like theft. Inside the grace window the server forgives it; outside, it ends the session.',
        'The lesson’s lines share one refresh, until a 401 comes late: some calls here are answered late, for a token that has been replaced meanwhile. They refresh once more for it. If their one refresh fails, they never try another.',
        'The diagram is drawn by bearerkit/devtools from what the client tells on its timeline: no URL, no token. Your app can show it in development, too.',
      ),
    ),
  };
}

function cellsOf({ calls, well, sent, unauthorized, stats, then }: Result): GridCell[] {
  const asked = `${stats.refreshRequests}${stats.replays > 0 ? `, ${stats.replays} forgiven` : ''}`;
  return [
    `${well} of ${calls}`,
    `${sent}`,
    `${unauthorized}`,
    asked,
    `${stats.familiesRevoked}`,
    then,
  ].map((text) => ({ text }));
}

function sentenceOf(name: string, { calls, well, stats }: Result): string {
  const ended = stats.familiesRevoked > 0 ? ' The server ended the session.' : '';
  return `${name}: ${well} of ${plural(calls, 'call')} got 200, with ${plural(stats.refreshRequests, 'refresh', 'refreshes')}.${ended}`;
}

// As it stands in the source, without the indentation that it has there.
function textOf(make: (...args: never[]) => unknown): string {
  const lines = make.toString().split('\n');
  const indent = Math.min(
    ...lines.slice(1).map((text) => (text.trim() === '' ? Infinity : text.search(/\S/))),
  );
  return lines.map((text, index) => (index === 0 ? text : text.slice(indent))).join('\n');
}

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
