// Which chapter is shown: the address says it, as `#/<id>` or `#/<id>/<part>`.
import type { Chapter, Page } from '../page.ts';
import { el } from '../parts/dom.ts';
import { openingOf } from './opening.ts';

export interface Place {
  readonly id: string;
  readonly part: string;
}

export function placeIn(hash: string): Place {
  const [, id = '', part = ''] = hash.split('/');
  return { id, part };
}

export class Router {
  readonly #chapters: readonly Chapter[];
  readonly #main: HTMLElement;
  readonly #page: Omit<Page, 'part'>;
  readonly #onShow: (chapter: Chapter) => void;
  #shown: Chapter | undefined;
  #leave: () => void = () => {};

  constructor(
    chapters: readonly Chapter[],
    main: HTMLElement,
    page: Omit<Page, 'part'>,
    onShow: (chapter: Chapter) => void,
  ) {
    this.#chapters = chapters;
    this.#main = main;
    this.#page = page;
    this.#onShow = onShow;
  }

  start(): void {
    addEventListener('hashchange', () => this.#show(true));
    this.#show(false);
  }

  #show(moveFocus: boolean): void {
    const { id, part } = placeIn(location.hash);
    if (this.#shown !== undefined && id === '') return;
    const chapter = this.#chapters.find((one) => one.id === id) ?? this.#chapters[0];
    if (chapter === undefined) return;
    // Another part of the same chapter, or a link to a place on the page: nothing to build.
    if (chapter === this.#shown && part === '') return;
    this.#leave();
    this.#shown = chapter;
    const opening = openingOf(chapter, this.#chapters);
    const body = el('div', { class: 'chapter-body' });
    this.#main.replaceChildren(opening.element, body, nextOf(chapter, this.#chapters));
    this.#main.dataset['chapter'] = chapter.id;
    document.title = `${chapter.title} · bearerkit`;
    this.#onShow(chapter);
    this.#leave = chapter.mount(body, { ...this.#page, part });
    if (!moveFocus) return;
    scrollTo(0, 0);
    opening.heading.focus();
  }
}

/** The way on, at the foot of a chapter. */
function nextOf(chapter: Chapter, chapters: readonly Chapter[]): HTMLElement {
  const next = chapters[chapters.indexOf(chapter) + 1];
  if (next === undefined) return el('div');
  return el(
    'nav',
    { class: 'next', 'aria-label': 'Next chapter' },
    el('a', { href: `#/${next.id}` }, el('span', { class: 'muted' }, 'Next: '), next.title),
  );
}
