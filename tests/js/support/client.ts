// A client of a test server, and what it tells.
import type { TestContext } from 'node:test';

import {
  type AuthClient,
  type AuthClientOptions,
  type AuthEventDetails,
  type AuthEventType,
  createAuthClient,
} from 'bearerkit';

import type { AuthServer, DialectName } from './auth_server.ts';
import type { HttpServer } from './http_server.ts';
import { until } from './wait.ts';

type Told = Exclude<AuthEventType, 'timeline'>;

// All that there are: with one too few it does not compile.
const EVENTS = Object.keys({
  signedin: 0,
  signedout: 0,
  refreshed: 0,
  refreshfailed: 0,
  warning: 0,
  challenge: 0,
} satisfies Record<Told, 0>) as Told[];

/** Every event of a client, in order. The timeline only when asked for: listening turns it on. */
export class Events {
  readonly all: { type: AuthEventType; detail: unknown }[] = [];

  constructor(auth: AuthClient, withTimeline = false) {
    for (const type of withTimeline ? ([...EVENTS, 'timeline'] as const) : EVENTS) {
      auth.addEventListener(type, (event) => this.all.push({ type, detail: event.detail }));
    }
  }

  of<Type extends AuthEventType>(type: Type): AuthEventDetails[Type][] {
    return this.all.filter((e) => e.type === type).map((e) => e.detail as AuthEventDetails[Type]);
  }

  count(type: AuthEventType): number {
    return this.of(type).length;
  }

  /** Why sessions ended, so far. */
  get reasons(): string[] {
    return this.of('signedout').map(({ reason }) => reason);
  }

  async until(type: AuthEventType, count = 1): Promise<void> {
    await until(() => this.count(type) >= count, `${count} events ${type}`);
  }
}

export interface TestClient {
  readonly auth: AuthClient;
  readonly events: Events;
}

/** A client that refreshes at `server`, closed when the test ends. */
export function startClient(
  t: TestContext,
  server: HttpServer,
  options: AuthClientOptions = {},
): TestClient {
  const auth = createAuthClient({
    refresh: server.url('/refresh'),
    origins: [server.origin],
    ...options,
  });
  t.after(() => auth.close());
  return { auth, events: new Events(auth) };
}

/** The same, with somebody signed in. */
export async function signIn(
  t: TestContext,
  server: AuthServer,
  options: AuthClientOptions = {},
  dialect: DialectName = 'oauth',
): Promise<TestClient> {
  const client = startClient(t, server, options);
  await client.auth.setTokens(server.signIn(dialect));
  return client;
}

/** Makes calls with a token that `server` refuses, and lets the refresh go on when all have heard so. */
export async function refusedTogether(
  server: HttpServer,
  auth: AuthClient,
  calls: () => readonly Promise<unknown>[],
): Promise<void> {
  const refresh = server.hold('/refresh');
  const moments = new Events(auth, true);
  const made = calls();
  const refused = (): number =>
    moments.of('timeline').filter(({ cause }) => cause === 'unauthorized').length;
  await until(() => refused() === made.length, 'all calls are refused');
  refresh.open();
  await Promise.all(made);
}

/** A device's clock, to be set at will. */
export class Clock {
  #offset = 0;

  now(): number {
    return Date.now() + this.#offset;
  }

  advance(seconds: number): void {
    this.#offset += seconds * 1000;
  }
}

export const YEAR: number = 365 * 24 * 3600;
