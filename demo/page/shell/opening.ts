// How each chapter opens: its number, its title, its question, and the guess before one tries.
import type { Chapter, Guess } from '../page.ts';
import { button, el } from '../parts/dom.ts';

export interface Opening {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
}

export function openingOf(chapter: Chapter, chapters: readonly Chapter[]): Opening {
  const heading = el('h1', { tabindex: -1 }, chapter.title);
  const number = chapters.indexOf(chapter) + 1;
  const counted = chapters.filter(({ id }) => id !== 'bench').length;
  const kicker = chapter.id === 'bench' ? 'Beside the course' : `Chapter ${number} of ${counted}`;
  const element = el(
    'header',
    { class: 'opening' },
    el('p', { class: 'kicker' }, kicker),
    heading,
    el('p', { class: 'question' }, chapter.question),
  );
  if (chapter.guesses !== undefined)
    element.append(guessing(chapter.guesses, chapter.answer ?? ''));
  return { element, heading };
}

function guessing(guesses: readonly Guess[], answer: string): HTMLElement {
  const verdict = el('p', { class: 'verdict', role: 'status' });
  const buttons = guesses.map((guess) => {
    const choice = button(
      guess.text,
      () => {
        for (const one of buttons) one.setAttribute('aria-pressed', String(one === choice));
        choice.classList.add(guess.right ? 'right' : 'wrong');
        const lead = guess.right ? 'So it is.' : 'Many think so.';
        verdict.replaceChildren(el('strong', {}, lead), ` ${answer}`);
      },
      { class: 'guess', 'aria-pressed': 'false' },
    );
    return choice;
  });
  return el(
    'div',
    { class: 'guesses', role: 'group', 'aria-label': 'What do you think?' },
    el('p', { class: 'muted' }, 'What do you think?'),
    el('div', { class: 'buttons' }, ...buttons),
    verdict,
  );
}
