// Asks the server, or the app's own function, for new tokens, and gives the answer as it came. What
// it means is the core's to say (R4, R6, R8).
import { INPUT_HEAD, MAX_RESPONSE_BYTES, OVERRIDE, OVERRIDES, REFRESH_CAUSE } from '#generated/abi';

import { fieldOf, statusOf } from '../platform/answer.ts';
import type { Fetch, RefreshEndpoint, RefreshFunction } from '../types.ts';
import { encode } from '../utf8.ts';
import { attempt, hasMethod, isObject, toJson, type Members } from '../values.ts';
import type { CsrfSource } from './csrf.ts';
import { readTokenAnswer, type AnswerOptions } from './token_answer.ts';
import { postTokens, type SessionTokens } from './token_endpoint.ts';

/** What the app's own function threw. */
type Thrown = { error: unknown } | undefined;

/** What the server, or the app's own function, has answered. */
interface Answer {
  status: number;
  body: string;
  /** Field values; empty where absent, or not to be read across origins. */
  retryAfter: string;
  date: string;
}

/** The same, as the core takes it. */
export interface RefreshAnswer extends Answer {
  /** OVERRIDE */
  override: number;
  thrown: Thrown;
  identity: string;
  kept: string;
  keptAnew: string;
}

/** No answer came. */
export interface RefreshError {
  /** OVERRIDE */
  override: number;
  /** REFRESH_CAUSE */
  cause: number;
  thrown: Thrown;
}

export interface RefreshSettings extends AnswerOptions {
  refresh: RefreshEndpoint | RefreshFunction;
  fetch: Fetch;
  /** Whether an answer is a success beyond doubt. */
  succeeds: (status: number, body: string) => boolean;
}

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
    const answer = await this.#ask(tokens, controller.signal).catch(errorOf);
    this.#running.delete(run);
    if (run === this.#newest) this.thrown = answer.thrown?.error;
    return answer;
  }

  /** Its time is up (R9). The answer, if one comes, is still given. */
  cancel(run: number): void {
    this.#running.get(run)?.abort();
  }

  async #ask(tokens: SessionTokens, signal: AbortSignal): Promise<RefreshAnswer> {
    const { refresh, fetch } = this.#settings;
    if (typeof refresh === 'function') {
      const given = await this.#call(refresh, tokens, signal);
      return this.#read(
        hasMethod(given, 'text')
          ? await readAnswer(given)
          : { status: 200, body: toJson(given), retryAfter: '', date: '' },
        tokens.kept,
      );
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
    return this.#read(await readAnswer(response), tokens.kept, refresh.classify);
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
  #read(answer: Answer, kept: string, classify?: RefreshEndpoint['classify']): RefreshAnswer {
    const { succeeds, tokens } = this.#settings;
    const { status, body } = answer;
    const json = attempt(() => JSON.parse(body) as unknown);
    const ok = status >= 200 && status < 300;
    const read =
      ok && isObject(json)
        ? readTokenAnswer(this.#settings, { json: body, members: json as Members }, kept, (text) =>
            succeeds(status, text),
          )
        : undefined;
    const { identity = '', keptAnew = '', thrown } = read ?? {};
    const text = (tokens && read?.json) ?? body;
    const said = succeeds(status, text)
      ? undefined
      : classify?.(describeFailure(status, json, body));
    // What is no word of ours says nothing.
    const override = Math.max(OVERRIDES.indexOf(said ?? 'none'), OVERRIDE.none);
    return withinLimit({
      ...answer,
      override,
      thrown,
      body: text,
      identity,
      kept: read?.kept || kept,
      keptAnew,
    });
  }
}

async function readAnswer(response: Response): Promise<Answer> {
  const read = (): Promise<unknown> => response.text();
  // What rejects is the app's mistake where the app has the body, or had it.
  const taken = response.bodyUsed || response.body?.locked === true;
  const text = await (taken ? read() : overNetwork(read));
  return {
    status: statusOf(response),
    body: String(text),
    retryAfter: fieldOf(response, 'retry-after'),
    date: fieldOf(response, 'date'),
  };
}

function errorOf(error: unknown): RefreshError {
  if (error === NETWORK_FAILED) {
    return { override: OVERRIDE.none, cause: REFRESH_CAUSE.network, thrown: undefined };
  }
  // The app's function says so.
  const rejected = (error as { code?: unknown } | null)?.code === 'refresh_rejected';
  return {
    override: rejected ? OVERRIDE.terminal : OVERRIDE.none,
    cause: REFRESH_CAUSE.threw,
    thrown: { error },
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

// What is longer than any token response passes, without its texts.
function withinLimit(answer: RefreshAnswer): RefreshAnswer {
  const { override, body, identity, kept, keptAnew, retryAfter, date } = answer;
  const texts = [body, identity, kept, keptAnew, retryAfter, date].join('');
  // Not the size of a Blob: Chromium asks another process for one.
  const { length } = encode(texts);
  if (length <= MAX_RESPONSE_BYTES - INPUT_HEAD.size) return answer;
  return {
    ...answer,
    override: override || OVERRIDE.transient,
    thrown: undefined,
    ...{ body: '', identity: '', kept: '', keptAnew: '', retryAfter: '', date: '' },
  };
}
