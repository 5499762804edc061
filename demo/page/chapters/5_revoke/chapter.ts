// Chapter 5: a token is signed and on its way. Can the server take it back?
import type { Chapter } from '../../page.ts';
import { attempt } from '../../parts/attempt.ts';
import { button, el } from '../../parts/dom.ts';
import { makeGrid } from '../../parts/grid.ts';
import { status } from '../../parts/status.ts';
import { why } from '../../parts/why.ts';
import { blocklistView } from './blocklist_view.ts';
import { type End, type Run, startRun } from './run.ts';
import { callStrip } from './strip.ts';

const LIVES = [10, 20, 40] as const;
const HEADS = ['The server', 'The ban worked after', 'Calls it let through', 'What it said then'];

export const chapter: Chapter = {
  id: 'revoke',
  title: 'Taking a token back',
  question: 'An admin bans Ada. Her token is still good for a while: when is she refused?',
  guesses: [
    { text: 'At her next call' },
    { text: 'When the token ends' },
    { text: 'It depends on the server', right: true },
  ],
  answer:
    'A token cannot be taken back. But a server can keep a list of those it no longer takes, and look at each call.',
  mount: (root) => {
    const line = status('Nobody is signed in here yet.');
    const strip = callStrip();
    const ends = makeGrid('What came of the ban', HEADS);
    const list = blocklistView();
    const life = el(
      'select',
      { id: 'revoke-life' },
      ...LIVES.map((seconds) => el('option', { value: seconds }, `${seconds} seconds`)),
    );
    const asks = el('input', { type: 'checkbox', id: 'revoke-blocklist', checked: true });

    let run: Run | undefined;
    let over = false;
    const close = async (): Promise<void> => {
      const closing = run;
      run = undefined;
      await closing?.close();
    };
    const onEnd = (end: End): void => {
      over = true;
      const after = `${(end.milliseconds / 1000).toFixed(1)} s`;
      ends.set(end.blocklist ? 'asks its blocklist' : 'asks nobody', [
        { text: after, verdict: end.blocklist ? 'good' : 'bad' },
        { text: String(end.callsThatWorked), verdict: end.callsThatWorked > 0 ? 'bad' : 'good' },
        { text: end.reason },
      ]);
      const next = end.blocklist
        ? 'Watch the rows of the blocklist run out.'
        : 'Until then her token was good: nobody had looked at a list.';
      line.say(`Ada was refused ${after} after the ban. ${next}`, end.blocklist ? 'good' : 'bad');
    };
    const signIn = attempt(line, async () => {
      await close();
      strip.clear();
      over = false;
      line.say('Signing both in…', 'busy');
      const lifeSeconds = Number(life.value);
      run = await startRun({ lifeSeconds, blocklist: asks.checked, onCall: strip.call, onEnd });
      line.say('Ada calls every second. Grace is the admin: let her ban Ada.');
    });
    const ban = attempt(line, async () => {
      if (run === undefined) throw new Error('Sign both in first.');
      if (over) throw new Error('Ada is banned already. Sign both in again first.');
      strip.mark('banned');
      line.say('Ada is banned. What do her next calls get?', 'busy');
      await run.ban();
    });
    const lift = attempt(line, async () => {
      await close();
      line.say('The ban is lifted. Ada may sign in again; her old sessions stay ended.');
    });
    for (const choice of [life, asks]) {
      choice.addEventListener('change', () => {
        if (run !== undefined) line.say('That counts for new tokens: sign both in again.');
      });
    }
    const leave = (): void => void close();
    addEventListener('pagehide', leave);

    root.append(
      el(
        'section',
        { class: 'card', 'aria-labelledby': 'ban-title' },
        el('h2', { id: 'ban-title' }, 'A ban, and what it is worth'),
        el(
          'p',
          {},
          'Sign both in: Ada, a user, and Grace, an admin. Then ban Ada and watch her calls. Do it once more without the blocklist.',
        ),
        el(
          'p',
          { class: 'field' },
          el('label', { for: 'revoke-life' }, 'A token lives for'),
          ' ',
          life,
        ),
        el(
          'p',
          { class: 'field' },
          asks,
          ' ',
          el('label', { for: 'revoke-blocklist' }, 'The server looks at its blocklist'),
        ),
        el(
          'div',
          { class: 'buttons' },
          button('Sign both in', signIn, { class: 'primary' }),
          button('Ban Ada', ban, { class: 'danger' }),
          button('Lift the ban', lift),
        ),
        line.element,
        strip.element,
        ends.element,
        why(
          'A JWT says by itself that it is good. Nobody has to be asked, and so nobody can say no.',
          'A blocklist takes that back: the server looks each token up. A row lives no longer than the tokens that it stops, so the list stays short.',
          'Without a blocklist a ban stops the next refresh. That is why access tokens should be short.',
          'The ban ends all sessions of Ada, also one that you have at the top of this page.',
        ),
      ),
      el('div', { class: 'card' }, list.element),
    );
    return () => {
      removeEventListener('pagehide', leave);
      list.close();
      void close();
    };
  },
};
