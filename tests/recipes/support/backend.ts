// What is to be known of a backend, and a small server that plays it: one session, whose tokens count up.
import type { TestContext } from 'node:test';

import type { AuthClient, JwtPayload } from 'bearerkit';

import { type Answer, HttpServer, type Recorded } from '../../js/support/http_server.ts';

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

export interface Call {
  readonly path: string;
  /** Whether the server takes what was sent, with these tokens. */
  readonly takes: (request: Recorded, tokens: Tokens) => boolean;
}

export interface Backend {
  /** The recipe. `never`: each takes answers of its own kind. */
  readonly make: (origin: string) => AuthClient<JwtPayload, never>;
  readonly signedIn: (tokens: Tokens) => object;
  /** What the API says to an access token that has expired. */
  readonly expired: Readonly<Record<string, Answer>>;
  readonly refresh: Call & {
    /** Whether each refresh token can be used only once. */
    readonly rotates: boolean;
    readonly answer: (tokens: Tokens) => object;
    /** The ends of a session. The first one is for a token that has been used, or is unknown. */
    readonly refusals: Readonly<Record<string, Answer>>;
    /** Failures that pass. */
    readonly passing: Readonly<Record<string, Answer>>;
  };
  readonly signOut?: Call;
}

export const API = '/api/me';

export class BackendServer extends HttpServer {
  readonly #backend: Backend;
  #tokens: Tokens = { access: 'access-1', refresh: 'refresh-1' };
  #isExpired = false;
  #refusal: Answer = { status: 500 };
  #failure: Answer | undefined;

  constructor(backend: Backend) {
    super();
    this.#backend = backend;
    this.route(API, (request) => {
      const isGood = bearsToken(request, this.#tokens) && !this.#isExpired;
      return isGood ? { json: { me: 'ada' } } : this.#refusal;
    });
    this.route(backend.refresh.path, (request) => this.#refresh(request));
  }

  get tokens(): Tokens {
    return this.#tokens;
  }

  get refreshes(): number {
    return this.to(this.#backend.refresh.path).length;
  }

  /** The access token has expired, and the API says so. */
  expire(answer: Answer): void {
    this.#isExpired = true;
    this.#refusal = answer;
  }

  /** What a refresh gets in place of tokens, until it is undefined. */
  fail(answer: Answer | undefined): void {
    this.#failure = answer;
  }

  #refresh(request: Recorded): Answer {
    const { takes, rotates, answer, refusals } = this.#backend.refresh;
    if (this.#failure !== undefined) return this.#failure;
    if (!takes(request, this.#tokens)) return Object.values(refusals)[0] ?? { status: 500 };
    const count = Number(this.#tokens.access.split('-')[1]) + 1;
    this.#tokens = {
      access: `access-${count}`,
      refresh: rotates ? `refresh-${count}` : this.#tokens.refresh,
    };
    this.#isExpired = false;
    return { json: answer(this.#tokens) };
  }
}

export async function startBackend(t: TestContext, backend: Backend): Promise<BackendServer> {
  return new BackendServer(backend).listen(t);
}

export const json = ({ body }: Recorded): unknown =>
  body.length > 0 ? (JSON.parse(body.toString()) as unknown) : undefined;

export const form = ({ body }: Recorded): object =>
  Object.fromEntries(new URLSearchParams(body.toString()));

/** What a proxy answers in place of any server that is down. */
export const DOWN: Answer = {
  status: 503,
  headers: { 'Content-Type': 'text/html' },
  body: '<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>',
};

/** Of the access token alone. */
export const bearsToken = ({ headers }: Recorded, { access }: Tokens): boolean =>
  headers.authorization === `Bearer ${access}`;

/** A 401 with a challenge. */
export const challenged = (challenge: string, json?: unknown): Answer => ({
  status: 401,
  headers: { 'WWW-Authenticate': challenge },
  ...(json !== undefined && { json }),
});
