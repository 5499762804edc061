// Where everything stands in the diagram: time goes to the right, each call has a row, and a refresh
// is one bar above them from which a band hangs down through all rows.
import type { Call, Episode, Refresh, Step } from './story.ts';

/** The calls of one episode have labels up to this many; more are drawn thinner. */
export const MOST_LABELLED = 30;

export interface Bar {
  readonly x: number;
  readonly width: number;
}

export interface StepBar extends Bar {
  readonly step: Step;
}

export interface Row {
  readonly call: Call;
  /** The middle of it. */
  readonly y: number;
  readonly labelled: boolean;
  readonly steps: readonly StepBar[];
}

export interface RefreshBar extends Bar {
  readonly refresh: Refresh;
  /** When the backoff after it ends; 0: there is none. */
  readonly backoff: number;
}

export interface Tick {
  readonly x: number;
  readonly text: string;
}

export interface Layout {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly height: number;
  /** Where the rows begin: left of it stand their names, above it the refreshes. */
  readonly left: number;
  readonly top: number;
  readonly rowHeight: number;
  readonly rows: readonly Row[];
  readonly refreshes: readonly RefreshBar[];
  readonly ticks: readonly Tick[];
}

const LEFT = 76;
const RIGHT = 44;
const TOP = 64;
const BOTTOM = 8;
const ROW = 18;
const THIN_ROW = 7;
// What took no time at all is seen, too.
const LEAST = 2;

/** `now` is the end of what goes on. */
export function layOut(episode: Episode, width: number, now: number): Layout {
  const { calls, refreshes } = episode;
  const [from, to] = spanOf(episode, now);
  const room = Math.max(width - LEFT - RIGHT, 40);
  const xOf = (time: number): number =>
    LEFT + (room * (Math.min(Math.max(time, from), to) - from)) / (to - from);
  const barOf = (begin: number, end = now): Bar => {
    const x = xOf(begin);
    return { x, width: Math.max(xOf(end) - x, LEAST) };
  };
  const dense = calls.length > MOST_LABELLED;
  const rowHeight = dense ? THIN_ROW : ROW;
  return {
    from,
    to,
    width: LEFT + room + RIGHT,
    height: TOP + calls.length * rowHeight + BOTTOM,
    left: LEFT,
    top: TOP,
    rowHeight,
    rows: calls.map((call, index) => ({
      call,
      y: TOP + (index + 0.5) * rowHeight,
      labelled: !dense || index === 0 || (index + 1) % 10 === 0,
      steps: call.steps.map((step) => ({ step, ...barOf(step.from, step.to) })),
    })),
    refreshes: refreshes.map((refresh) => {
      const waits = refresh.end === 'failed' && refresh.retryAt > (refresh.to ?? 0);
      return {
        refresh,
        ...barOf(refresh.from, refresh.to),
        backoff: waits ? xOf(refresh.retryAt) : 0,
      };
    }),
    ticks: ticksOf(from, to, room, xOf),
  };
}

/** From its begin to its end, or to now while it lasts. Never empty. */
export function spanOf({ calls, refreshes, notes }: Episode, now: number): [number, number] {
  const spans = [...calls, ...refreshes];
  // A sign-out may come much later than all else.
  const first = notes[0]?.at ?? now;
  const from = spans.length === 0 ? first : Math.min(...spans.map((span) => span.from));
  return [from, Math.max(from + 1, ...spans.map((span) => span.to ?? now))];
}

// Three to six round times.
function ticksOf(from: number, to: number, room: number, xOf: (time: number) => number): Tick[] {
  const most = room > 400 ? 6 : 3;
  const least = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least) ?? least;
  const whole = Math.max(step, 1);
  const ticks: Tick[] = [];
  for (let time = 0; time <= to - from; time += whole) {
    const text = to - from < 2000 ? `${Math.round(time)} ms` : `${+(time / 1000).toFixed(1)} s`;
    ticks.push({ x: xOf(from + time), text });
  }
  return ticks;
}
