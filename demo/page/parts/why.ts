import { el } from './dom.ts';

/** "Why?": what is worth knowing and not in the way of those who only want to try. */
export function why(...paragraphs: (Node | string)[]): HTMLDetailsElement {
  return whyCalled('Why?', ...paragraphs);
}

export function whyCalled(summary: string, ...paragraphs: (Node | string)[]): HTMLDetailsElement {
  const texts = paragraphs.map((text) => (typeof text === 'string' ? el('p', {}, text) : text));
  return el('details', { class: 'why' }, el('summary', {}, summary), el('div', {}, ...texts));
}
