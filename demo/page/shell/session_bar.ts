// The session, at the top of every chapter: sign in with one press, where the tokens are kept, how
// long the token lives, and the way out.
import { ACCOUNTS, ALL_ACCOUNTS } from '../session/accounts.ts';
import { ALL_KEEPS, isKeep, KEEPS } from '../session/keep.ts';
import type { Session } from '../session/session.ts';
import { button, el, setText } from '../parts/dom.ts';
import { lifeBar } from '../parts/life.ts';

export function sessionBar(session: Session, root: HTMLElement): void {
  const line = el('p', { id: 'status', role: 'status' });
  const keep = keepChoice(session);
  const signIns = el(
    'div',
    { class: 'buttons sign-ins', role: 'group', 'aria-label': 'Sign in' },
    ...ALL_ACCOUNTS.map((who) => {
      const { name, role } = ACCOUNTS[who];
      return button(`${name}, ${role}`, () => signIn(who), {
        'aria-label': `Sign in as ${name}, ${role}`,
      });
    }),
  );
  const life = lifeBar('Access token');
  const signOut = button('Sign out', () => session.signOut(), { id: 'bar-sign-out' });
  const signedIn = el('div', { class: 'signed-in' }, life.element, signOut);

  async function signIn(who: (typeof ALL_ACCOUNTS)[number]): Promise<void> {
    try {
      await session.signIn(who);
      signOut.focus();
    } catch (error) {
      setText(line, error instanceof Error ? error.message : 'Signing in failed.');
    }
  }

  const show = (): void => {
    setText(line, session.status);
    const isIn = session.signedIn;
    // Whoever was in the part that goes would be left nowhere.
    const moves = isIn ? false : signedIn.contains(document.activeElement);
    signIns.hidden = isIn || !session.known;
    signedIn.hidden = !isIn;
    if (moves) signIns.querySelector('button')?.focus();
    keep.value = session.keep;
    life.show(session.auth.claims, session.keep);
    root.dataset['state'] = session.auth.state;
  };
  root.append(
    el('div', { class: 'who' }, line, signIns, signedIn),
    el('div', { class: 'keep' }, el('label', { for: keep.id }, 'Tokens kept in'), keep),
  );
  session.watch(show);
  show();
  setInterval(() => life.show(session.auth.claims, session.keep), 500);
}

function keepChoice(session: Session): HTMLSelectElement {
  const select = el(
    'select',
    { id: 'bar-keep' },
    ...ALL_KEEPS.map((keep) => el('option', { value: keep }, KEEPS[keep].name)),
  );
  select.addEventListener('change', () => {
    if (isKeep(select.value)) session.keepIn(select.value);
  });
  return select;
}
