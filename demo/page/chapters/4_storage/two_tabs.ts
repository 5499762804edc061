// Two tabs and one session: one refresh serves both, and a sign-out reaches both.
import { attempt } from '../../parts/attempt.ts';
import { button, el } from '../../parts/dom.ts';
import { makeGrid } from '../../parts/grid.ts';
import { status } from '../../parts/status.ts';
import { why } from '../../parts/why.ts';
import { ACCOUNTS, DEMO_PASSWORD } from '../../session/accounts.ts';
import { logIn } from '../../session/client.ts';
import { demoStats, holdNextRefresh } from '../../session/demo_api.ts';
import { ALL_KEEPS, isKeep, KEEPS } from '../../session/keep.ts';
import type { Section } from './section.ts';
import { TabGroup } from './tab_group.ts';

const HEADS = ['Tab', 'Session', 'Refreshes it made', 'Refreshes it was given', 'Latest news'];

/** Long enough for all tabs to want new tokens at the same time, whoever is first. */
const HELD_MS = 700;

const nameOf = (other: number): string =>
  other === 0 ? 'This tab' : other === 1 ? 'The other tab' : `Another tab (${other})`;

export function tabsSection(): Section {
  const line = status('Ada is not signed in yet.');
  const grid = makeGrid('What each tab knows', HEADS);
  const keep = el(
    'select',
    { id: 'tabs-keep' },
    ...ALL_KEEPS.map((one) => el('option', { value: one }, KEEPS[one].name)),
  );
  const tabs = new TabGroup('local', {
    onView: (other, { session, made, given, last }) => {
      grid.set(nameOf(other), [
        { text: session },
        { text: String(made) },
        { text: String(given) },
        { text: last },
      ]);
    },
    onGone: (other) => grid.remove(nameOf(other)),
    onKeep: (now) => {
      keep.value = now;
    },
  });
  keep.value = tabs.keep;
  keep.addEventListener('change', () => {
    if (isKeep(keep.value)) tabs.keepIn(keep.value);
  });

  const signIn = attempt(line, async () => {
    await tabs.auth.ready();
    await tabs.auth.setTokens(await logIn(tabs.keep, ACCOUNTS.ada.email, DEMO_PASSWORD));
    line.say('Ada is signed in here. Now open a second tab.', 'good');
  });
  const openTab = attempt(line, async () => {
    const opened = window.open(`${location.pathname}${location.search}#/storage/tabs`, '_blank');
    if (opened === null)
      throw new Error('The browser opens no tab. Open this address in another one.');
    line.say('There is a second tab. Come back here, and refresh in both.');
  });
  const refreshBoth = attempt(line, async () => {
    const before = (await demoStats()).refreshes;
    await holdNextRefresh(HELD_MS);
    await tabs.refreshAll();
    const count = (await demoStats()).refreshes - before;
    const asked = tabs.size === 1 ? 'One tab wanted' : `${tabs.size} tabs wanted`;
    const seen = `${count} ${count === 1 ? 'refresh' : 'refreshes'}`;
    line.say(`${asked} new tokens. The server saw ${seen}.`, count === 1 ? 'good' : 'plain');
  });
  const signOut = attempt(line, async () => {
    await tabs.auth.signOut();
    line.say('Signed out here. Look at the other tab.');
  });

  return {
    element: el(
      'section',
      { class: 'card', 'aria-labelledby': 'tabs-title', id: 'tabs' },
      el('h2', { id: 'tabs-title', tabindex: -1 }, 'Two tabs'),
      el(
        'p',
        {},
        'Sign in, open a second tab, and refresh in both at once. Then sign out here, and see it happen there.',
      ),
      el('p', { class: 'field' }, el('label', { for: 'tabs-keep' }, 'Tokens in'), ' ', keep),
      el(
        'div',
        { class: 'buttons' },
        button('Sign in', signIn, { class: 'primary' }),
        button('Open a second tab', openTab),
        button('Refresh in both', refreshBoth),
        button('Sign out', signOut),
      ),
      line.element,
      grid.element,
      why(
        'A refresh token works once. If two tabs redeemed the same one, the server would have to think of a theft, and end the session.',
        'So tabs take turns, by a lock of the browser. Who comes second looks first whether there are new tokens, and takes those.',
        'The server holds this refresh for a moment, so that both tabs want it at the same time.',
        'In memory each tab has a session of its own, and the second one starts signed out. A sign-out reaches it all the same.',
      ),
    ),
    end: () => tabs.auth.signOut(),
    close: () => tabs.close(),
  };
}
