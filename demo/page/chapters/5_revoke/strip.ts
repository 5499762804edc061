// Ada's calls in a row, as they come in.
import { el } from '../../parts/dom.ts';

const MOST = 60;

export interface Strip {
  readonly element: HTMLElement;
  readonly call: (status: number) => void;
  readonly mark: (text: string) => void;
  readonly clear: () => void;
}

export function callStrip(): Strip {
  const list = el('ol', { class: 'strip', 'aria-label': 'Ada’s calls, one a second' });
  const add = (text: string, kind: 'good' | 'bad' | 'mark'): void => {
    list.append(el('li', { 'data-kind': kind }, text));
    while (list.childElementCount > MOST) list.firstElementChild?.remove();
  };
  return {
    element: list,
    call: (status) => add(String(status), status < 400 ? 'good' : 'bad'),
    mark: (text) => add(text, 'mark'),
    clear: () => list.replaceChildren(),
  };
}
