import { el } from './dom.ts';

export type Cell = Node | string;

export interface Table {
  readonly element: HTMLElement;
  /** Shows these rows instead; the first cell of each is its heading. */
  setRows(rows: readonly (readonly Cell[])[]): void;
}

/** A table that scrolls sideways by itself where it is too wide for the window. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[] = [],
  options: { readonly empty?: string; readonly stacked?: boolean } = {},
): Table {
  const body = el('tbody');
  const element = el(
    'div',
    {
      class: `scroll${options.stacked === true ? ' stacked' : ''}`,
      tabindex: 0,
      role: 'region',
      'aria-label': caption,
    },
    el(
      'table',
      {},
      el('caption', {}, caption),
      el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))),
      body,
    ),
  );
  const setRows = (shown: readonly (readonly Cell[])[]): void => {
    const empty = el(
      'tr',
      {},
      el('td', { colspan: heads.length, class: 'muted' }, options.empty ?? 'Nothing yet.'),
    );
    body.replaceChildren(...(shown.length === 0 ? [empty] : shown.map(row)));
  };
  setRows(rows);
  return { element, setRows };
}

function row([head = '', ...cells]: readonly Cell[]): HTMLElement {
  return el('tr', {}, el('th', { scope: 'row' }, head), ...cells.map((cell) => el('td', {}, cell)));
}
