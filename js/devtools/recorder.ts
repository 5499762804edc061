// From events to the story. Decides nothing about tokens: the client has decided, this only listens.
import type { AuthEventDetails, TimelineCause } from '../types.ts';
import { wordsOfCause } from './words.ts';
import type { Call, CallEnd, Doing, Episode, Moment, Refresh, RefreshEnd, Step } from './story.ts';

/** So long after the last thing another one begins a new episode. */
export const SILENCE_MS = 1000;
const MOST_EPISODES = 50;
const MOST_CALLS = 500;

const CALL_ENDS: Partial<Record<TimelineCause, CallEnd>> = {
  request_delivered: 'delivered',
  request_failed: 'failed',
  request_aborted: 'aborted',
  request_settled: 'settled',
  request_plain: 'plain',
};
const REFRESH_ENDS: Partial<Record<TimelineCause, RefreshEnd>> = {
  refresh_succeeded: 'succeeded',
  refresh_terminal: 'refused',
  refresh_transient: 'failed',
  record_adopted: 'adopted',
  result_dropped: 'dropped',
};

export class Recorder {
  readonly episodes: Episode[] = [];
  // By the client's number, which may come again.
  readonly #open = new Map<number, Call>();
  #refresh: Refresh | undefined;
  #calls = 0;
  #refreshes = 0;
  // When anything happened last.
  #last = 0;

  clear(): void {
    this.episodes.length = 0;
    this.#open.clear();
    this.#refresh = undefined;
    this.#calls = this.#refreshes = 0;
  }

  /** The client is no longer listened to: nobody will tell how what goes on has ended. */
  forgetOpen(): void {
    for (const call of this.#open.values()) {
      call.to = this.#last;
      this.#finish(call, this.#last, 0);
    }
    this.#open.clear();
    this.#refresh = undefined;
  }

  /** An event `timeline`. */
  moment(moment: Moment): void {
    const { cause, request, at } = moment;
    // Of a token that was at hand there is nothing to tell.
    if (cause === 'request_settled' && !this.#open.has(request)) return;
    if (request !== 0) this.#ofCall(moment);
    else if (cause !== 'lock_wanted') this.#ofRefresh(moment);
    // Or it is asked for once more, to take it from a tab that does not answer.
    else if (this.#refresh === undefined) this.#begin(moment);
    this.#last = at;
  }

  /** An event `refreshfailed`, which follows its moment. */
  failed({ retryAt, cause }: AuthEventDetails['refreshfailed']): void {
    const refresh = this.episodes.at(-1)?.refreshes.at(-1);
    if (refresh === undefined) return;
    refresh.retryAt = retryAt;
    refresh.cause = cause ? wordsOfCause(cause) : '';
  }

  /** Anything else: at the time of the last moment, since it has none of its own. */
  note(text: string, now: number): void {
    const at = now - this.#last > SILENCE_MS ? now : this.#last;
    // It needs no diagram of its own.
    const episode = this.episodes.at(-1) ?? this.#episode(at);
    episode.notes.push({ at, text });
  }

  /** Whether anything goes on. */
  get busy(): boolean {
    return this.#open.size > 0 || this.#refresh !== undefined;
  }

  // ---- calls ----

  #ofCall({ cause, request, method, status, at }: Moment): void {
    const call = this.#open.get(request) ?? this.#newCall(request, method, at);
    this.#finish(call, at, status);
    const end = CALL_ENDS[cause];
    if (end !== undefined) {
      call.to = at;
      call.end = end;
      this.#open.delete(request);
    } else if (cause === 'request_waits' || cause === 'unauthorized') this.#step(call, 'waits', at);
    else this.#step(call, call.steps.some(isSent) ? 'again' : 'sent', at);
  }

  #newCall(request: number, method: string, from: number): Call {
    const episode = this.#episode(from);
    const number = ++this.#calls;
    const call: Call = { number, method, from, to: undefined, end: undefined, steps: [] };
    episode.calls.push(call);
    if (episode.calls.length > MOST_CALLS) episode.calls.shift();
    this.#open.set(request, call);
    return call;
  }

  #step(call: Call, doing: Doing, from: number): void {
    const refresh = doing === 'waits' ? this.#refresh : undefined;
    call.steps.push({ doing, from, to: undefined, status: 0, refresh });
  }

  #finish({ steps }: Call, at: number, status: number): void {
    const step = steps.at(-1);
    if (step === undefined) return;
    step.to ??= at;
    step.status ||= status;
    // A 401 that is delivered, or sent again at once, has waited for nothing.
    if (step.doing === 'waits' && step.refresh === undefined && step.from === at) steps.pop();
  }

  // ---- refreshes ----

  #begin({ at, generation }: Moment): void {
    const refresh: Refresh = {
      number: ++this.#refreshes,
      from: at,
      sent: undefined,
      to: undefined,
      end: undefined,
      generation,
      cause: '',
      retryAt: 0,
    };
    // Before it is the one that runs: it may begin an episode.
    this.#episode(at).refreshes.push(refresh);
    this.#refresh = refresh;
    // The 401 that asked for it was told before it.
    for (const call of this.#open.values()) {
      const step = call.steps.at(-1);
      if (step?.doing === 'waits' && step.to === undefined) step.refresh ??= refresh;
    }
  }

  #ofRefresh({ cause, at, generation }: Moment): void {
    const refresh = this.#refresh;
    if (refresh === undefined) return;
    if (cause === 'refresh_sent') refresh.sent = at;
    const ends = cause === 'session_ended' || cause === 'session_started';
    const end = ends ? 'overtaken' : REFRESH_ENDS[cause];
    if (end === undefined) return;
    refresh.to = at;
    refresh.end = end;
    refresh.generation = generation;
    // What another tab has got may be told after what was dropped for it.
    if (end !== 'dropped') this.#refresh = undefined;
  }

  // ---- episodes ----

  // The one that something at this time belongs to.
  #episode(at: number): Episode {
    const last = this.episodes.at(-1);
    const waitsUntil = last?.refreshes.at(-1)?.retryAt ?? 0;
    const pause = at - Math.max(this.#last, Number.isFinite(waitsUntil) ? waitsUntil : 0);
    if (last && (this.busy || pause <= SILENCE_MS)) return last;
    const next: Episode = { calls: [], refreshes: [], notes: [] };
    this.episodes.push(next);
    if (this.episodes.length > MOST_EPISODES) this.episodes.shift();
    return next;
  }
}

const isSent = ({ doing }: Step): boolean => doing !== 'waits';
