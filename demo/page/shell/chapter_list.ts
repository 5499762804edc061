// The list of chapters: at the side, or on a phone behind a button.
import type { Chapter } from '../page.ts';
import { el, byId } from '../parts/dom.ts';

export function chapterList(chapters: readonly Chapter[]): (shown: Chapter) => void {
  const list = byId('chapters', HTMLElement);
  const nav = byId('contents', HTMLElement);
  const toggle = byId('contents-button', HTMLButtonElement);
  const links = chapters.map((chapter) => el('a', { href: `#/${chapter.id}` }, chapter.title));
  chapters.forEach((chapter, index) => {
    const kind = chapter.id === 'bench' ? 'aside' : 'chapter';
    list.append(el('li', { class: kind }, links[index] ?? ''));
  });

  const open = (isOpen: boolean): void => {
    toggle.setAttribute('aria-expanded', String(isOpen));
    nav.classList.toggle('open', isOpen);
  };
  toggle.addEventListener('click', () => {
    open(toggle.getAttribute('aria-expanded') !== 'true');
  });
  nav.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || toggle.getAttribute('aria-expanded') !== 'true') return;
    open(false);
    toggle.focus();
  });

  return (shown) => {
    open(false);
    const number = chapters.indexOf(shown) + 1;
    // Its title stands right below.
    toggle.textContent = shown.id === 'bench' ? shown.title : `Chapter ${number}`;
    links.forEach((link, index) => {
      if (chapters[index] === shown) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    });
  };
}
