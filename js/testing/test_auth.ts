// One test: an origin with its clock, its server, its network and its tabs.
import type { AuthClient, AuthClientOptions } from '../types.ts';
import type { TestAuth, TestAuthOptions } from '../types/testing.ts';
import { VirtualClock } from './clock.ts';
import { checkNumber, TestAuthError } from './errors.ts';
import { Network } from './network.ts';
import { ScriptedServer } from './server.ts';
import { createOrigin, openTab } from './tab.ts';

const START = Date.UTC(2030, 0, 1);

/** `createAuthClient` of the package. */
export type MakeClient = (options: AuthClientOptions) => AuthClient;

export function createTest(makeClient: MakeClient, options: TestAuthOptions): TestAuth {
  const { seed = 1, now = START, origin: href = originOfPage() } = options;
  checkSettings(options);
  const clock = new VirtualClock(Number(now));
  const origin = createOrigin(href, clock, seed);
  const server = new ScriptedServer(href, options, clock);
  const network = new Network(origin, server);
  const { faults } = network;
  const clients: AuthClient[] = [];

  const platform: TestAuth['platform'] = () =>
    openTab(origin, (...message) => network.send(...message)).platform;

  const open: TestAuth['openTab'] = (ofTab) => {
    const { storage, ...others } = platform();
    const client = makeClient({ storage, ...optionsOfClient(options), ...ofTab, ...others });
    clients.push(client);
    return client;
  };

  const auth = open();
  return {
    auth,
    clock,
    server,
    met: faults.met,
    platform,
    openTab: open,
    async signedIn({ claims } = {}) {
      await auth.setTokens(server.issue(claims));
      await clock.settle();
    },
    async expire() {
      const end = server.sessions.end();
      if (end === undefined) {
        const message = 'No access token is left to expire. Call signedIn() first.';
        throw new TestAuthError('signed_out', message);
      }
      await clock.sleepUntil(end);
    },
    revoke: () => server.sessions.revokeAccess(),
    refuseNext: (error = 'invalid_grant') => void server.refusals.push(error),
    goOffline: () => network.goOffline(),
    goOnline: () => network.goOnline(),
    failNext: (fault, to) => faults.next(fault, to),
    faults: (wanted) => faults.set(wanted),
    close() {
      for (const client of clients) client.close();
      network.close();
      clock.stop();
    },
  };
}

// Without those that are the test's own.
function optionsOfClient(options: TestAuthOptions): AuthClientOptions {
  const own = ['seed', 'now', 'origin', 'expiresIn', 'grace', 'answers'];
  const others = Object.entries(options).filter(([name]) => !own.includes(name));
  return { refresh: '/auth/refresh', signOut: '/auth/logout', ...Object.fromEntries(others) };
}

function checkSettings(options: TestAuthOptions): void {
  const { seed, expiresIn, grace, now, origin } = options;
  for (const [name, value] of Object.entries({ seed, expiresIn, grace, now })) {
    if (value !== undefined) checkNumber(Number(value), name);
  }
  if (origin === undefined || (/^https?:/.test(origin) && new URL(origin).origin === origin))
    return;
  const message = `origin must be like https://app.example.com. It is ${origin}.`;
  throw new TestAuthError('bad_option', message);
}

function originOfPage(): string {
  const { origin } = (globalThis as { location?: Partial<Location> }).location ?? {};
  return origin !== undefined && /^https?:/.test(origin) ? origin : 'http://localhost';
}
