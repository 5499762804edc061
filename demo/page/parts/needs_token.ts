// What a chapter shows while it has no token to work with: nobody is signed in, or no script sees it.
import { button, el } from './dom.ts';
import type { Session } from '../session/session.ts';

/** Shows itself when there is no token, and offers the one press that gets one. */
export function needsToken(session: Session): { element: HTMLElement; show(): boolean } {
  const text = el('p');
  const act = button(
    'Sign in as Ada',
    async () => {
      if (session.keep === 'cookie') session.keepIn('memory');
      await session.auth.ready();
      if (!session.signedIn) await session.signIn('ada').catch(() => {});
    },
    { class: 'primary' },
  );
  const element = el(
    'div',
    { class: 'card invitation' },
    text,
    el('div', { class: 'buttons' }, act),
  );
  return {
    element,
    show: () => {
      const hidden = session.signedIn && session.keep === 'cookie';
      const missing = hidden || (session.known && !session.signedIn);
      element.hidden = !missing;
      text.textContent = hidden
        ? 'This page never sees your token: it is in an HttpOnly cookie. Keep it in memory to work with it here.'
        : 'You need a token of your own. One press signs you in at the server that you started.';
      act.textContent = hidden ? 'Use memory, as Ada' : 'Sign in as Ada';
      return missing;
    },
  };
}
