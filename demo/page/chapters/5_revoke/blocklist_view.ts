// The server's blocklist, as it is at the moment.
import { el, setText } from '../../parts/dom.ts';
import { every } from '../../parts/every.ts';
import { makeGrid } from '../../parts/grid.ts';
import { type BlocklistRow, blocklist } from '../../session/demo_api.ts';

const STOPS = {
  jti: 'One token',
  sid: 'All tokens of a session',
  sub: 'All tokens of a user',
} as const;

const nameOf = ({ claim, value }: BlocklistRow): string => `${claim} ${value.slice(0, 8)}…`;

export function blocklistView(): { element: HTMLElement; close: () => void } {
  const grid = makeGrid('The server’s blocklist, as it is now', [
    'Row',
    'What it stops',
    'Forgotten in',
  ]);
  const note = el('p', { class: 'muted' });
  // What was there before is of other sessions: it is counted, and not shown.
  let earlier: ReadonlySet<string> | undefined;
  let shown: readonly string[] = [];

  const close = every(1000, async () => {
    const { now, rows } = await blocklist();
    earlier ??= new Set(rows.map(nameOf));
    const own = rows.filter((row) => !earlier?.has(nameOf(row)));
    const names = own.map(nameOf);
    for (const name of shown) if (!names.includes(name)) grid.remove(name);
    for (const row of own) {
      const left = Math.max(0, Math.ceil((row.expiresAt - now) / 1000));
      grid.set(nameOf(row), [{ text: STOPS[row.claim] }, { text: `${left} s` }]);
    }
    shown = names;
    const others = rows.length - own.length;
    setText(note, others === 0 ? '' : `And ${others} from before you came here.`);
  });
  return { element: el('div', { class: 'blocklist' }, grid.element, note), close };
}
