import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Mode } from '../../dist/index.js';
import { openSignedIn } from './support/page_client.ts';
import { useProxy, useSuite } from './support/suite.ts';
import { until } from './support/until.ts';

const CALLS = 100;
const WAVES = 4;
const IN_A_WAVE = CALLS / WAVES;

declare global {
  var statuses: number[][];
}

const waveOf = (url: URL): number => Number(url.searchParams.get('wave') ?? -1);

/** Starts all calls; what is answered goes to `globalThis.statuses`, wave by wave. */
async function startCalls(page: Page): Promise<void> {
  await page.evaluate(
    ({ waves, inAWave }) => {
      globalThis.statuses = Array.from({ length: waves }, () => []);
      for (let call = 0; call < waves * inAWave; call += 1) {
        const wave = call % waves;
        void globalThis.probe.auth
          .fetchWithAuth(`/api/protected?wave=${wave}&call=${call}`)
          .then(
            ({ status }) => status,
            () => 0,
          )
          .then((status) => globalThis.statuses[wave]?.push(status));
      }
    },
    { waves: WAVES, inAWave: IN_A_WAVE },
  );
}

const answered = (page: Page): Promise<number> =>
  page.evaluate(() => globalThis.statuses.flat().length);

describe('answers that come late', () => {
  const suite = useSuite();
  const proxy = useProxy(suite);

  /** Signs in, has the server refuse the token, and starts 100 calls: all get a 401, all held. */
  async function hundredHeld401s(page: Page, mode: Mode): Promise<void> {
    const { server } = suite();
    let token = await openSignedIn(page, proxy().origin, { mode });
    if (mode === 'cookie') {
      const cookies = await page.context().cookies();
      token = cookies.find(({ name }) => name === '__Host-access')?.value ?? '';
    }
    // Hybrid mode has asked for a session of an earlier visit (C4).
    await server.resetStats();
    await server.revoke(token);
    assert.equal(await server.statusFor(token), 401);

    proxy().hold((url, status) => waveOf(url) >= 0 && status === 401);
    await startCalls(page);
    await proxy().untilHeld(CALLS);
    assert.equal((await server.stats()).refreshRequests, 0, 'no 401 has come in yet');
  }

  async function assertOneRefresh(page: Page): Promise<void> {
    const { refreshRequests, refreshes } = await suite().server.stats();
    assert.deepEqual({ refreshRequests, refreshes }, { refreshRequests: 1, refreshes: 1 });
    assert.deepEqual(
      await page.evaluate(() => [globalThis.probe.refreshed, globalThis.probe.signedOut]),
      [1, []],
    );
  }

  async function assertAll200(page: Page): Promise<void> {
    const statuses = await page.evaluate(() => globalThis.statuses.flat());
    assert.equal(statuses.length, CALLS);
    assert.deepEqual([...new Set(statuses)], [200]);
  }

  for (const mode of ['bearer', 'hybrid', 'cookie'] as const) {
    test(`R1 100 calls get their 401 together: one refresh, 100 answers 200 (${mode})`, async (t) => {
      const page = await suite().newPage(t);
      await hundredHeld401s(page, mode);
      proxy().release();
      await until('all calls are answered', async () => (await answered(page)) === CALLS);
      await assertAll200(page);
      await assertOneRefresh(page);
    });

    test(`R2 100 calls get their 401 in four waves, three after the refresh: one refresh, 100 answers 200 (${mode})`, async (t) => {
      const page = await suite().newPage(t);
      await hundredHeld401s(page, mode);
      for (let wave = 0; wave < WAVES; wave += 1) {
        proxy().release((url) => waveOf(url) === wave);
        const due = (wave + 1) * IN_A_WAVE;
        await until(`wave ${wave} is answered`, async () => (await answered(page)) === due);
        // The first wave is answered, so the refresh is over: the others come after it.
        await assertOneRefresh(page);
      }
      await assertAll200(page);
    });
  }
});
