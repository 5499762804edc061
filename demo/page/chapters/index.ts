// The chapters, in their order.
import type { Chapter } from '../page.ts';
import { bench } from '../bench/bench.ts';
import { el } from '../parts/dom.ts';
import { chapter as whatAJwtIs } from './1_what_a_jwt_is/chapter.ts';
import { chapter as signed } from './2_signed/chapter.ts';
import { chapter as storage } from './4_storage/chapter.ts';
import { chapter as revoke } from './5_revoke/chapter.ts';
import { chapter as compare } from './6_compare/chapter.ts';

/** Until the chapter is there. None may be left when the page is finished. */
function placeholder(id: string, title: string, question: string): Chapter {
  return {
    id,
    title,
    question,
    mount: (root) => {
      root.append(el('p', { class: 'muted' }, 'This chapter is being written.'));
      return () => {};
    },
  };
}

export const CHAPTERS: readonly Chapter[] = [
  whatAJwtIs,
  signed,
  placeholder(
    'refresh',
    'Refresh and rotation',
    'When a token expires under a hundred calls, how many refreshes does it take?',
  ),
  storage,
  revoke,
  compare,
  bench,
];
