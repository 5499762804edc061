// What was measured, as rows of the table; in each the session, the JWT alone, the JWT with a list.
import type { GridCell } from '../../parts/grid.ts';
import { duration } from '../../parts/time.ts';
import { type Figures, SHORT_LIFE_SECONDS } from './measure.ts';

export function figureRows(figures: Figures): readonly (readonly [string, readonly GridCell[]])[] {
  const { costs, tokenBytes, sessionBytes, ban, lifeSeconds } = figures;
  const inOrder = [costs.session, costs.withoutBlocklist, costs.withBlocklist];
  const alone =
    `${seconds(ban.tokenMs)} with a token of ${SHORT_LIFE_SECONDS} s, ` +
    `so up to ${duration(lifeSeconds)} with those of this server`;
  return [
    ['Time of a check', inOrder.map((cost) => ({ text: `${cost.medianMicroseconds} µs` }))],
    ['Lookups at each request', inOrder.map(({ lookups }) => ({ text: String(lookups) }))],
    [
      'Bytes in each request',
      [sessionBytes, tokenBytes, tokenBytes].map((bytes) => ({ text: `${bytes} bytes` })),
    ],
    [
      'A ban works after',
      [
        { text: seconds(ban.sessionMs), verdict: 'good' },
        { text: alone, verdict: 'bad' },
        { text: seconds(ban.blocklistMs), verdict: 'good' },
      ],
    ],
  ];
}

const seconds = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
