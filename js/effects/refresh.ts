// The effects `refresh` and `cancel_refresh`: asks the server, or the app's own function, for new
// tokens, and gives the answer as it came. What it means is the core's to say (R4, R6, R8).
import { MAX_RESPONSE_BYTES, OVERRIDE, OVERRIDES } from '#generated/abi';

import type { Fetch, RefreshEndpoint, RefreshFunction } from '../types.ts';
import { attempt, hasMethod } from '../values.ts';
import type { CsrfSource } from './csrf.ts';
import { postTokens } from './token_endpoint.ts';

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

export interface RefreshRequest {
  dialect: number;
  refreshToken: string;
  accessToken: string | null;
}

export interface Refresher {
  /** An answer, or where none came an OVERRIDE. Never rejects. */
  redeem(ticket: number, request: RefreshRequest): Promise<RefreshAnswer | number>;
  /** Its time is up (R9). The answer, if one comes, is still given. */
  cancel(ticket: number): void;
}

/** `csrf` in hybrid and cookie mode only. */
export function createRefresher(
  refresh: RefreshEndpoint | RefreshFunction,
  csrf: CsrfSource | undefined,
  fetch: Fetch,
): Refresher {
  // By the core's ticket.
  const running = new Map<number, AbortController>();

  async function ask(request: RefreshRequest, signal: AbortSignal): Promise<RefreshAnswer> {
    const { refreshToken } = request;
    if (typeof refresh === 'function') {
      const given = await refresh({ refreshToken: refreshToken || null, signal });
      return hasMethod(given, 'text') ? readAnswer(given) : madeAnswer(given);
    }
    const response = await postTokens(fetch, {
      ...request,
      endpoint: refresh,
      form: { grant_type: 'refresh_token', refresh_token: refreshToken },
      csrf,
      signal,
      keepalive: false,
    });
    return readAnswer(response, refresh.classify);
  }

  return {
    async redeem(ticket, request) {
      const controller = new AbortController();
      running.set(ticket, controller);
      try {
        const answer = await ask(request, controller.signal);
        // Longer than any token response: as if the network had failed.
        return isTooLarge(answer) ? answer[1] : answer;
      } catch (error) {
        // The app's function says so, or no answer came.
        const rejected = (error as { code?: unknown } | null)?.code === 'refresh_rejected';
        return rejected ? OVERRIDE.terminal : OVERRIDE.none;
      } finally {
        running.delete(ticket);
      }
    },
    cancel: (ticket) => running.get(ticket)?.abort(),
  };
}

async function readAnswer(
  response: Response,
  classify?: RefreshEndpoint['classify'],
): Promise<RefreshAnswer> {
  const { status, headers } = response;
  const body = await response.text();
  const verdict = response.ok ? undefined : classify?.(describeFailure(status, body));
  const override = OVERRIDES.indexOf(verdict ?? 'none');
  return [status, override, body, headers.get('retry-after') ?? '', headers.get('date') ?? ''];
}

// What the app's function gave instead of a Response. In cookie mode it may give nothing.
function madeAnswer(tokens: unknown): RefreshAnswer {
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
  return new Blob(answer.slice(2) as string[]).size > MAX_RESPONSE_BYTES;
}
