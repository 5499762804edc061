// A table that grows row by row, and turns into a card for each row where the window is narrow.
import { el } from './dom.ts';

/** How well a value does, from the user's side. The words of the cell say it, too. */
export type Verdict = 'good' | 'partly' | 'bad';

export interface GridCell {
  readonly text: string;
  readonly verdict?: Verdict;
}

export interface Grid {
  readonly element: HTMLElement;
  /** Puts a row in, or in the place of the one with that name; the name is its heading. */
  set(name: string, cells: readonly GridCell[]): void;
  remove(name: string): void;
  clear(): void;
}

/** Roles are said aloud: a table that is shown as blocks is none to some screen readers. */
export function makeGrid(caption: string, heads: readonly string[]): Grid {
  const body = el('tbody', { role: 'rowgroup' });
  const empty = el('p', { class: 'muted' }, 'Nothing yet.');
  const rows = new Map<string, HTMLElement>();
  const columns = heads.map((head) => el('th', { scope: 'col', role: 'columnheader' }, head));
  const element = el(
    'div',
    { class: 'grid', tabindex: 0, role: 'region', 'aria-label': caption },
    el(
      'table',
      { role: 'table' },
      el('caption', {}, caption),
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...columns)),
      body,
    ),
    empty,
  );
  return {
    element,
    set: (name, cells) => {
      const row = makeRow(name, cells, heads);
      const before = rows.get(name);
      if (before === undefined) body.append(row);
      else before.replaceWith(row);
      rows.set(name, row);
      empty.hidden = true;
    },
    remove: (name) => {
      rows.get(name)?.remove();
      rows.delete(name);
      empty.hidden = rows.size > 0;
    },
    clear: () => {
      body.replaceChildren();
      rows.clear();
      empty.hidden = false;
    },
  };
}

function makeRow(name: string, cells: readonly GridCell[], heads: readonly string[]): HTMLElement {
  return el(
    'tr',
    { role: 'row' },
    el('th', { scope: 'row', role: 'rowheader' }, name),
    ...cells.map(({ text, verdict }, index) =>
      el(
        'td',
        { role: 'cell', 'data-head': heads[index + 1] ?? '', 'data-verdict': verdict ?? null },
        text,
      ),
    ),
  );
}
