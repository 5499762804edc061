// One's own token, with claims to change: what that does to it, and what the server says.
import { button, el } from '../../parts/dom.ts';
import { type Place, tokenPieces } from '../../parts/token_text.ts';
import { status } from '../../parts/status.ts';
import { check, VERDICTS } from './check.ts';
import { decodeJson, partsOf, withClaims } from './forge.ts';
import { send } from './send.ts';

export interface Tamper {
  readonly element: HTMLElement;
  /** Begins anew with this token. */
  begin(token: string): void;
  /** The one in hand, changed or not. */
  readonly token: string;
}

export function tamper(): Tamper {
  const role = el(
    'select',
    { id: 'forged-role' },
    ...['user', 'admin'].map((one) => el('option', {}, one)),
  );
  const name = el('input', { id: 'forged-name', type: 'text', autocomplete: 'off' });
  const text = el('pre', {
    class: 'token-view',
    id: 'forged',
    tabindex: 0,
    role: 'region',
    'aria-label': 'The token as it is now',
  });
  const here = status();
  here.element.id = 'checked-here';
  const there = status();
  there.element.id = 'server-says';
  let [original, token] = ['', ''];

  const show = (): void => {
    const changed = placeOfChange(original, token);
    text.replaceChildren(...tokenPieces(token, changed ?? undefined, 'changed'));
    there.say('');
    const checked = token;
    void check(token).then(
      (verdict) => {
        if (checked !== token) return;
        const mood = verdict === 'matches' ? 'good' : verdict === 'differs' ? 'bad' : 'plain';
        here.say(
          `This page, with the server’s public key: ${VERDICTS[verdict].toLowerCase()}.`,
          mood,
        );
      },
      () => here.say('This page cannot check it: the server’s keys cannot be reached.'),
    );
  };
  const change = (): void => {
    const was = decodeJson(partsOf(original).payload);
    const same = was['role'] === role.value && was['name'] === name.value;
    // Untouched it is to be the very token again, byte for byte.
    token = same ? original : withClaims(original, { name: name.value, role: role.value });
    show();
  };
  role.addEventListener('change', change);
  name.addEventListener('input', change);

  const sending = button(
    'Send it to the server',
    async () => {
      there.say('Sending…', 'busy');
      try {
        const { status: code, reason } = await send(token);
        const broke =
          code === 401 && token !== original
            ? ' The marked characters are not those that were signed.'
            : '';
        there.say(`The server: ${code}. ${reason}.${broke}`, code === 200 ? 'good' : 'bad');
      } catch {
        there.say('The server cannot be reached.', 'bad');
      }
    },
    { class: 'primary' },
  );
  const begin = (fresh: string): void => {
    original = fresh;
    token = fresh;
    const claims = decodeJson(partsOf(fresh).payload);
    role.value = claims['role'] === 'admin' ? 'admin' : 'user';
    name.value = typeof claims['name'] === 'string' ? claims['name'] : '';
    show();
  };
  return {
    element: el(
      'section',
      { class: 'card' },
      el('h2', {}, 'Change who you are'),
      el(
        'p',
        {},
        'This is your own access token. Choose another role, and watch which letters change.',
      ),
      el(
        'div',
        { class: 'fields' },
        el('div', {}, el('label', { for: 'forged-role' }, 'role'), role),
        el('div', {}, el('label', { for: 'forged-name' }, 'name'), name),
      ),
      text,
      here.element,
      el(
        'div',
        { class: 'buttons' },
        sending,
        button('Undo', () => begin(original)),
      ),
      there.element,
    ),
    begin,
    get token() {
      return token;
    },
  };
}

/** From the first to the last character of the payload that is not as it was signed. */
function placeOfChange(before: string, after: string): Place | null {
  if (before === after) return null;
  let from = 0;
  while (before[from] === after[from]) from += 1;
  let tail = 0;
  while (before.at(-1 - tail) === after.at(-1 - tail) && after.length - tail > from + 1) tail += 1;
  return { from, to: after.length - tail };
}
