// What a trial has shown, in words.
import type { GridCell, Verdict } from '../../parts/grid.ts';
import type { How, Loot, Taken } from './loot.ts';
import type { AtHome, Trial } from './trial.ts';

export const HEADS = [
  'Kept in',
  'It read at once',
  'While it ran',
  'It took home',
  'What that does there',
  'If it comes back later',
] as const;

export function cellsOf({ open, later, home }: Trial): readonly GridCell[] {
  return [
    { text: kindsOf(open, 'read'), verdict: verdictOn(open, 'read') },
    { text: deedsOf(open), verdict: open.acted === null ? 'good' : 'bad' },
    { text: kindsOf(open), verdict: verdictOn(open) },
    atHome(home),
    comingBack(later),
  ];
}

/** What was taken, in the order of the taking: the beginning of each token, for who wants to see it. */
export function listOf({ open }: Trial): readonly string[] {
  return open.taken.map(
    ({ kind, value, how }) => `${kind} token ${value.slice(0, 16)}… (${HOW[how]})`,
  );
}

const HOW: Readonly<Record<How, string>> = {
  read: 'read in a storage',
  heard: 'heard on its way',
  asked: 'asked the server for it',
};

function deedsOf({ taken, asked, acted }: Loot): string {
  const heard = taken.filter(({ how }) => how === 'heard');
  const deeds = [
    ...(heard.length > 0 ? [`It listened to fetch and heard ${naming(heard)}.`] : []),
    ...(asked ? ['It asked for a refresh, and the server agreed.'] : []),
    acted === null ? 'The API refused it.' : `It called the API as ${acted}.`,
  ];
  return deeds.join(' ');
}

function atHome({ called, renewed }: AtHome): GridCell {
  if (renewed) {
    return { text: 'It called the API, and got new tokens whenever it liked.', verdict: 'bad' };
  }
  return called
    ? { text: 'It called the API, until the token expires.', verdict: 'partly' }
    : { text: 'Nothing works there.', verdict: 'good' };
}

function comingBack(later: Loot): GridCell {
  if (later.acted === null) return { text: 'Nothing to find.', verdict: 'good' };
  const found = later.taken.length === 0 ? 'No token' : sentence(naming(later.taken));
  const means = later.taken.some(({ how }) => how === 'asked') ? ', given by the server' : '';
  return {
    text: `${found}${means}. It called the API as ${later.acted}.`,
    verdict: verdictOn(later) === 'good' ? 'partly' : verdictOn(later),
  };
}

function of(loot: Loot, how?: How): readonly Taken[] {
  return how === undefined ? loot.taken : loot.taken.filter((one) => one.how === how);
}

function kindsOf(loot: Loot, how?: How): string {
  return sentence(naming(of(loot, how)));
}

function verdictOn(loot: Loot, how?: How): Verdict {
  const taken = of(loot, how);
  if (taken.some(({ kind }) => kind === 'refresh')) return 'bad';
  return taken.length > 0 ? 'partly' : 'good';
}

function naming(taken: readonly Taken[]): string {
  const kinds = new Set(taken.map(({ kind }) => kind));
  if (kinds.size === 2) return 'both tokens';
  if (kinds.has('refresh')) return 'the refresh token';
  return kinds.has('access') ? 'the access token' : 'nothing';
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
