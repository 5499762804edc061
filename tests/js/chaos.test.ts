// R13: all that the platform and the app's own functions can do wrong, as one kind. Rounds have seeds:
// BEARERKIT_CHAOS_SEEDS=5,77 plays others.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import {
  createAuthClient,
  type AuthClient,
  type AuthClientOptions,
  type Fetch,
  type TokenResponse,
} from 'bearerkit';

import {
  Backend,
  brokenAnswer,
  Chaos,
  chaoticChannel,
  chaoticLocks,
  NONSENSE,
} from './support/chaos.ts';
import { Events } from './support/client.ts';
import { Random } from './support/random.ts';
import { installGlobal, MapStorage } from './support/storages.ts';
import { pause, settled, turns } from './support/wait.ts';

const ORIGIN = 'https://api.example.com';
const SEEDS: readonly number[] = process.env['BEARERKIT_CHAOS_SEEDS']?.split(',').map(Number) ?? [
  ...Array(60).keys(),
];

/** Short, so that whatever never comes is given up soon. */
const TIMES = { refreshTimeout: 40, lockTimeout: 25, storageTimeout: 15 };

const CLOCK_NONSENSE = [NaN, Infinity, -1, 0, 'noon', undefined, null, {}];

class ChaoticStorage extends MapStorage {
  readonly #chaos: Chaos;

  constructor(chaos: Chaos) {
    super();
    this.#chaos = chaos;
  }

  override get(key: string): string | null | Promise<string | null> {
    return this.#chaos.disturb(() => super.get(key));
  }
  override set(key: string, value: string): unknown {
    return this.#chaos.disturb(() => super.set(key, value));
  }
  override remove(key: string): unknown {
    return this.#chaos.disturb(() => super.remove(key));
  }
}

function chaoticFetch(chaos: Chaos, backend: Backend): Fetch {
  return (input, init) =>
    chaos.disturb<Promise<Response>>(() => {
      const answer = Promise.resolve(backend.fetch(input, init));
      if (!chaos.on || chaos.random.chance(0.5)) return answer;
      return Promise.resolve(brokenAnswer(chaos.random) as Response);
    });
}

/** Options in which all that can be the app's own is chaotic. */
function chaoticOptions(chaos: Chaos, backend: Backend): AuthClientOptions {
  const { random } = chaos;
  const mode = random.pick(['bearer', 'bearer', 'hybrid', 'cookie'] as const);
  return {
    mode,
    origins: [ORIGIN],
    tabs: random.chance(0.7),
    keepAlive: random.chance(0.5),
    storage: new ChaoticStorage(chaos),
    fetch: chaoticFetch(chaos, backend),
    clock: { now: () => chaos.disturbNow(() => Date.now(), CLOCK_NONSENSE) },
    debug: () => {
      chaos.disturbNow(() => undefined, NONSENSE);
    },
    csrf: () => chaos.disturb(() => ({ 'X-CSRF': '1' })),
    refresh: random.chance(0.5)
      ? `${ORIGIN}/refresh`
      : () => chaos.disturb<Promise<TokenResponse>>(() => Promise.resolve(backend.issue())),
    signOut: random.chance(0.5)
      ? `${ORIGIN}/revoke`
      : () => chaos.disturb<Promise<void>>(() => Promise.resolve()),
    ...TIMES,
  };
}

/** One call of any method. */
function someCall(auth: AuthClient, chaos: Chaos, backend: Backend): Promise<unknown> {
  const { random } = chaos;
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    'fetch a URL': () => auth.fetchWithAuth(`${ORIGIN}/a`),
    'fetch with init': () => auth.fetchWithAuth(`${ORIGIN}/b`, { method: 'POST', body: 'x' }),
    'fetch a Request': () =>
      auth.fetchWithAuth(new Request(`${ORIGIN}/c`, { method: 'POST', body: 'x' })),
    'fetch with a signal': () =>
      auth.fetchWithAuth(`${ORIGIN}/d`, { signal: AbortSignal.timeout(random.below(30)) }),
    getAccessToken: () => auth.getAccessToken(),
    refresh: () => auth.refresh(),
    ready: () => auth.ready(),
    setTokens: () => auth.setTokens(backend.issue()),
    'setTokens of nonsense': () => auth.setTokens(random.pick(NONSENSE) as never),
    signOut: () => auth.signOut(),
  };
  const name = random.pick(Object.keys(calls));
  const call = calls[name]?.() ?? Promise.resolve();
  return settled(
    call.catch(() => undefined),
    name,
  );
}

function listenBadly(auth: AuthClient, chaos: Chaos, seen: string[]): void {
  for (const type of ['signedin', 'signedout', 'refreshed', 'refreshfailed', 'warning'] as const) {
    auth.addEventListener(type, ({ detail }) => {
      seen.push(JSON.stringify(detail));
      chaos.disturbNow(() => {
        if (chaos.random.chance(0.3)) void auth.refresh().catch(() => undefined);
      }, NONSENSE);
    });
  }
  auth.subscribe(() => chaos.disturbNow(() => undefined, NONSENSE));
}

/** After the chaos: as a client does whose platform never failed. */
async function checkWorks(auth: AuthClient, backend: Backend): Promise<void> {
  await settled(auth.setTokens(backend.issue()), 'setTokens');
  assert.equal(auth.state, 'signed-in');
  assert.equal((await settled(auth.fetchWithAuth(`${ORIGIN}/ok`), 'a call')).status, 200);
  await settled(auth.refresh(), 'a refresh');
  await settled(auth.signOut(), 'a sign-out');
  assert.equal(auth.state, 'signed-out');
}

async function playRound(t: TestContext, seed: number): Promise<void> {
  const chaos = new Chaos(new Random(seed));
  const backend = new Backend();
  installGlobal(t, 'BroadcastChannel', { value: chaoticChannel(chaos) });
  installGlobal(t, 'navigator', { value: { locks: chaoticLocks(chaos) } });
  const options = chaoticOptions(chaos, backend);
  const auth = createAuthClient(options);
  t.after(() => auth.close());
  const seen: string[] = [];
  listenBadly(auth, chaos, seen);
  const calls: Promise<unknown>[] = [];
  for (let step = 0; step < 40; step++) {
    if (chaos.random.chance(0.2)) backend.expire();
    calls.push(someCall(auth, chaos, backend));
    if (chaos.random.chance(0.3)) await turns(1);
    if (chaos.random.chance(0.05)) await pause(chaos.random.below(10));
  }
  await Promise.all(calls);
  chaos.on = false;
  if (options.mode === undefined || options.mode === 'bearer') await checkWorks(auth, backend);
  for (const secret of backend.secrets) {
    assert.ok(!seen.some((detail) => detail.includes(secret)), 'no secret is told');
  }
}

for (const seed of SEEDS) {
  test(`R13 chaos: every call settles, and the client works when it is over (BEARERKIT_CHAOS_SEEDS=${seed})`, async (t) => {
    // What a listener throws is reported there.
    t.mock.method(console, 'error', () => undefined);
    await playRound(t, seed);
  });
}

// ---- one by one ----

interface Started {
  auth: AuthClient;
  events: Events;
  backend: Backend;
}

async function start(
  t: TestContext,
  options: (backend: Backend) => AuthClientOptions,
): Promise<Started> {
  const backend = new Backend();
  const auth = createAuthClient({
    origins: [ORIGIN],
    refresh: () => Promise.resolve(backend.issue()),
    fetch: (input, init) => Promise.resolve(backend.fetch(input, init)),
    ...options(backend),
    ...TIMES,
  });
  t.after(() => auth.close());
  const events = new Events(auth);
  await auth.setTokens(backend.issue());
  return { auth, events, backend };
}

const BODIES: Readonly<Record<string, unknown>> = {
  "node-fetch's": { on: () => undefined },
  'one whose cancel throws': {
    cancel: () => {
      throw new Error('locked');
    },
  },
  'one whose cancel rejects': { cancel: () => Promise.reject(new Error('locked')) },
};

for (const [what, body] of Object.entries(BODIES)) {
  test(`R13 a 401 with a body that cannot be let go, ${what}: refreshed and sent again`, async (t) => {
    const { auth, backend } = await start(t, (own) => ({
      fetch: (input, init) => {
        const { status, headers } = own.fetch(input, init);
        return Promise.resolve({ status, headers, body } as unknown as Response);
      },
    }));
    backend.expire();
    assert.equal((await settled(auth.fetchWithAuth(`${ORIGIN}/a`), 'the call')).status, 200);
    assert.equal((await settled(auth.fetchWithAuth(`${ORIGIN}/b`), 'a later one')).status, 200);
    await settled(auth.refresh(), 'a refresh');
    await settled(auth.signOut(), 'a sign-out');
  });
}

test('R13 a clock that tells no time: one warning, and the client goes on', async (t) => {
  const { auth, events, backend } = await start(t, () => ({ clock: { now: () => NaN } }));
  backend.expire();
  assert.equal((await settled(auth.fetchWithAuth(`${ORIGIN}/a`), 'the call')).status, 200);
  await events.until('warning');
  assert.deepEqual(events.of('warning'), [{ code: 'platform_failed' }]);
});

test('R13 a channel that throws: a warning, and the sign-out goes on', async (t) => {
  installGlobal(t, 'BroadcastChannel', {
    value: class {
      postMessage(): void {
        throw new Error('secret');
      }
      close(): void {}
    },
  });
  const { auth, events } = await start(t, () => ({ tabs: true }));
  await settled(auth.signOut(), 'the sign-out');
  await events.until('warning');
  assert.equal(auth.state, 'signed-out');
  for (const { code } of events.of('warning')) assert.equal(code, 'platform_failed');
});

test('R13 a fetch that gives no promise, or no answer: the call settles, and the next one goes on', async (t) => {
  for (const nonsense of NONSENSE) {
    let broken = true;
    const { auth } = await start(t, (own) => ({
      fetch: (input, init) =>
        broken ? (nonsense as never) : Promise.resolve(own.fetch(input, init)),
    }));
    await settled(
      auth.fetchWithAuth(`${ORIGIN}/a`).catch(() => undefined),
      'the call',
    );
    await settled(
      auth.fetchWithAuth(`${ORIGIN}/a`, { method: 'POST' }).catch(() => undefined),
      'the call',
    );
    broken = false;
    assert.equal((await settled(auth.fetchWithAuth(`${ORIGIN}/b`), 'the next call')).status, 200);
    auth.close();
  }
});

test('R13 a sign-in and a sign-out from within an effect: resolved when their own effects are carried out', async (t) => {
  const storage = new MapStorage();
  let signedOut: Promise<void> | undefined;
  let recordLeft: string | undefined;
  const { auth, backend } = await start(t, (own) => ({
    storage,
    fetch: (input, init) => {
      if (input === `${ORIGIN}/again`) {
        signedOut ??= auth.signOut().then(() => {
          recordLeft = storage.record;
        });
      }
      return Promise.resolve(own.fetch(input, init));
    },
  }));
  backend.expire();
  await settled(auth.fetchWithAuth(`${ORIGIN}/again`), 'the call');
  await settled(signedOut ?? Promise.reject(new Error('never asked')), 'the sign-out');
  assert.equal(recordLeft, undefined);
});
