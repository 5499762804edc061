// Chapter 6: what a session costs, what a JWT costs, and which to choose.
import type { Chapter } from '../../page.ts';
import { attempt } from '../../parts/attempt.ts';
import { button, el } from '../../parts/dom.ts';
import { makeGrid } from '../../parts/grid.ts';
import { status } from '../../parts/status.ts';
import { why } from '../../parts/why.ts';
import { CHOICES, DESIGN } from './advice.ts';
import { figureRows } from './figure_rows.ts';
import { measure } from './measure.ts';

const HEADS = ['What', 'Session in the database', 'JWT alone', 'JWT and blocklist'];

export const chapter: Chapter = {
  id: 'compare',
  title: 'Sessions or JWTs',
  question: 'A JWT saves the server a lookup at each request. Does it still, with a blocklist?',
  guesses: [
    { text: 'Yes: the signature is enough' },
    { text: 'No: it looks up as often as with sessions', right: true },
  ],
  answer:
    'With a blocklist each request asks the database again, as a session does. What stays is that others can read the token.',
  mount: (root) => {
    const line = status('Nothing has been measured yet.');
    const figures = makeGrid('Measured on this server', HEADS);
    const design = makeGrid('What follows from the design', HEADS);
    for (const [name, ...texts] of DESIGN)
      design.set(
        name,
        texts.map((text) => ({ text })),
      );

    for (const { element } of [figures, design]) element.classList.add('even');

    const run = attempt(line, async () => {
      const measured = await measure((text) => line.say(text, 'busy'));
      for (const [name, cells] of figureRows(measured)) figures.set(name, cells);
      line.say(`Measured just now: the median of ${measured.costs.checks} checks each.`, 'good');
    });

    root.append(
      el(
        'section',
        { class: 'card', 'aria-labelledby': 'figures-title' },
        el('h2', { id: 'figures-title' }, 'What each costs here'),
        el(
          'p',
          {},
          'This measures all three on the server behind this page. It bans Ada three times for it, and lifts the ban in the end.',
        ),
        el('div', { class: 'buttons' }, button('Measure', run, { class: 'primary' })),
        line.element,
        figures.element,
      ),
      el('div', { class: 'card' }, design.element),
      el('h2', {}, 'Which to choose'),
      el(
        'div',
        { class: 'choices' },
        ...CHOICES.map(([title, text]) =>
          el('section', { class: 'card' }, el('h3', {}, title), el('p', {}, text)),
        ),
      ),
      why(
        'A session is a random number, and the database knows whose it is. A JWT carries the answer itself, with a signature in place of the lookup.',
        'A blocklist brings the lookup back. Then a JWT costs a signature and a lookup, and its gain is that other servers can check it, too.',
        'The database of this demo lives in the server’s own process. Over a network a lookup takes a millisecond or so, and a signature stays what it is.',
        'For the ban of a session this asks for the refresh token: it is a row in the database, which is what a session is.',
      ),
    );
    return () => {};
  },
};
