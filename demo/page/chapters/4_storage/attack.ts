// The five storages, attacked in turn by one and the same script.
import { attempt } from '../../parts/attempt.ts';
import { button, el } from '../../parts/dom.ts';
import { makeGrid } from '../../parts/grid.ts';
import { status } from '../../parts/status.ts';
import { why, whyCalled } from '../../parts/why.ts';
import { ALL_KEEPS, KEEPS } from '../../session/keep.ts';
import { victimApp } from './app.ts';
import { tryStorage } from './trial.ts';
import { cellsOf, HEADS, listOf } from './verdicts.ts';

/** @param prepare ends what else is signed in on this page: the table is about the trials alone. */
export function attackSection(prepare: () => Promise<void>): HTMLElement {
  const line = status('The script has not run yet.');
  const grid = makeGrid('What the script got', HEADS);
  const app = victimApp();
  const taken = el('ul');
  const details = whyCalled('See what it took', taken);
  details.hidden = true;

  const run = attempt(line, async () => {
    grid.clear();
    taken.replaceChildren();
    details.hidden = true;
    await prepare();
    let stillWork = 0;
    for (const [index, keep] of ALL_KEEPS.entries()) {
      const { name } = KEEPS[keep];
      line.say(`${index + 1} of ${ALL_KEEPS.length}: ${name}…`, 'busy');
      const trial = await tryStorage(keep, app);
      grid.set(name, cellsOf(trial));
      taken.append(...listOf(trial).map((text) => el('li', {}, `${name}: ${text}`)));
      if (trial.afterSignOut.called || trial.afterSignOut.renewed) stillWork += 1;
    }
    details.hidden = false;
    line.say(
      `The script ran in all ${ALL_KEEPS.length}. Then Ada signed out each time: ` +
        `what it took still worked in ${stillWork} of ${ALL_KEEPS.length}.`,
      stillWork === 0 ? 'good' : 'bad',
    );
  });

  return el(
    'section',
    { class: 'card', 'aria-labelledby': 'attack-title', id: 'attack' },
    el('h2', { id: 'attack-title' }, 'A script in your page'),
    el(
      'p',
      {},
      'Ada signs in five times, and each time an attacker’s script is loaded into this page. ' +
        'It looks around, listens to fetch, and presses the app’s button. ' +
        'Your own session at the top is ended first.',
    ),
    el(
      'div',
      { class: 'buttons' },
      button('Run the attacker’s script', run, { class: 'primary' }),
      el('a', { href: '/attacker.js', target: '_blank' }, 'Read the script'),
    ),
    line.element,
    app.element,
    grid.element,
    details,
    why(
      'A script in your page is your page. No storage keeps it from calling the API as you, as long as the page is open.',
      'What differs is the loot. A refresh token is a session of the thief’s own, for days. An access token ends in minutes. HttpOnly cookies give a script nothing to carry away.',
      'Memory is no safe either. Tokens pass through fetch, and a script can stand in the way. Memory only leaves nothing for a later visit.',
      'A script that comes back later finds what was stored, or has the cookie used for it. So keep scripts out: a strict policy, and few dependencies.',
    ),
  );
}
