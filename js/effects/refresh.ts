// The effects `refresh` and `cancel_refresh`: asks the server, or the app's own function, for new
// tokens, and gives the answer as it came. What it means is the core's to say (R4, R6, R8).
import { OVERRIDE } from '#generated/abi';

import type { Fetch, RefreshEndpoint, RefreshFunction } from '../types.ts';
import type { CsrfSource } from './csrf.ts';
import { postTokens } from './token_endpoint.ts';

/** An answer of the server, for handle_token_response; `override` is an OVERRIDE. */
export interface RefreshAnswer {
  status: number;
  override: number;
  body: string;
  /** Field values; empty where absent, or not to be read across origins. */
  retryAfter: string;
  date: string;
}

/** What came of a refresh: an answer, or none and an OVERRIDE. */
export type RefreshResult = { answer: RefreshAnswer } | { answer: undefined; override: number };

export interface RefreshRequest {
  dialect: number;
  refreshToken: string;
  accessToken: string | null;
}

export class Refresher {
  readonly #refresh: RefreshEndpoint | RefreshFunction;
  readonly #csrf: CsrfSource | undefined;
  readonly #fetch: Fetch;
  // By the core's ticket.
  readonly #running = new Map<number, AbortController>();

  /** `csrf` in hybrid and cookie mode only. */
  constructor(
    refresh: RefreshEndpoint | RefreshFunction,
    csrf: CsrfSource | undefined,
    fetch: Fetch,
  ) {
    this.#refresh = refresh;
    this.#csrf = csrf;
    this.#fetch = fetch;
  }

  /** Never rejects. */
  async redeem(ticket: number, request: RefreshRequest): Promise<RefreshResult> {
    const controller = new AbortController();
    this.#running.set(ticket, controller);
    try {
      return { answer: await this.#ask(request, controller.signal) };
    } catch (error) {
      // The app's function says so, or no answer came.
      const rejected = (error as { code?: unknown } | null)?.code === 'refresh_rejected';
      return { answer: undefined, override: rejected ? OVERRIDE.terminal : OVERRIDE.none };
    } finally {
      this.#running.delete(ticket);
    }
  }

  /** Its time is up (R9). The answer, if one comes, is still given. */
  cancel(ticket: number): void {
    this.#running.get(ticket)?.abort();
  }

  async #ask(request: RefreshRequest, signal: AbortSignal): Promise<RefreshAnswer> {
    const refresh = this.#refresh;
    const { refreshToken } = request;
    if (typeof refresh === 'function') {
      const given = await refresh({ refreshToken: refreshToken || null, signal });
      return isResponse(given) ? readAnswer(given, undefined) : madeAnswer(given);
    }
    const response = await postTokens(this.#fetch, {
      endpoint: refresh,
      ...request,
      form: { grant_type: 'refresh_token', refresh_token: refreshToken },
      csrf: this.#csrf,
      signal,
      keepalive: false,
    });
    return readAnswer(response, refresh.classify);
  }
}

async function readAnswer(
  response: Response,
  classify: RefreshEndpoint['classify'],
): Promise<RefreshAnswer> {
  const { status, headers } = response;
  const body = await response.text();
  const verdict = response.ok ? undefined : classify?.(describeFailure(status, body));
  return {
    status,
    override: OVERRIDE[verdict ?? 'none'],
    body,
    retryAfter: headers.get('retry-after') ?? '',
    date: headers.get('date') ?? '',
  };
}

// What the app's function gave instead of a Response. In cookie mode it may give nothing.
function madeAnswer(tokens: unknown): RefreshAnswer {
  const body = (JSON.stringify(tokens) as string | undefined) ?? '';
  return { status: 200, override: OVERRIDE.none, body, retryAfter: '', date: '' };
}

function describeFailure(
  status: number,
  text: string,
): { status: number; error: string | undefined; body: unknown } {
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // As text, then.
  }
  const error = (body as { error?: unknown } | null)?.error;
  return { status, error: typeof error === 'string' ? error : undefined, body };
}

// By its shape: an app's Response may be that of another realm or library.
function isResponse(value: unknown): value is Response {
  return (
    typeof value === 'object' &&
    value !== null &&
    'headers' in value &&
    'text' in value &&
    typeof value.text === 'function'
  );
}
