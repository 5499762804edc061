// What becomes of a refresh token that was used (RFC 9700 §4.14.2). Uses the session up.
import { setTimeout as sleep } from 'node:timers/promises';

import { isDeletion, readSetCookies } from '../cookies.ts';
import { redeem, type Credentials, type Redemption } from '../client.ts';
import { described, isUndecided, type Answer } from '../http.ts';
import type { Options } from '../options.ts';
import type { Check, Report } from '../report.ts';
import { sessionCookies } from './cookies.ts';
import { reportUsedToken } from './refusal.ts';

// What can be told only of a token that was replaced.
const AFTERWARDS: readonly Check[] = ['grace', 'reuse', 'used_token', 'winner'];

/** A refresh that worked, and what it was done with. */
export interface Refreshed {
  readonly start: Credentials;
  readonly first: Redemption;
  /** Of the cookies that hold the session, as far as answers have set them. */
  readonly names: ReadonlySet<string>;
}

/** What says nothing about a token: the server is busy, or out of reach. */
class Undecided extends Error {}

export async function checkRotation(
  options: Options,
  report: Report,
  url: URL,
  refreshed: Refreshed,
): Promise<void> {
  if (!isRotated(options, report, refreshed)) {
    report.skip('nothing is renewed at a refresh', ...AFTERWARDS);
    return;
  }
  const again = async (credentials: Credentials): Promise<Redemption> => {
    const redemption = await redeem(options, url, credentials);
    const { answer } = redemption;
    if (isUndecided(answer)) throw new Undecided(described(answer));
    return redemption;
  };
  try {
    await checkReplay(options, report, refreshed, again);
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    report.skip(`a refresh in between was answered with ${error.message}`, ...AFTERWARDS);
  }
}

async function checkReplay(
  options: Options,
  report: Report,
  { start, first, names }: Refreshed,
  redeemed: (credentials: Credentials) => Promise<Redemption>,
): Promise<void> {
  // As if the answer had been lost: the client still holds the token that it has used.
  let old = await redeemed(start);
  const isForgiven = old.outcome === 'refreshed';
  let newest = await redeemed(isForgiven ? old.next : first.next);
  reportGrace(report, old, newest);
  let [refused, successor] = [old, newest];
  if (isForgiven) {
    if (newest.outcome !== 'refreshed') {
      report.skip('the session had ended before', ...AFTERWARDS);
      return;
    }
    // By now it was used two refreshes ago.
    old = await redeemed(start);
    newest = await redeemed(newest.next);
    [refused, successor] = [old, newest];
  }
  // A server may bear with it until its window is over.
  if (newest.outcome === 'refreshed' && options.grace > 0) {
    console.error(`bearerkit: waiting ${options.grace} s for the grace window to end`);
    await sleep(options.grace * 1000);
    old = await redeemed(start);
    newest = await redeemed(newest.next);
    if (refused.outcome === 'refreshed') [refused, successor] = [old, newest];
  }
  reportUsedToken(report, old);
  reportReuse(report, old, newest);
  if (options.mode !== 'bearer') reportWinner(report, refused, successor, names);
}

function isRotated(
  { mode }: Options,
  report: Report,
  { start: before, first: { next }, names }: Refreshed,
): boolean {
  if (mode === 'bearer') {
    if (next.refreshToken !== before.refreshToken) {
      report.ok('rotation', 'A refresh brings a new refresh token.');
      return true;
    }
    report.bad(
      'rotation',
      'A refresh brings no new refresh token.',
      'Replace it at every refresh (RFC 9700 §4.14.2): else a stolen one works until it expires, unnoticed.',
    );
    return false;
  }
  const kept = [...names].filter((name) => next.cookies.get(name) === before.cookies.get(name));
  if (kept.length === 0 && names.size > 0) {
    report.ok('rotation', 'A refresh renews its cookies.');
    return true;
  }
  const which = names.size === 0 ? 'no cookie' : `not the cookie ${kept.join(', ')}`;
  report.warn(
    'rotation',
    `A refresh renews ${which}.`,
    'If it holds the refresh token, replace it at every refresh (RFC 9700 §4.14.2).',
  );
  return kept.length < names.size;
}

/** The names of the cookies that hold the session, as far as answers have set them. */
export function namesOfCookies(options: Options, answers: readonly Answer[]): Set<string> {
  return new Set(
    answers.flatMap((answer) => sessionCookies(options, answer)).map(({ name }) => name),
  );
}

function reportGrace(report: Report, again: Redemption, newest: Redemption): void {
  const goesOn = newest.outcome === 'refreshed';
  const advice =
    'Answer the last used refresh token with the same successor for some seconds: else an answer that is lost on its way ends the session.';
  if (again.outcome !== 'refreshed') {
    const end = goesOn ? '' : ', and the session is over';
    report.warn(
      'grace',
      `A refresh that is repeated at once is answered with ${described(again.answer)}${end}.`,
      advice,
    );
  } else if (goesOn) {
    report.ok('grace', 'A refresh that is repeated at once is answered with tokens that work.');
  } else {
    report.bad(
      'grace',
      'A refresh that is repeated at once is answered with a refresh token that is refused.',
      advice,
    );
  }
}

// Two tabs refresh at once; the answer to the later one comes last.
function reportWinner(
  report: Report,
  old: Redemption,
  newest: Redemption,
  names: ReadonlySet<string>,
): void {
  if (old.outcome === 'refreshed') {
    report.skip('a used refresh token is not refused', 'winner');
    return;
  }
  const deleted = readSetCookies(old.answer.headers).filter(
    (cookie) => isDeletion(cookie) && names.has(cookie.name),
  );
  if (deleted.length === 0) {
    report.ok('winner', 'The refusal of a used cookie deletes no cookie.');
    return;
  }
  const seen = `The refusal of a used cookie deletes ${deleted.map(({ name }) => name).join(' and ')}`;
  const advice =
    'Leave the cookies alone when a refresh is refused: by then the browser may have newer ones, of another tab or a new login.';
  if (newest.outcome === 'refreshed') {
    report.bad('winner', `${seen}, though its successor is good: the other tab loses it.`, advice);
  } else {
    report.warn('winner', `${seen}: a late one takes that of a new login.`, advice);
  }
}

function reportReuse(report: Report, old: Redemption, newest: Redemption): void {
  const advice =
    'When a used refresh token comes after its grace window, end the session: whoever has the newest one may be the thief (RFC 9700 §4.14.2).';
  if (old.outcome === 'refreshed') {
    report.bad(
      'reuse',
      'A refresh token that was replaced twice still brings tokens.',
      `${advice} If the window is longer, say so with --grace.`,
    );
  } else if (newest.outcome === 'refreshed') {
    report.bad('reuse', 'A used refresh token is refused, but the session goes on.', advice);
  } else {
    report.ok('reuse', 'A used refresh token that comes again ends the session.');
  }
}
