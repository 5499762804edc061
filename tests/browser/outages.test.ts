import assert from 'node:assert/strict';
import { after, describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext } from 'playwright-core';
import { type Postgres, startPostgres } from '../server/support/postgres.ts';
import { tabOf } from './support/engines/chromium.ts';
import type { Tab } from './support/engines/engine.ts';
import {
  answersOf,
  beginCalls,
  openClient,
  planFor,
  refreshPathOf,
  signIn,
  stateOf,
  tokenOf,
} from './support/engines/tab_client.ts';
import { useProxy, useSuite } from './support/suite.ts';
import { until } from './support/until.ts';

/** By the servers: no token runs out by itself, however busy the machine is. */
const LIFE_SECONDS = 900;
/** Between two calls of a user. */
const PAUSE_MS = 200;
/** R8: no backoff is longer. */
const LONGEST_BACKOFF_MS = 60_000;
const MODES = ['bearer', 'cookie', 'hybrid'] as const;

/** Somebody with a profile of their own, who has signed in and calls now and then. */
interface User {
  readonly context: BrowserContext;
  readonly tab: Tab;
  /** What their calls were answered with. */
  readonly answers: string[];
}

async function call(user: User): Promise<string> {
  await beginCalls(user.tab, 1);
  const [answer = ''] = Object.keys((await answersOf(user.tab)) ?? {});
  user.answers.push(answer);
  return answer;
}

/** The next round is one call, made when the page hears that the network is back. */
function callWhenOnline(tab: Tab): Promise<void> {
  return tab.evaluate(() => {
    const { client } = globalThis;
    if (client === undefined) throw new Error('There is no client');
    client.round = new Promise<void>((resolve) => {
      addEventListener('online', () => resolve(), { once: true });
    }).then(() => client.call(1));
  }, undefined);
}

describe('outages', () => {
  let postgres: Postgres;
  const settings = (): Record<string, string> => ({
    DATABASE_URL: postgres.url,
    ACCESS_TOKEN_SECONDS: String(LIFE_SECONDS),
    // However long a restart takes, a repeated refresh is no reuse.
    REFRESH_GRACE_SECONDS: '3600',
  });
  const suite = useSuite(async () => {
    postgres = await startPostgres();
    return settings();
  });
  const proxy = useProxy(suite);
  after(() => postgres.stop());

  /** One user for each mode, whose access tokens have expired, for the server and for the tab. */
  async function openUsers(t: TestContext): Promise<User[]> {
    const { origin } = proxy();
    const users = await Promise.all(
      MODES.map(async (mode) => {
        const context = await suite().newContext(t);
        const tab = tabOf(await context.newPage());
        await tab.goto(`${origin}/style.css`);
        await openClient(tab, planFor(mode, origin));
        await signIn(tab, mode);
        const cookie = proxy().cookies.get('__Host-access');
        await suite().server.revoke(String(mode === 'cookie' ? cookie : await tokenOf(tab)));
        await tab.evaluate((life) => {
          globalThis.ahead = life;
        }, LIFE_SECONDS * 1000);
        return { context, tab, answers: [] };
      }),
    );
    await suite().server.resetStats();
    return users;
  }

  /** Each calls again and again, whatever comes of it, until that is true. */
  async function callUntil(
    users: readonly User[],
    enough: (user: User) => boolean | Promise<boolean>,
  ): Promise<void> {
    await Promise.all(
      users.map(async (user) => {
        do {
          await call(user);
          await sleep(PAUSE_MS);
        } while (!(await enough(user)));
      }),
    );
  }

  /** The refreshes of a tab that failed: when, and when the next one was said to be allowed. */
  const failuresOf = (tab: Tab) => tab.evaluate(() => globalThis.client?.failed ?? [], undefined);

  /** Calls work again without anything that the app would have to do; nobody was signed out. */
  async function assertRecovers(t: TestContext, users: readonly User[]): Promise<void> {
    const begin = performance.now();
    // All at once: who has to wait for another has an expired token again.
    await Promise.all(
      users.map((user) => until('a call works', async () => (await call(user)) === '200')),
    );
    t.diagnostic(`calls work ${(performance.now() - begin).toFixed(0)} ms after the outage`);
    for (const { tab } of users) {
      assert.equal(await stateOf(tab), 'signed-in');
      assert.deepEqual(await tab.evaluate(() => globalThis.client?.reasons, undefined), []);
      const failed = await failuresOf(tab);
      assert.notDeepEqual(failed, [], 'there was an outage');
      for (const { at, retryAt } of failed) {
        assert.ok(retryAt > at - 1000 && retryAt <= at + LONGEST_BACKOFF_MS, `${retryAt - at} ms`);
      }
    }
    const { familiesRevoked } = await suite().server.stats();
    assert.equal(familiesRevoked, 0);
  }

  test('E8 R8 F7 offline and back: the session is kept, and calls work again', async (t) => {
    const users = await openUsers(t);
    for (const { context } of users) await context.setOffline(true);
    await callUntil(users, ({ answers }) => answers.length === 5);
    for (const { answers } of users) {
      for (const answer of answers) assert.match(answer, /^TypeError: Failed to fetch/);
    }
    assert.equal((await suite().server.stats()).refreshRequests, 0);
    for (const { tab } of users) await callWhenOnline(tab);
    for (const { context } of users) await context.setOffline(false);
    for (const { tab } of users) {
      assert.deepEqual(await answersOf(tab), { 200: 1 }, 'no backoff is waited for');
    }
    await assertRecovers(t, users);
    assert.equal((await suite().server.stats()).refreshRequests, users.length);
  });

  test('R8 the server ends in the middle of a refresh: the one after it goes on', async (t) => {
    const users = await openUsers(t);
    const { server } = suite();
    await server.delayRefreshes(30_000, users.length);
    for (const { tab } of users) await beginCalls(tab, 1);
    await until('all refresh', async () => {
      return (await server.stats()).refreshRequests === users.length;
    });
    await server.kill();
    // Nobody is there at all for a while.
    await callUntil(users, ({ answers }) => answers.length === 3);
    await server.restart(settings());
    await assertRecovers(t, users);
    assert.equal((await server.stats()).refreshes, users.length);
  });

  test('R8 V3 the server ends after a rotation, and the answer is lost: the next one repeats it', async (t) => {
    const users = await openUsers(t);
    const { server } = suite();
    const paths = MODES.map(refreshPathOf);
    proxy().hold(({ pathname }) => paths.includes(pathname));
    for (const { tab } of users) await beginCalls(tab, 1);
    await proxy().untilHeld(users.length);
    await server.kill();
    proxy().hold(() => false);
    proxy().drop();
    await server.restart(settings());
    await assertRecovers(t, users);
    const { refreshes, replays } = await server.stats();
    assert.deepEqual({ refreshes, replays }, { refreshes: 0, replays: users.length });
  });

  for (const [outage, begin, end] of [
    ['is shut down', () => postgres.shutDown(), () => postgres.startAgain()],
    ['does not answer', () => postgres.freeze(), () => postgres.thaw()],
  ] as const) {
    test(`R8 V6 the database ${outage} for three refreshes: sessions are kept, and nothing is told`, async (t) => {
      const users = await openUsers(t);
      const { server } = suite();
      await begin();
      try {
        await callUntil(users, async ({ tab }) => (await failuresOf(tab)).length >= 3);
      } finally {
        await end();
      }
      for (const { tab, answers } of users) {
        for (const answer of answers) assert.match(answer, /^(401|503)$/);
        const failed = await failuresOf(tab);
        // As Retry-After says, and not one for each call.
        for (const [index, { retryAt }] of failed.slice(0, -1).entries()) {
          assert.ok((failed[index + 1]?.at ?? 0) >= retryAt, 'not before it is allowed');
        }
      }
      await assertRecovers(t, users);
      assert.doesNotMatch(server.output(), /^\s+at |postgres:\/\/|Error:/m);
    });
  }
});
