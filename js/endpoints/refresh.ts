// Asks the server, or the app's own function, for new tokens, and gives the answer as it came. What
// it means is the core's to say (R4, R6, R8).
import { INPUT_HEAD, MAX_RESPONSE_BYTES, OVERRIDE, OVERRIDES, REFRESH_CAUSE } from '#generated/abi';

import { fieldOf, statusOf } from '../platform/answer.ts';
import type { Fetch, RefreshEndpoint, RefreshFunction } from '../types.ts';
import { asJson, attempt, hasMethod, isObject } from '../values.ts';
import type { CsrfSource } from './csrf.ts';
import { readTokenAnswer, type AnswerOptions, type TokenAnswer } from './token_answer.ts';
import { postTokens, type SessionTokens } from './token_endpoint.ts';

/** What became of a refresh, as the core takes it. */
export interface RefreshAnswer {
  status: number;
  /** OVERRIDE */
  override: number;
  /** Whether the app's own function threw. */
  threw: boolean;
  body: string;
  identity: string;
  kept: string;
  keptAnew: string;
  /** Field values; empty where absent, or not to be read across origins. */
  retryAfter: string;
  date: string;
}

/** No answer came. */
export interface RefreshError {
  /** OVERRIDE */
  override: number;
  /** REFRESH_CAUSE */
  cause: number;
}

export interface RefreshSettings extends AnswerOptions {
  refresh: RefreshEndpoint | RefreshFunction;
  fetch: Fetch;
  /** Whether an answer is a success beyond doubt. */
  succeeds: (status: number, body: string) => boolean;
}

type Classify = RefreshEndpoint['classify'];

// In place of what the network threw, which is told apart from what the app's functions throw.
const NETWORK_FAILED = Symbol();

/** Asks, mostly one run at a time: one whose time is up may still be answered. */
export class Refresher {
  /** What the app's own function threw in the last run (R19). */
  thrown: unknown;
  /** Whether the app's refresh function is being called at this moment (R21). */
  calling = false;
  readonly #settings: RefreshSettings;
  readonly #csrf: CsrfSource | undefined;
  // By the core's run.
  readonly #running = new Map<number, AbortController>();
  #newest = 0;

  /** `csrf` in hybrid and cookie mode only. */
  constructor(settings: RefreshSettings, csrf: CsrfSource | undefined) {
    this.#settings = settings;
    this.#csrf = csrf;
  }

  /** Never rejects. */
  async redeem(run: number, tokens: SessionTokens): Promise<RefreshAnswer | RefreshError> {
    const controller = new AbortController();
    this.#running.set(run, controller);
    this.#newest = run;
    this.thrown = undefined;
    const noteThrown = (error: unknown): void => {
      if (run === this.#newest) this.thrown = error;
    };
    try {
      const answer = await this.#ask(tokens, controller.signal, noteThrown);
      return isTooLarge(answer) ? withoutTexts(answer) : answer;
    } catch (error) {
      if (error === NETWORK_FAILED) {
        return { override: OVERRIDE.none, cause: REFRESH_CAUSE.network };
      }
      noteThrown(error);
      // The app's function says so.
      const rejected = (error as { code?: unknown } | null)?.code === 'refresh_rejected';
      return {
        override: rejected ? OVERRIDE.terminal : OVERRIDE.none,
        cause: REFRESH_CAUSE.threw,
      };
    } finally {
      this.#running.delete(run);
    }
  }

  /** Its time is up (R9). The answer, if one comes, is still given. */
  cancel(run: number): void {
    this.#running.get(run)?.abort();
  }

  async #ask(
    tokens: SessionTokens,
    signal: AbortSignal,
    noteThrown: (error: unknown) => void,
  ): Promise<RefreshAnswer> {
    const { refresh, fetch } = this.#settings;
    const make = (answer: Answer, classify?: Classify): RefreshAnswer => {
      const made = this.#make(answer, tokens.kept, classify);
      if (made.thrown) noteThrown(made.thrown.error);
      return made.answer;
    };
    if (typeof refresh === 'function') {
      const given = await this.#call(refresh, tokens, signal);
      if (hasMethod(given, 'text')) return make(await readAnswer(given));
      return make({ ...NO_FIELDS, status: 200, json: given, body: JSON.stringify(given) || '' });
    }
    const response = await postTokens((input, init) => overNetwork(() => fetch(input, init)), {
      ...tokens,
      endpoint: refresh,
      form: { grant_type: 'refresh_token', refresh_token: tokens.refreshToken },
      csrf: this.#csrf,
      signal,
      // R25: the browser is to take the new cookie, though the page may be gone by then.
      keepalive: this.#csrf !== undefined,
    });
    return make(await readAnswer(response), refresh.classify);
  }

  #call(
    refresh: RefreshFunction,
    { refreshToken, accessToken }: SessionTokens,
    signal: AbortSignal,
  ): ReturnType<RefreshFunction> {
    this.calling = true;
    try {
      return refresh({
        refreshToken: refreshToken || null,
        accessToken: accessToken || null,
        signal,
        fetch: this.#settings.fetch,
      });
    } finally {
      this.calling = false;
    }
  }

  // In cookie mode the body may be empty, and the app's function may give nothing.
  #make(
    { status, json, body, retryAfter, date }: Answer,
    kept: string,
    classify: Classify,
  ): { answer: RefreshAnswer; thrown: TokenAnswer['thrown'] } {
    const { succeeds, tokens } = this.#settings;
    const ok = status >= 200 && status < 300;
    const read =
      ok && isObject(json)
        ? readTokenAnswer(this.#settings, asJson(json), kept, (text) => succeeds(status, text))
        : undefined;
    const { identity = '', keptAnew = '', thrown } = read ?? {};
    const text = (tokens && read?.json) ?? body;
    const said = succeeds(status, text)
      ? undefined
      : classify?.(describeFailure(status, json, body));
    // What is no word of ours says nothing.
    const override = Math.max(OVERRIDES.indexOf(said ?? 'none'), OVERRIDE.none);
    const answer = {
      status,
      override,
      threw: thrown !== undefined,
      body: text,
      identity,
      kept: read?.kept || kept,
      keptAnew,
      retryAfter,
      date,
    };
    return { answer, thrown };
  }
}

interface Answer {
  status: number;
  /** undefined where the body is no JSON */
  json: unknown;
  body: string;
  retryAfter: string;
  date: string;
}

const NO_FIELDS = { retryAfter: '', date: '' };

async function readAnswer(response: Response): Promise<Answer> {
  const status = statusOf(response);
  const text: unknown = await overNetwork(() => response.text());
  const body = String(text);
  return {
    status,
    json: attempt(() => JSON.parse(body) as unknown),
    body,
    retryAfter: fieldOf(response, 'retry-after'),
    date: fieldOf(response, 'date'),
  };
}

async function overNetwork<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- never gets out of this module
    throw NETWORK_FAILED;
  }
}

function describeFailure(
  status: number,
  json: unknown,
  text: string,
): { status: number; error: string | undefined; body: unknown } {
  const error = (json as { error?: unknown } | null | undefined)?.error;
  return {
    status,
    error: typeof error === 'string' ? error : undefined,
    body: json === undefined ? text : json,
  };
}

function textsOf({ body, identity, kept, keptAnew, retryAfter, date }: RefreshAnswer): string[] {
  return [body, identity, kept, keptAnew, retryAfter, date];
}

function isTooLarge(answer: RefreshAnswer): boolean {
  // Not the size of a Blob: Chromium asks another process for one.
  const { length } = new TextEncoder().encode(textsOf(answer).join(''));
  return length > MAX_RESPONSE_BYTES - INPUT_HEAD.size;
}

// It is longer than any token response: it passes.
function withoutTexts({ status, override }: RefreshAnswer): RefreshAnswer {
  return {
    ...NO_FIELDS,
    status,
    override: override || OVERRIDE.transient,
    threw: false,
    body: '',
    identity: '',
    kept: '',
    keptAnew: '',
  };
}
