// A small app to be attacked. The visitor sees who is signed in, and the script finds a button.
import type { AuthClient } from '/bearerkit/index.js';
import { button, el, setText } from '../../parts/dom.ts';
import { type Keep, KEEPS } from '../../session/keep.ts';

export interface VictimApp {
  readonly element: HTMLElement;
  open(keep: Keep, auth: AuthClient): void;
  close(): void;
}

export function victimApp(): VictimApp {
  const element = el('div', { class: 'victim', 'data-app': true, hidden: true });
  return {
    element,
    open: (keep, auth) => {
      const answer = el('span', { class: 'muted' });
      const load = button('Load my data', async () => {
        const response = await auth.fetchWithAuth('/api/protected');
        setText(answer, `The app got ${response.status}.`);
      });
      const text = `The app under attack: Ada is signed in, tokens in ${KEEPS[keep].name}.`;
      element.replaceChildren(el('p', {}, text), el('p', {}, load, ' ', answer));
      element.hidden = false;
    },
    close: () => {
      element.replaceChildren();
      element.hidden = true;
    },
  };
}
