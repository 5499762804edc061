// The test bench: sign in by hand, call, and read every event. For those who test their own ideas,
// and for this project's tests.
import type { Chapter, Page } from '../page.ts';
import { button, el, setText } from '../parts/dom.ts';
import { table } from '../parts/table.ts';
import { clockTime } from '../parts/time.ts';
import { KEEPS } from '../session/keep.ts';
import { callsPanel } from './calls.ts';
import { eventLog } from './event_log.ts';
import { signInForm } from './sign_in_form.ts';

export const bench: Chapter = {
  id: 'bench',
  title: 'Test bench',
  question: 'Sign in by hand, call the API, and read every event of the client.',
  mount: (root, page) => {
    const calls = callsPanel(page.session);
    const view = sessionView(page);
    const form = signInForm(page.session);
    const events = eventLog();
    const show = (): void => {
      if (!page.session.known) return;
      const { signedIn } = page.session;
      move(signedIn ? form.element : view.element, signedIn ? view.element : form.element);
      view.show();
      form.show();
    };
    root.append(
      el(
        'div',
        { class: 'columns' },
        el('div', {}, form.element, view.element),
        el('div', {}, calls.element, events.element),
      ),
    );
    const unwatch = page.session.watch(show);
    const stopListening = page.session.withClient((auth, signal) => {
      events.listen(auth, signal);
      calls.listen(auth, signal);
    });
    const timer = setInterval(view.showLife, 500);
    show();
    return () => {
      clearInterval(timer);
      stopListening();
      unwatch();
    };
  },
};

/** Whoever was in the part that goes would be left nowhere. */
function move(leaving: HTMLElement, coming: HTMLElement): void {
  const takesFocus = leaving.contains(document.activeElement);
  leaving.hidden = true;
  coming.hidden = false;
  if (takesFocus) coming.querySelector('h2')?.focus();
}

interface SessionView {
  readonly element: HTMLElement;
  readonly show: () => void;
  readonly showLife: () => void;
}

function sessionView({ session }: Page): SessionView {
  const user = el('dd', { id: 'user' });
  const kept = el('dd', { id: 'kept' });
  const life = el('span', { id: 'life', role: 'timer' });
  const claims = table('Claims of the access token', ['Claim', 'Value']);
  const token = el(
    'div',
    {},
    el(
      'p',
      { class: 'note' },
      'Decoded, not verified: anybody can write a token that looks like this. Only the server checks the signature.',
    ),
    claims.element,
  );
  const noToken = el(
    'p',
    { class: 'note' },
    'This page never sees a token: both are in HttpOnly cookies. The browser sends them by itself, and no script can read them.',
  );
  const showLife = (): void => {
    const exp = session.auth.claims?.exp;
    const left = exp === undefined ? 0 : Math.ceil(exp - Date.now() / 1000);
    if (session.keep === 'cookie') setText(life, 'out of sight');
    else if (exp === undefined) setText(life, 'no end named');
    else setText(life, left > 0 ? clock(left) : 'expired');
  };
  return {
    element: el(
      'section',
      { id: 'session', class: 'card', hidden: true },
      el('h2', { tabindex: -1, id: 'session-title' }, 'Session'),
      el(
        'dl',
        {},
        el('div', {}, el('dt', {}, 'Signed in as'), user),
        el('div', {}, el('dt', {}, 'Tokens kept in'), kept),
        el('div', {}, el('dt', {}, 'The access token has left'), el('dd', {}, life)),
      ),
      el(
        'div',
        { class: 'buttons' },
        button('Refresh now', () => session.refresh(), { id: 'refresh' }),
        button('Sign out', () => session.signOut(), { id: 'sign-out' }),
      ),
      token,
      noToken,
    ),
    show: () => {
      setText(user, session.user?.name ?? 'not told: the tokens are out of sight');
      setText(kept, KEEPS[session.keep].name);
      token.hidden = session.keep === 'cookie';
      noToken.hidden = session.keep !== 'cookie';
      claims.setRows(Object.entries(session.auth.claims ?? {}).map(claimRow));
      showLife();
    },
    showLife,
  };
}

function claimRow([name, value]: [string, unknown]): [string, HTMLElement] {
  return [name, el('code', { 'data-claim': name }, describe(name, value))];
}

function describe(name: string, value: unknown): string {
  if (typeof value === 'number' && ['exp', 'iat', 'nbf'].includes(name)) {
    const date = new Date(value * 1000);
    return Number.isNaN(date.getTime()) ? String(value) : `${value} (${clockTime(date)})`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
