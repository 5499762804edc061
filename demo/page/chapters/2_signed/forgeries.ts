// Five tokens, sent one by one: what this page finds, and what the server says to each.
import { button, el } from '../../parts/dom.ts';
import { table } from '../../parts/table.ts';
import { check, VERDICTS } from './check.ts';
import { decodeJson, partsOf, signedByAnother, unsecured, withClaims } from './forge.ts';
import { type Answer, expiredToken, send } from './send.ts';

interface Forgery {
  readonly id: string;
  readonly name: string;
  readonly make: (token: string) => string | Promise<string>;
}

/** More than the user may do; an admin is one already. */
function more(token: string): { role: string } {
  return { role: decodeJson(partsOf(token).payload)['role'] === 'admin' ? 'owner' : 'admin' };
}

const FORGERIES: readonly Forgery[] = [
  { id: 'mine', name: 'Your own, as it is', make: (token) => token },
  { id: 'role', name: 'Another role written in', make: (token) => withClaims(token, more(token)) },
  { id: 'none', name: 'alg: none, no signature', make: (token) => unsecured(token, more(token)) },
  {
    id: 'key',
    name: 'Signed with a wrong key',
    make: (token) => signedByAnother(token, more(token)),
  },
  { id: 'expired', name: 'Genuine, but expired', make: expiredToken },
];

interface Result {
  readonly here: string;
  readonly answer: Answer | null;
}

export interface Forgeries {
  readonly element: HTMLElement;
  reset(): void;
}

export function forgeries(getToken: () => Promise<string | null>): Forgeries {
  const results = new Map<string, Result>();
  const rows = table(
    'Forged tokens and what became of them',
    ['Token', 'This page finds', 'The server says'],
    [],
    { stacked: true },
  );
  const buttons = new Map(
    FORGERIES.map((forgery) => [
      forgery.id,
      button(forgery.name, () => run(forgery), { class: 'quiet', 'data-forgery': forgery.id }),
    ]),
  );
  const show = (): void =>
    rows.setRows(
      FORGERIES.map(({ id }) => {
        const result = results.get(id);
        return [buttons.get(id) ?? '', result?.here ?? '', answerCell(id, result?.answer ?? null)];
      }),
    );

  async function run({ id, make }: Forgery): Promise<void> {
    const genuine = await getToken();
    if (genuine === null) return;
    try {
      const token = await make(genuine);
      const [verdict, answer] = await Promise.all([check(token), send(token)]);
      results.set(id, { here: VERDICTS[verdict], answer });
    } catch {
      results.set(id, { here: '', answer: { status: 0, reason: 'It could not be sent' } });
    }
    const focused = document.activeElement;
    show();
    // The row was put in again; the focus stays where it was.
    if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
  }

  const all = button(
    'Send all five',
    async () => {
      for (const forgery of FORGERIES) await run(forgery);
    },
    { class: 'primary' },
  );
  show();
  return {
    element: el(
      'section',
      { class: 'card' },
      el('h2', {}, 'Five tokens at the door'),
      el('p', {}, 'Each is made here and sent for real. Press one, or all.'),
      el('div', { class: 'buttons' }, all),
      rows.element,
    ),
    reset: () => {
      results.clear();
      show();
    },
  };
}

function answerCell(id: string, answer: Answer | null): HTMLElement {
  const cell = el('span', { 'data-answer': id });
  if (answer === null) return cell;
  const mood = answer.status === 200 ? 'good' : 'bad';
  cell.append(
    el('strong', { class: mood }, answer.status === 0 ? '–' : String(answer.status)),
    ` ${answer.reason}`,
  );
  return cell;
}
