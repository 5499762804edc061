// The chapters, in their order.
import type { Chapter } from '../page.ts';
import { bench } from '../bench/bench.ts';
import { chapter as whatAJwtIs } from './1_what_a_jwt_is/chapter.ts';
import { chapter as signed } from './2_signed/chapter.ts';
import { chapter as refresh } from './3_refresh/chapter.ts';
import { chapter as storage } from './4_storage/chapter.ts';
import { chapter as revoke } from './5_revoke/chapter.ts';
import { chapter as compare } from './6_compare/chapter.ts';

export const CHAPTERS: readonly Chapter[] = [
  whatAJwtIs,
  signed,
  refresh,
  storage,
  revoke,
  compare,
  bench,
];
