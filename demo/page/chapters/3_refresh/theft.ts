// The refresh token is stolen: who notices, when, and what the server makes of it.
import { button, el } from '../../parts/dom.ts';
import { every } from '../../parts/every.ts';
import { status } from '../../parts/status.ts';
import { clockTime } from '../../parts/time.ts';
import { why } from '../../parts/why.ts';
import { type Family, familyOf } from '../../session/demo_api.ts';
import type { Keep } from '../../session/keep.ts';
import type { Session } from '../../session/session.ts';
import { familyView } from './family_view.ts';
import { isWord } from './thiefs_window.ts';

const LOOK_EVERY_MS = 1000;

export interface Theft {
  readonly element: HTMLElement;
  /** Whether a thief's window was opened. */
  readonly begun: boolean;
  leave(): void;
}

export function theft(session: Session): Theft {
  const line = status();
  line.element.id = 'theft-says';
  const story = el('ol', { class: 'story', id: 'theft-story' });
  const view = familyView();
  const left = new AbortController();
  const { signal } = left;
  let thief: Window | null = null;
  let begun = false;
  // Who has redeemed a token last: the other one is noticed.
  let last: 'you' | 'thief' | null = null;
  let [sid, ended] = ['', false];

  const note = (text: string): void => {
    story.append(el('li', {}, el('time', {}, clockTime(new Date())), ` ${text}`));
  };
  const look = async (): Promise<void> => {
    const now = session.auth.claims?.['sid'];
    if (typeof now === 'string' && now !== sid) [sid, ended] = [now, false];
    if (sid === '' || ended || !view.element.isConnected) return;
    const [looked, by] = [sid, last];
    const family = await familyOf(sid).catch(() => null);
    if (family === null || signal.aborted || looked !== sid) return;
    view.show(family);
    if (family.ended === null) {
      // What was asked for before the last refresh knows nothing of it.
      if (by !== null && by === last) line.say(adviceOn(family, by));
      return;
    }
    ended = true;
    if (!begun) return;
    note(verdictOf(family));
    line.say('You can sign in again. The thief cannot: it has no password.', 'good');
  };
  const open = async (): Promise<void> => {
    begun = true;
    // At once: later it would be a window that nobody has asked for.
    thief = window.open(
      `${location.pathname}?mode=bearer&storage=memory#/refresh/thief`,
      'thief',
      'popup,width=560,height=560',
    );
    if (thief === null) {
      line.say('The browser blocked the thief’s window. Allow it, and press again.', 'bad');
      return;
    }
    if (!session.signedIn || lootOf(session.keep) === '') {
      session.keepIn('session');
      await session.auth.ready();
      if (!session.signedIn) await session.signIn('ada');
      line.say('The tokens are kept in sessionStorage now: a script can read them there.');
    } else line.say(`A script read it in ${session.keep}Storage. The thief has it.`);
    handOver();
  };
  const handOver = (): void => {
    const loot = lootOf(session.keep);
    if (loot !== '') thief?.postMessage(loot, location.origin);
  };
  addEventListener(
    'message',
    ({ origin, source, data }: MessageEvent<unknown>) => {
      if (origin !== location.origin || source !== thief || !isWord(data)) return;
      if (data.thief === 'ready') handOver();
      else note(data.text);
      if (data.thief === 'redeemed') last = 'thief';
      void look();
    },
    { signal },
  );
  const release = session.withClient((auth, until) => {
    auth.addEventListener(
      'refreshed',
      ({ detail: { generation } }) => {
        if (begun) note(`You refreshed: your token set ${generation}.`);
        if (last !== null) last = 'you';
        void look();
      },
      { signal: until },
    );
    auth.addEventListener(
      'signedout',
      ({ detail: { reason, cause } }) => {
        const why = cause?.error ?? cause?.status ?? '';
        if (begun) note(`You are signed out: ${reason}${why && ` (${why})`}.`);
        void look();
      },
      { signal: until },
    );
  });
  const stopLooking = every(LOOK_EVERY_MS, look);

  return {
    get begun() {
      return begun;
    },
    leave: () => {
      left.abort();
      release();
      stopLooking();
      thief?.close();
    },
    element: el(
      'section',
      { class: 'card' },
      el('h2', {}, 'Steal the refresh token'),
      el(
        'p',
        {},
        'Let the thief redeem your refresh token, wait until the grace window is over, then go on as yourself. Who notices, and when?',
      ),
      el(
        'div',
        { class: 'buttons' },
        button('Steal it: open the thief’s window', open, { class: 'danger' }),
        button('Go on as yourself: refresh', () => session.refresh()),
      ),
      line.element,
      story,
      el('h3', {}, 'The family, as the server knows it'),
      view.element,
      why(
        'All refresh tokens that came from one sign-in are a family. Each one is used once and has one successor.',
        'Neither you nor the thief can see the theft. The server can: one of you comes with a token that was used already. It cannot tell which of you that is, so it ends the whole family, and both must sign in. The thief cannot.',
        'Inside the grace window the server gives the same successor again: it could be you, whose answer was lost. So a thief that fast is seen one refresh later.',
      ),
    ),
  };
}

/** What to do next, and when. The time and not the seconds that are left: it is read out only once. */
function adviceOn({ generations }: Family, last: 'you' | 'thief'): string {
  const used = generations.filter(({ usedAt }) => usedAt !== null).at(-1);
  const until = used?.graceEndsAt ?? 0;
  if (used !== undefined && until > Date.now()) {
    const forgiven =
      used.reusedAt.length > 0 ? 'You were forgiven: both of you hold the same token now. ' : '';
    return `${forgiven}The server forgives token ${used.generation + 1} until ${clockTime(new Date(until))}. Wait until then.`;
  }
  return last === 'thief'
    ? 'The grace window is over: go on as yourself now.'
    : 'The grace window is over: let the thief redeem its token again.';
}

function verdictOf({ ended, generations }: Family): string {
  const twice = generations.filter(({ reusedAt }) => reusedAt.length > 0).at(-1)?.generation;
  return ended?.reason === 'reuse_detected' && twice !== undefined
    ? `The server noticed: token ${twice + 1} came again after its grace window. It ended the whole family.`
    : `The server ended the family: ${ended?.reason ?? ''}.`;
}

/** As a thief's script would read it; empty where a script cannot. */
function lootOf(keep: Keep): string {
  if (keep !== 'session' && keep !== 'local') return '';
  const storage = keep === 'session' ? sessionStorage : localStorage;
  for (const [key, text] of Object.entries(storage) as [string, string][]) {
    if (!key.includes(`demo-${keep}`)) continue;
    try {
      const { refresh_token: token } = JSON.parse(text) as { refresh_token?: unknown };
      if (typeof token === 'string') return token;
    } catch {
      // Something else with that name.
    }
  }
  return '';
}
