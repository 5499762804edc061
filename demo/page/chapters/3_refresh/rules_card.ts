// How long tokens live, and how long the server forgives: chosen by the visitor.
import { button, el } from '../../parts/dom.ts';
import { status } from '../../parts/status.ts';
import { why } from '../../parts/why.ts';
import { demoSettings, type Rules, setDemo } from '../../session/demo_api.ts';
import type { Session } from '../../session/session.ts';

const LIVES = [
  [10, '10 s'],
  [60, '1 min'],
  [900, '15 min'],
] as const;
const GRACES = [
  [0, 'none'],
  [3, '3 s'],
  [10, '10 s'],
] as const;

export interface RulesCard {
  readonly element: HTMLElement;
  /** Puts everything back as it was. */
  leave(): void;
}

export function rulesCard(session: Session): RulesCard {
  const line = status();
  line.element.id = 'rules-say';
  const found = demoSettings().catch(() => null);

  const choose = async (change: Partial<Rules>, words: string): Promise<void> => {
    await setDemo(change);
    // They count for tokens made from then on.
    await session.refresh();
    await show();
    line.say(words);
  };
  const lives = LIVES.map(([seconds, text]) =>
    button(text, () =>
      choose(
        { accessTokenSeconds: seconds },
        `There is a new access token. It lives for ${text}: watch it at the top.`,
      ),
    ),
  );
  const graces = GRACES.map(([seconds, text]) =>
    button(text, () =>
      choose(
        { refreshGraceSeconds: seconds },
        seconds === 0
          ? 'A used refresh token is never forgiven now.'
          : `A used refresh token is forgiven for ${text}.`,
      ),
    ),
  );
  const show = async (): Promise<void> => {
    const rules = await demoSettings();
    LIVES.forEach(([seconds], at) => press(lives[at], seconds === rules.accessTokenSeconds));
    GRACES.forEach(([seconds], at) => press(graces[at], seconds === rules.refreshGraceSeconds));
  };
  void show().catch(() => line.say('The server cannot be reached.', 'bad'));

  return {
    leave: () => {
      void found.then((rules) => {
        if (rules === null) return;
        const { accessTokenSeconds, refreshGraceSeconds } = rules;
        return setDemo({ accessTokenSeconds, refreshGraceSeconds });
      });
    },
    element: el(
      'section',
      { class: 'card' },
      el('h2', {}, 'Make tokens short'),
      el(
        'p',
        {},
        'An access token is short so that a stolen one soon ends. Choose how short, and how long the server forgives a refresh token that comes twice.',
      ),
      el(
        'div',
        { class: 'fields' },
        group('An access token lives', lives),
        group('Grace window', graces),
      ),
      line.element,
      why(
        'With every refresh the server gives a new refresh token, and the old one is used up: that is rotation. It makes a copy of the token useless, or seen.',
        'The grace window is for honest mishaps: the answer to a refresh is lost on the way, and the client asks again with the old token. It then gets the same successor.',
      ),
    ),
  };
}

function group(name: string, buttons: readonly HTMLElement[]): HTMLElement {
  return el(
    'div',
    { role: 'group', 'aria-label': name },
    el('span', { class: 'label', 'aria-hidden': 'true' }, name),
    el('div', { class: 'buttons' }, ...buttons),
  );
}

function press(element: HTMLElement | undefined, pressed: boolean): void {
  element?.setAttribute('aria-pressed', String(pressed));
}
