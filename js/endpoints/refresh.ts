// Asks the server, or the app's own function, for new tokens, and gives the answer as it came. What
// it means is the core's to say (R4, R6, R8).
import { INPUT_HEAD, MAX_RESPONSE_BYTES, OVERRIDE, OVERRIDES } from '#generated/abi';

import { fieldOf, statusOf } from '../platform/answer.ts';
import type { Fetch, RefreshEndpoint, RefreshFunction } from '../types.ts';
import { attempt, hasMethod } from '../values.ts';
import type { CsrfSource } from './csrf.ts';
import { postTokens, type SessionTokens } from './token_endpoint.ts';

/**
 * An answer of the server, as the core takes it; `override` is an OVERRIDE, and the field values
 * are empty where absent, or not to be read across origins.
 */
export type RefreshAnswer = [
  status: number,
  override: number,
  body: string,
  retryAfter: string,
  date: string,
];

export interface Refresher {
  /** Gives an answer, or an OVERRIDE where none came. Never rejects. */
  redeem(run: number, tokens: SessionTokens): Promise<RefreshAnswer | number>;
  /** Its time is up (R9). The answer, if one comes, is still given. */
  cancel(run: number): void;
}

/** `csrf` in hybrid and cookie mode only. */
export function createRefresher(
  refresh: RefreshEndpoint | RefreshFunction,
  csrf: CsrfSource | undefined,
  fetch: Fetch,
): Refresher {
  // By the core's run.
  const running = new Map<number, AbortController>();

  async function ask(tokens: SessionTokens, signal: AbortSignal): Promise<RefreshAnswer> {
    const { refreshToken } = tokens;
    if (typeof refresh === 'function') {
      const given = await refresh({ refreshToken: refreshToken || null, signal });
      return hasMethod(given, 'text') ? readAnswer(given) : makeAnswer(given);
    }
    const response = await postTokens(fetch, {
      ...tokens,
      endpoint: refresh,
      form: { grant_type: 'refresh_token', refresh_token: refreshToken },
      csrf,
      signal,
      // R25: the browser is to take the new cookie, though the page may be gone by then.
      keepalive: csrf !== undefined,
    });
    return readAnswer(response, refresh.classify);
  }

  return {
    async redeem(run, tokens) {
      const controller = new AbortController();
      running.set(run, controller);
      try {
        const answer = await ask(tokens, controller.signal);
        // Longer than any token response: as if the network had failed.
        return isTooLarge(answer) ? answer[1] : answer;
      } catch (error) {
        // The app's function says so, or no answer came.
        const rejected = (error as { code?: unknown } | null)?.code === 'refresh_rejected';
        return rejected ? OVERRIDE.terminal : OVERRIDE.none;
      } finally {
        running.delete(run);
      }
    },
    cancel: (run) => running.get(run)?.abort(),
  };
}

async function readAnswer(
  response: Response,
  classify?: RefreshEndpoint['classify'],
): Promise<RefreshAnswer> {
  const status = statusOf(response);
  const text: unknown = await response.text();
  const body = String(text);
  const said = response.ok ? undefined : classify?.(describeFailure(status, body));
  // What is no word of ours says nothing.
  const override = Math.max(OVERRIDES.indexOf(said ?? 'none'), OVERRIDE.none);
  const fields = [fieldOf(response, 'retry-after'), fieldOf(response, 'date')] as const;
  return [status, override, body, ...fields];
}

// What the app's function gave instead of a Response. In cookie mode it may give nothing.
function makeAnswer(tokens: unknown): RefreshAnswer {
  return [200, OVERRIDE.none, JSON.stringify(tokens) || '', '', ''];
}

function describeFailure(
  status: number,
  text: string,
): { status: number; error: string | undefined; body: unknown } {
  const json = attempt(() => JSON.parse(text) as unknown);
  const error = (json as { error?: unknown } | null | undefined)?.error;
  return {
    status,
    error: typeof error === 'string' ? error : undefined,
    body: json === undefined ? text : json,
  };
}

function isTooLarge(answer: RefreshAnswer): boolean {
  return new Blob(answer.slice(2) as string[]).size > MAX_RESPONSE_BYTES - INPUT_HEAD.size;
}
