// Chapter 3: one refresh for all, and what rotation is for.
import type { Chapter } from '../../page.ts';
import { el } from '../../parts/dom.ts';
import { needsToken } from '../../parts/needs_token.ts';
import { clearFaults } from '../../session/demo_api.ts';
import { race } from './race.ts';
import { rulesCard } from './rules_card.ts';
import { theft } from './theft.ts';
import { thiefsWindow } from './thiefs_window.ts';

export const chapter: Chapter = {
  id: 'refresh',
  title: 'Refresh and rotation',
  question: 'When a token expires under a hundred calls, how many refreshes does it take?',
  guesses: [
    { text: 'A hundred: each call needs its own' },
    { text: 'One', right: true },
    { text: 'None: the user signs in again' },
  ],
  answer:
    'One, if whoever wraps your calls lets all others wait for it. Send them below, and count.',
  mount: (root, { session, part }) => {
    if (part === 'thief') return thiefsWindow(root);
    const invitation = needsToken(session);
    const rules = rulesCard(session);
    const racing = race(session);
    const stealing = theft(session);
    const work = el('div', { class: 'chapter-body' }, rules.element, racing.element);
    root.append(invitation.element, work, stealing.element);
    const show = (): void => {
      const without = invitation.show() || !session.signedIn;
      // What was seen stays when it has ended the session.
      work.hidden = without && !racing.begun;
      stealing.element.hidden = without && !stealing.begun;
    };
    const unwatch = session.watch(show);
    show();
    return () => {
      unwatch();
      racing.leave();
      stealing.leave();
      rules.leave();
      void clearFaults().catch(() => {});
    };
  },
};
