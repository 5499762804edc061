import { el, setText } from './dom.ts';

export interface Bar {
  readonly element: HTMLElement;
  /** A share from 0 to 1, and the same in words. */
  readonly set: (share: number, words: string) => void;
}

let bars = 0;

/** A bar with a label before it and words behind it. */
export function bar(label: string): Bar {
  bars += 1;
  const progress = el('progress', { id: `bar-${bars}`, max: 1, value: 0 });
  const words = el('span', { class: 'bar-words' });
  return {
    element: el('div', { class: 'bar' }, el('label', { for: progress.id }, label), words, progress),
    set: (share, text) => {
      progress.value = Math.min(1, Math.max(0, share));
      progress.classList.toggle('low', share < 0.2);
      setText(words, text);
    },
  };
}
