// The token, to edit in place: a text area, and behind it the same text in three colours.
import { el } from '../../parts/dom.ts';
import { type Place, tokenPieces } from '../../parts/token_text.ts';

/** Up to here a text is laid out at every key; what is longer is held, and shown by its ends. */
const EDITABLE = 16_384;
const ENDS = 400;

export interface Editor {
  readonly element: HTMLElement;
  /** The whole token, also when only its ends are shown. */
  readonly value: string;
  set(token: string): void;
  mark(place: Place | null): void;
  select(place: Place): void;
}

export function editor(onChange: (token: string) => void): Editor {
  const colours = el('pre', { class: 'token-colours', 'aria-hidden': true });
  const area = el('textarea', {
    id: 'token',
    class: 'token-area',
    rows: 1,
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    placeholder: 'Paste a token, or sign in to get one',
    'aria-describedby': 'token-length',
  });
  const length = el('p', { id: 'token-length', class: 'hint' });
  let token = '';
  let long = false;

  const paint = (mark?: Place): void => {
    colours.replaceChildren(...tokenPieces(area.value, long ? undefined : mark), '\u200b');
  };
  const describe = (): void => {
    const count = token.length.toLocaleString('en');
    length.textContent = long
      ? `${count} characters: only the ends are shown. Type or paste to begin anew.`
      : `${count} characters.`;
  };
  const set = (text: string): void => {
    token = text.trim();
    long = token.length > EDITABLE;
    area.value = long ? `${token.slice(0, ENDS)}…${token.slice(-ENDS)}` : token;
    paint();
    describe();
    onChange(token);
  };

  // Before the browser lays a megabyte out.
  area.addEventListener('paste', (event) => {
    const pasted = event.clipboardData?.getData('text') ?? '';
    if (!long && pasted.length + area.value.length <= EDITABLE) return;
    event.preventDefault();
    const keeps = long ? '' : area.value;
    const [from, to] = long ? [0, 0] : [area.selectionStart, area.selectionEnd];
    set(keeps.slice(0, from) + pasted + keeps.slice(to));
  });
  area.addEventListener('beforeinput', (event) => {
    if (!long) return;
    event.preventDefault();
    set(event.data ?? '');
  });
  area.addEventListener('input', () => {
    token = area.value;
    long = false;
    paint();
    describe();
    onChange(token);
  });
  paint();
  describe();

  return {
    element: el(
      'div',
      { class: 'token-editor' },
      el('label', { for: 'token' }, 'The token'),
      el('div', { class: 'token-box' }, colours, area),
      length,
    ),
    get value() {
      return token;
    },
    set,
    mark: (place) => paint(place ?? undefined),
    select: ({ from, to }) => {
      area.focus();
      if (!long) area.setSelectionRange(from, to);
    },
  };
}
