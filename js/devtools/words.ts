// The story in words: for the log, for what is pointed at, and for who hears the diagram read out.
import type { RefreshCause } from '../errors.ts';
import type { Call, Episode, Refresh, RefreshEnd, Step } from './story.ts';

/** A line of the log. */
export interface Line {
  /** `GET #3`, `Refresh #1`. */
  readonly name: string;
  /** `401 → refresh #1 → sent again 200`. */
  readonly text: string;
  /** `41 ms`; empty for what takes no time. */
  readonly took: string;
  readonly at: number;
}

const REFRESH_ENDS: Record<RefreshEnd, string> = {
  succeeded: 'succeeded',
  refused: 'refused for good',
  failed: 'failed for the moment',
  adopted: 'not needed: another tab had new tokens',
  dropped: 'answered, and its answer was dropped',
  overtaken: 'overtaken: the session ended or another began',
};

const CALL_ENDS = {
  failed: 'no answer',
  aborted: 'aborted',
  settled: 'done',
  plain: 'sent without a token',
  delivered: '',
} as const;

export function nameOf({ method, number }: Call): string {
  return `${method || 'Call'} #${number}`;
}

/** `status 503`: why a refresh failed, in the client's words. */
export function wordsOfCause({ kind, status, error }: RefreshCause): string {
  return [kind, status, error].filter(Boolean).join(' ');
}

/** `GET #3 401 → refresh #1 → sent again 200, 41 ms` */
export function sentenceOf({ name, text, took }: Line): string {
  return `${name} ${text}${took && `, ${took}`}`;
}

export function lineOfCall(call: Call): Line {
  const parts = call.steps.map((step, index) => ofStep(step, index, call));
  const { end } = call;
  const last = wordOf(call);
  // What was refused and not sent again is delivered as it is.
  if (end === 'delivered' && call.steps.at(-1)?.doing === 'waits')
    parts.push(`${statusOf(call)} delivered`);
  else if (last !== '') parts.push(last);
  return {
    name: nameOf(call),
    text: parts.filter(Boolean).join(' → '),
    took: tookOf(call.from, call.to),
    at: call.from,
  };
}

const wordOf = ({ end }: Call): string => (end === undefined ? 'under way' : CALL_ENDS[end]);

function ofStep(step: Step, index: number, { method, end }: Call): string {
  const status = step.status === 0 ? '' : String(step.status);
  if (step.doing === 'again') return `sent again ${status}`.trim();
  // The first answer needs no word before it.
  if (step.doing === 'sent') return index === 0 || method === '' ? status : `sent ${status}`.trim();
  if (step.refresh !== undefined) return `refresh #${step.refresh.number}`;
  return end === undefined ? 'waits' : 'waited';
}

/** What the caller has got, or the last answer. */
export function statusOf({ steps }: Call): number {
  return steps.reduce((last, { status }) => status || last, 0);
}

export function lineOfRefresh(refresh: Refresh): Line {
  const { end, cause, generation, retryAt, to } = refresh;
  const parts = [end === undefined ? 'under way' : REFRESH_ENDS[end]];
  if (end === 'succeeded') parts.push(`token set ${generation}`);
  if (cause !== '') parts.push(cause);
  if (to !== undefined && retryAt > to && retryAt < Infinity)
    parts.push(`next one in ${tookOf(to, retryAt)}`);
  return {
    name: `Refresh #${refresh.number}`,
    text: parts.join(', '),
    took: tookOf(refresh.from, to),
    at: refresh.from,
  };
}

/** All of it, in the order in which it began. */
export function linesOf({ calls, refreshes, notes }: Episode): Line[] {
  const lines = [
    ...calls.map(lineOfCall),
    ...refreshes.map(lineOfRefresh),
    ...notes.map(({ at, text }) => ({ name: 'Session', text, took: '', at })),
  ];
  return lines.sort((a, b) => a.at - b.at);
}

/** `20 calls: 20 × 200, 1 refresh, 48 ms` */
export function summaryOf({ calls, refreshes }: Episode, from: number, to: number): string {
  const counts = new Map<string, number>();
  for (const call of calls) {
    const is = call.end === 'delivered' ? String(statusOf(call)) : wordOf(call);
    counts.set(is, (counts.get(is) ?? 0) + 1);
  }
  const ends = [...counts].map(([is, count]) => `${count} × ${is}`).join(', ');
  const ofCalls = `${plural(calls.length, 'call', 'calls')}${ends && `: ${ends}`}`;
  return [ofCalls, plural(refreshes.length, 'refresh', 'refreshes'), tookOf(from, to)].join(' · ');
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `41 ms`, `1.2 s`; empty for what has not ended. */
export function tookOf(from: number, to: number | undefined): string {
  if (to === undefined) return '';
  const ms = Math.max(0, to - from);
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
