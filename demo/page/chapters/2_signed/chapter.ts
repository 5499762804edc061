// Chapter 2: anybody can read a token and write another, but not sign it.
import type { Chapter } from '../../page.ts';
import { el } from '../../parts/dom.ts';
import { needsToken } from '../../parts/needs_token.ts';
import { why } from '../../parts/why.ts';
import { forgeries } from './forgeries.ts';
import { tamper } from './tamper.ts';

export const chapter: Chapter = {
  id: 'signed',
  title: 'Signed is not encrypted',
  question: 'You write “admin” into your own token and send it. What happens?',
  guesses: [
    { text: 'The server lets me in as an admin' },
    { text: 'The server refuses it', right: true },
    { text: 'It cannot be changed at all' },
  ],
  answer: 'You can write what you like, but the signature belongs to the old text. Try it below.',
  mount: (root, { session }) => {
    const invitation = needsToken(session);
    const tampering = tamper();
    const getToken = (): Promise<string | null> => session.auth.getAccessToken().catch(() => null);
    const doors = forgeries(getToken);
    const work = el(
      'div',
      { class: 'chapter-body', hidden: true },
      tampering.element,
      doors.element,
      why(
        'The server signs header and payload with its private key. Everybody may have the public one, at /.well-known/jwks.json; it checks signatures and makes none.',
        'The check in this page is done by the browser’s own WebCrypto. A page must not rely on it: only the server decides, since a visitor can change the page.',
        'A server must choose the algorithm itself. If it believed the token’s own “alg: none”, everybody could write a token.',
      ),
    );
    root.append(invitation.element, work);

    let user = '';
    const show = (): void => {
      const missing = invitation.show();
      work.hidden = missing || !session.signedIn;
      // A refreshed token of the same user would take away what the visitor has changed.
      const now = work.hidden ? '' : (session.user?.id ?? '');
      if (now === user) return;
      user = now;
      doors.reset();
      if (now === '') return;
      void getToken().then((token) => {
        if (token !== null && user === now) tampering.begin(token);
      });
    };
    const unwatch = session.watch(show);
    show();
    return unwatch;
  },
};
