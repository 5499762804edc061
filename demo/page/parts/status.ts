import { el, setText } from './dom.ts';

export type Mood = 'plain' | 'good' | 'bad' | 'busy';

export interface Status {
  readonly element: HTMLElement;
  say(text: string, mood?: Mood): void;
}

/** One line that says what happened, to those who listen as well. */
export function status(text = ''): Status {
  const element = el('p', { class: 'status', role: 'status', 'data-mood': 'plain' }, text);
  return {
    element,
    say: (words, mood = 'plain') => {
      element.dataset['mood'] = mood;
      setText(element, words);
    },
  };
}
