// What a token says, once it is decoded.
import type { JwtInspection } from '/bearerkit/index.js';
import { el } from '../../parts/dom.ts';
import { lifeBar } from '../../parts/life.ts';
import { table } from '../../parts/table.ts';
import { FINDINGS, inWords, shown } from './words.ts';

type Decoded = Extract<JwtInspection, { ok: true }>;

const MOST_CLAIMS = 60;

export interface DecodedView {
  readonly element: HTMLElement;
  show(decoded: Decoded): void;
  /** Lets the times go on. */
  readonly tick: () => void;
}

export function decodedView(): DecodedView {
  const heads = ['Name', 'Value', 'In words'];
  const header = table('Header: how it was signed', heads, [], { stacked: true });
  const payload = table('Payload: what it claims', heads, [], { stacked: true });
  const life = lifeBar('Life of the token');
  const signature = el('p', { id: 'signature-words' });
  const findings = el('ul', { class: 'findings' });
  const findingsPart = el('div', { hidden: true }, el('h3', {}, 'Worth knowing'), findings);
  let times = new Map<string, { value: unknown; element: HTMLElement }>();
  let last: Decoded | null = null;

  const row = ([name, value]: [string, unknown]): (Node | string)[] => {
    const words = el('span', { 'data-words': name }, inWords(name, value, Date.now()));
    times.set(name, { value, element: words });
    return [el('code', {}, name), el('code', { 'data-claim': name }, shown(value)), words];
  };
  const tick = (): void => {
    for (const [name, { value, element }] of times) {
      const words = inWords(name, value, Date.now());
      if (element.textContent !== words) element.textContent = words;
    }
    if (last !== null) life.show(last.claims);
  };
  return {
    element: el(
      'div',
      { class: 'decoded' },
      el('section', { class: 'card edge-payload' }, life.element, payload.element),
      el('section', { class: 'card edge-header' }, header.element),
      el(
        'section',
        { class: 'card edge-signature' },
        el('h2', {}, 'Signature: who vouches for it'),
        signature,
        findingsPart,
      ),
    ),
    show: (decoded) => {
      last = decoded;
      times = new Map();
      header.setRows(Object.entries(decoded.header).slice(0, MOST_CLAIMS).map(row));
      payload.setRows(Object.entries(decoded.claims).slice(0, MOST_CLAIMS).map(row));
      const bytes = Math.floor((decoded.parts.signature.length * 3) / 4);
      signature.textContent =
        bytes === 0
          ? 'There is none. Anybody could have written this token.'
          : `${bytes} bytes, made with a key that only the server has. Reading needs no key: you have just read all of it.`;
      findings.replaceChildren(
        ...decoded.findings.map((one) => el('li', { 'data-finding': one }, FINDINGS[one])),
      );
      findingsPart.hidden = decoded.findings.length === 0;
      tick();
    },
    tick,
  };
}
