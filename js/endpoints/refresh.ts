// Asks the server, or the app's own function, for new tokens, and gives the answer as it came. What
// it means is the core's to say (R4, R6, R8).
import {
  INPUT_HEAD,
  MAX_RESPONSE_BYTES,
  MODE,
  OVERRIDE,
  OVERRIDES,
  REFRESH_CAUSE,
} from '#generated/abi';

import { fieldOf, statusOf } from '../platform/answer.ts';
import type { Fetch, RefreshEndpoint, RefreshFunction } from '../types.ts';
import { attempt, hasMethod, isObject } from '../values.ts';
import type { CsrfSource } from './csrf.ts';
import { readTokenAnswer, type AnswerOptions } from './token_answer.ts';
import { postTokens, type SessionTokens } from './token_endpoint.ts';

/**
 * An answer of the server, as the core takes it; `override` is an OVERRIDE, and the field values
 * are empty where absent, or not to be read across origins.
 */
export type RefreshAnswer = [
  status: number,
  override: number,
  threw: number,
  body: string,
  identity: string,
  kept: string,
  keptAnew: string,
  retryAfter: string,
  date: string,
];

/** None came: an OVERRIDE, and a REFRESH_CAUSE. */
export type RefreshError = [override: number, cause: number];

export interface RefreshSettings extends AnswerOptions {
  refresh: RefreshEndpoint | RefreshFunction;
  /** MODE */
  mode: number;
  fetch: Fetch;
}

/** Asks, one run at a time. */
export class Refresher {
  /** What the app's own function threw in the last run (R19). */
  thrown: unknown;
  /** Whether the app's refresh function is being called at this moment (R21). */
  calling = false;
  readonly #settings: RefreshSettings;
  readonly #csrf: CsrfSource | undefined;
  // By the core's run.
  readonly #running = new Map<number, AbortController>();
  // The fault of whom it would be if something threw now: a REFRESH_CAUSE.
  #blame: number = REFRESH_CAUSE.threw;

  /** `csrf` in hybrid and cookie mode only. */
  constructor(settings: RefreshSettings, csrf: CsrfSource | undefined) {
    this.#settings = settings;
    this.#csrf = csrf;
  }

  /** Never rejects. */
  async redeem(run: number, tokens: SessionTokens): Promise<RefreshAnswer | RefreshError> {
    const controller = new AbortController();
    this.#running.set(run, controller);
    this.thrown = undefined;
    this.#blame = REFRESH_CAUSE.threw;
    try {
      const answer = await this.#ask(tokens, controller.signal);
      if (!isTooLarge(answer)) return answer;
      // Longer than any token response: it passes.
      const [status, override] = answer;
      return [status, override || OVERRIDE.transient, 0, '', '', '', '', '', ''];
    } catch (error) {
      const cause = this.#blame;
      if (cause === REFRESH_CAUSE.threw) this.thrown = error;
      // The app's function says so.
      const rejected = (error as { code?: unknown } | null)?.code === 'refresh_rejected';
      return [rejected ? OVERRIDE.terminal : OVERRIDE.none, cause];
    } finally {
      this.#running.delete(run);
    }
  }

  /** Its time is up (R9). The answer, if one comes, is still given. */
  cancel(run: number): void {
    this.#running.get(run)?.abort();
  }

  async #ask(tokens: SessionTokens, signal: AbortSignal): Promise<RefreshAnswer> {
    const { refresh, fetch } = this.#settings;
    const { refreshToken } = tokens;
    if (typeof refresh === 'function') {
      const given = await this.#call(refresh, tokens, signal);
      return hasMethod(given, 'text')
        ? this.#read(given, tokens)
        : this.#make(200, given, JSON.stringify(given) || '', tokens);
    }
    const response = await postTokens(
      (input, init) => {
        this.#blame = REFRESH_CAUSE.network;
        return fetch(input, init);
      },
      {
        ...tokens,
        endpoint: refresh,
        form: { grant_type: 'refresh_token', refresh_token: refreshToken },
        csrf: this.#csrf,
        signal,
        // R25: the browser is to take the new cookie, though the page may be gone by then.
        keepalive: this.#csrf !== undefined,
      },
    );
    return this.#read(response, tokens, refresh.classify);
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

  async #read(
    response: Response,
    tokens: SessionTokens,
    classify?: RefreshEndpoint['classify'],
  ): Promise<RefreshAnswer> {
    const status = statusOf(response);
    this.#blame = REFRESH_CAUSE.network;
    const text: unknown = await response.text();
    this.#blame = REFRESH_CAUSE.threw;
    const body = String(text);
    const json = attempt(() => JSON.parse(body) as unknown);
    const answer = this.#make(status, json, body, tokens, classify);
    answer[7] = fieldOf(response, 'retry-after');
    answer[8] = fieldOf(response, 'date');
    return answer;
  }

  // In cookie mode the body may be empty, and the app's function may give nothing.
  #make(
    status: number,
    json: unknown,
    body: string,
    { kept }: SessionTokens,
    classify?: RefreshEndpoint['classify'],
  ): RefreshAnswer {
    const needsToken = this.#settings.mode !== MODE.cookie;
    const ok = status >= 200 && status < 300;
    const read =
      ok && isObject(json) ? readTokenAnswer(this.#settings, json, kept, needsToken) : undefined;
    const { identity = '', keptAnew = '', thrown } = read ?? {};
    if (thrown) this.thrown = thrown.error;
    const success = read?.complete ?? (ok && !needsToken && body === '');
    const said = success ? undefined : classify?.(describeFailure(status, json, body));
    // What is no word of ours says nothing.
    const override = Math.max(OVERRIDES.indexOf(said ?? 'none'), OVERRIDE.none);
    const text = (this.#settings.tokens && read?.json) ?? body;
    const keptNow = read?.kept || kept;
    return [
      status,
      override,
      Number(thrown !== undefined),
      text,
      identity,
      keptNow,
      keptAnew,
      '',
      '',
    ];
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

function isTooLarge(answer: RefreshAnswer): boolean {
  return new Blob(answer.slice(3) as string[]).size > MAX_RESPONSE_BYTES - INPUT_HEAD.size;
}
