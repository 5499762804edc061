import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Postgres, startPostgres } from './support/postgres.ts';
import { type ServerProcess, startProcess, temporaryFolder } from './support/process.ts';
import { ADA, callApi, jsonOf, logIn, postJson, refresh, tokensOf } from './support/requests.ts';

/** The client gives a refresh up after this time: a server that answers later answers nobody. */
const CLIENT_PATIENCE_MS = 10_000;
const SESSIONS = 8;
/** Far longer than anything takes: only a test that fails waits so long. */
const PATIENCE_MS = 300_000;

/** Somebody who refreshes again and again; keeps the token of the last answer that came. */
class Refresher {
  readonly #origin: string;
  #token: string;
  #goesOn = true;
  #loop: Promise<void> = Promise.resolve();
  error: unknown;
  succeeded = 0;
  refused = 0;
  slowestMs = 0;

  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  begin(): void {
    this.#loop = this.#run().catch((error: unknown) => {
      this.error = error;
    });
  }

  async end(): Promise<void> {
    this.#goesOn = false;
    await this.#loop;
  }

  /** One refresh: it works, or it is refused for the moment, and nothing else. */
  async refresh(): Promise<number> {
    const begin = performance.now();
    const answer = await refresh(this.#origin, this.#token);
    this.slowestMs = Math.max(this.slowestMs, performance.now() - begin);
    if (answer.status === 200) {
      this.#token = tokensOf(await jsonOf(answer)).refreshToken;
      this.succeeded += 1;
    } else {
      await assertUnavailable(answer);
      this.refused += 1;
    }
    return answer.status;
  }

  async #run(): Promise<void> {
    while (this.#goesOn) {
      if ((await this.refresh()) !== 200) await sleep(100);
    }
  }
}

async function assertUnavailable(answer: Response): Promise<void> {
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get('Retry-After'), '1');
  assert.deepEqual(await jsonOf(answer), {
    error: 'temporarily_unavailable',
    error_description: 'The database cannot be reached',
  });
}

describe('the database goes away', () => {
  const data = temporaryFolder();
  let postgres: Postgres;
  let server: ServerProcess;
  before(async () => {
    postgres = await startPostgres();
    server = await startProcess({
      DATABASE_URL: postgres.url,
      DATA_DIR: data.folder,
      // The outages are shorter than this, on a busy machine too.
      REFRESH_GRACE_SECONDS: '60',
    });
  });
  after(async () => {
    await server.stop();
    await postgres.stop();
    data.remove();
  });

  async function openRefreshers(): Promise<Refresher[]> {
    const sessions = Array.from({ length: SESSIONS }, () => logIn(server.origin));
    return (await Promise.all(sessions)).map(
      ({ refreshToken }) => new Refresher(server.origin, refreshToken),
    );
  }

  async function untilAll(
    refreshers: readonly Refresher[],
    holds: (one: Refresher) => boolean,
  ): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!refreshers.every(holds)) {
      for (const { error } of refreshers) assert.equal(error, undefined);
      assert.ok(performance.now() < end, 'waited in vain');
      await sleep(20);
    }
  }

  /** Everything that needs the database says that it is not there, and nothing more. */
  async function assertOutage(accessToken: string): Promise<void> {
    const [called, loggedIn, health] = await Promise.all([
      callApi(server.origin, accessToken),
      postJson(`${server.origin}/auth/login`, ADA),
      fetch(`${server.origin}/healthz`),
    ]);
    await assertUnavailable(called);
    await assertUnavailable(loggedIn);
    assert.equal(health.status, 503);
    assert.deepEqual(await jsonOf(health), { status: 'unavailable' });
  }

  for (const [outage, begin, end] of [
    ['shut down', () => postgres.shutDown(), () => postgres.startAgain()],
    ['frozen', () => postgres.freeze(), () => postgres.thaw()],
  ] as const) {
    test(`V6 V3 ${outage} amid refreshes: 503 in time, nothing told; afterwards every session goes on`, async (t) => {
      const { accessToken } = await logIn(server.origin);
      const refreshers = await openRefreshers();
      for (const each of refreshers) each.begin();
      await untilAll(refreshers, ({ succeeded }) => succeeded > 2);
      await begin();
      try {
        await untilAll(refreshers, ({ refused }) => refused > 0);
        await assertOutage(accessToken);
      } finally {
        await end();
      }
      const before = new Map(refreshers.map((each) => [each, each.succeeded]));
      await untilAll(refreshers, (each) => each.succeeded > (before.get(each) ?? 0) + 2);
      await Promise.all(refreshers.map((each) => each.end()));
      assert.equal((await callApi(server.origin, accessToken)).status, 200);
      assert.equal((await fetch(`${server.origin}/healthz`)).status, 200);

      const slowest = Math.max(...refreshers.map(({ slowestMs }) => slowestMs));
      assert.ok(slowest < CLIENT_PATIENCE_MS, `the slowest answer took ${slowest.toFixed(0)} ms`);
      t.diagnostic(`slowest answer: ${slowest.toFixed(0)} ms`);
      // Neither a stack nor the database's address and password.
      assert.doesNotMatch(server.output(), /^\s+at |postgres:\/\/|Error:/m);
      assert.ok(!server.output().includes(new URL(postgres.url).password));
    });
  }
});
