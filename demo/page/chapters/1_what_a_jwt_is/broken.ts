// What is wrong with a token, and the very character where.
import type { JwtInspection } from '/bearerkit/index.js';
import { button, el } from '../../parts/dom.ts';
import type { BrokenPlace } from './place.ts';

type Broken = Extract<JwtInspection, { ok: false }>['error'];

export interface BrokenView {
  readonly element: HTMLElement;
  show(error: Broken | null, place: BrokenPlace | null): void;
}

export function brokenView(goTo: (place: BrokenPlace) => void): BrokenView {
  const message = el('p', { id: 'token-error', role: 'status' });
  const where = el('p', { class: 'where' });
  const decoded = el('pre', { class: 'decoded-place' });
  let current: BrokenPlace | null = null;
  const go = button('Go there', () => {
    if (current !== null) goTo(current);
  });
  const details = el('div', { class: 'where-row' }, where, go);
  const element = el('div', { class: 'broken-box', hidden: true }, message, details, decoded);
  return {
    element,
    show: (error, place) => {
      current = place;
      element.hidden = error === null;
      // What is said in words below need not stand in brackets.
      const text = error?.message.replace(/ \([a-z]+(, offset \d+)?\)$/, '') ?? '';
      if (message.textContent !== text) message.textContent = text;
      const decodedPlace = place?.decoded ?? null;
      details.hidden = place === null;
      where.textContent = place?.words ?? '';
      decoded.hidden = decodedPlace === null;
      if (decodedPlace === null) return;
      decoded.replaceChildren(
        decodedPlace.before,
        el('mark', { class: 'broken' }, decodedPlace.at),
      );
    },
  };
}
