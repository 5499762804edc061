import type { Mode } from '../../../dist/index.js';
import { Random } from '../../js/support/random.ts';

const HOWS = ['a tab closed', 'a renderer crashed', 'the browser killed'] as const;

const POINTS = [
  'before its refresh is sent',
  'while the server works',
  'with the answer on its way',
  'as the answer arrives',
  'when the answer is stored',
] as const;

interface Setting {
  readonly mode: Mode;
  /** Whether the server forgives that a token comes again whose answer was lost. */
  readonly grace: boolean;
}

const SETTINGS: readonly Setting[] = [
  { mode: 'bearer', grace: true },
  { mode: 'bearer', grace: false },
  { mode: 'cookie', grace: true },
  { mode: 'bearer', grace: true },
  { mode: 'hybrid', grace: true },
  { mode: 'bearer', grace: false },
  { mode: 'cookie', grace: false },
];

export interface Kill extends Setting {
  readonly number: number;
  readonly how: (typeof HOWS)[number];
  readonly point: (typeof POINTS)[number];
  /** The moments of this kill. */
  readonly random: Random;
}

/**
 * So many kills; the seed says with which to begin, and the moment of each. The lengths of the three
 * lists have no common divisor: 105 kills in a row are 105 different ones.
 */
export function planKills(seed: number, count: number): Kill[] {
  const begin = new Random(seed).below(HOWS.length * POINTS.length * SETTINGS.length);
  return Array.from({ length: count }, (_, index) => ({
    ...at(SETTINGS, begin + index),
    number: index + 1,
    how: at(HOWS, begin + index),
    point: at(POINTS, begin + index),
    random: new Random(seed + index),
  }));
}

function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}
