import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { DemoServer } from './demo_server.ts';
import { tabOf } from './engines/chromium.ts';
import type { Tab } from './engines/engine.ts';
import {
  answersOf,
  beginCalls,
  type ClientPlan,
  makeClient,
  openClient,
  planFor,
  refreshPathOf,
  signIn,
  stateOf,
} from './engines/tab_client.ts';
import type { Kill } from './kill_plan.ts';
import { crasherOf, type MortalBrowser } from './mortal_browser.ts';
import type { HoldingProxy } from './proxy.ts';
import { until } from './until.ts';

const CALLS = 3;
/** The server takes so long for a refresh that is to be killed while it works. */
const WORK_MS = 400;

/** A server, and what stands before it. */
export interface Stage {
  readonly server: DemoServer;
  readonly proxy: HoldingProxy;
}

/** What became of the session. */
export interface Outcome {
  readonly lost: boolean;
  /** From the kill until a tab that was opened after it had its answers. */
  readonly recoveryMs: number;
}

/** Two tabs, of which the first one refreshes and dies, or the browser with it; then what is left. */
export class KillRound {
  readonly #kill: Kill;
  readonly #browser: MortalBrowser;
  readonly #server: DemoServer;
  readonly #proxy: HoldingProxy;

  constructor(kill: Kill, browser: MortalBrowser, { server, proxy }: Stage) {
    this.#kill = kill;
    this.#browser = browser;
    this.#server = server;
    this.#proxy = proxy;
  }

  async run(): Promise<Outcome> {
    this.#proxy.reset();
    const [victim, witness] = this.#diesWhole ? await this.#openYesterdays() : await this.#open();
    await this.#server.resetStats();
    const end = await this.#killerOf(victim);
    await this.#reachPoint(tabOf(victim), witness);
    const killed = performance.now();
    await end();
    // What it was still to be sent goes nowhere; what it had sent is still worked on.
    this.#proxy.drop();

    if (this.#diesWhole) await this.#browser.open();
    const survivor = witness ?? (await this.#openTab());
    const survived = await answersOf(survivor);
    const reopened = await this.#openTab();
    const answers = await callIn(reopened);
    const recoveryMs = performance.now() - killed;
    await this.#proxy.untilIdle();

    const lost = (await this.#server.stats()).familiesRevoked > 0;
    assert.ok(fatesOf(this.#kill).includes(lost ? 'lost' : 'kept'), lost ? 'lost' : 'kept');
    if (lost) await this.#assertOver([survivor, reopened]);
    else {
      assert.deepEqual(answers, { 200: CALLS }, 'the reopened tab');
      if (witness !== undefined) assert.deepEqual(survived, { 200: CALLS }, 'the other tab');
      await this.#assertAlive([survivor, reopened]);
    }
    return { lost, recoveryMs };
  }

  get #diesWhole(): boolean {
    return this.#kill.how === 'the browser killed';
  }

  /** Two tabs that are signed in, with access tokens that the server refuses. */
  async #open(): Promise<[Page, Tab]> {
    const first = await this.#signIn();
    const second = await this.#openPage();
    for (const page of [first, second]) await this.#refuseTokenOf(page);
    return [first, tabOf(second)];
  }

  /**
   * A tab of a browser that was closed and opened again, since what it was to keep is on the disk
   * then: Chromium takes up to a minute for what pages store, and half of one for cookies. Its
   * client is not made yet, since in hybrid mode that is when it refreshes.
   */
  async #openYesterdays(): Promise<[Page, undefined]> {
    await this.#refuseTokenOf(await this.#signIn());
    await this.#browser.close();
    await this.#browser.open();
    return [await this.#openPage(false), undefined];
  }

  async #signIn(): Promise<Page> {
    await this.#browser.open();
    await this.#browser.clear();
    const page = await this.#openPage();
    await signIn(tabOf(page), this.#kill.mode);
    return page;
  }

  async #refuseTokenOf(page: Page): Promise<void> {
    await this.#server.revoke(await this.#accessTokenOf(page));
  }

  async #openPage(withClient = true): Promise<Page> {
    const page = await this.#browser.context.newPage();
    // Any page of the server will do, and this one has no client of its own.
    await page.goto(`${this.#proxy.origin}/style.css`);
    if (withClient) await openClient(tabOf(page), this.#plan);
    return page;
  }

  get #plan(): ClientPlan {
    return planFor(this.#kill.mode, this.#proxy.origin);
  }

  async #openTab(): Promise<Tab> {
    return tabOf(await this.#openPage());
  }

  async #accessTokenOf(page: Page): Promise<string> {
    if (this.#kill.mode !== 'cookie') {
      return (await page.evaluate(() => globalThis.client?.auth.getAccessToken())) ?? '';
    }
    const cookies = await page.context().cookies(this.#proxy.origin);
    return cookies.find(({ name }) => name === '__Host-access')?.value ?? '';
  }

  async #killerOf(victim: Page): Promise<() => Promise<void>> {
    switch (this.#kill.how) {
      case 'a tab closed':
        return () => victim.close();
      case 'a renderer crashed':
        return crasherOf(victim);
      case 'the browser killed':
        return () => this.#browser.kill();
    }
  }

  /** Lets the tabs call, and comes back in the moment of the kill. */
  async #reachPoint(victim: Tab, witness: Tab | undefined): Promise<void> {
    const { point, random } = this.#kill;
    const sent = async (): Promise<boolean> => (await this.#server.stats()).refreshRequests > 0;
    const join = async (): Promise<void> => {
      if (witness !== undefined) await beginCalls(witness, CALLS);
    };
    switch (point) {
      case 'before its refresh is sent':
        await this.#begin(victim);
        await join();
        return sleep(random.below(100));
      case 'while the server works':
        await this.#server.delayRefreshes(WORK_MS, 1);
        // On a busy machine it might be through before the kill.
        await this.#beginHeld(victim);
        await until('the refresh is at the server', sent);
        await join();
        return sleep(random.below(WORK_MS / 2));
      case 'with the answer on its way':
        await this.#beginHeld(victim);
        await this.#proxy.untilHeld(1);
        await join();
        return sleep(random.below(100));
      case 'as the answer arrives':
        await this.#beginHeld(victim);
        await this.#proxy.untilHeld(1);
        await join();
        this.#proxy.release();
        return sleep(random.below(15));
      case 'when the answer is stored': {
        const before = await refreshesOf(victim);
        await this.#begin(victim);
        await until('the tab has refreshed', async () => (await refreshesOf(victim)) > before);
        await join();
        return sleep(random.below(30));
      }
    }
  }

  async #begin(victim: Tab): Promise<void> {
    if (this.#diesWhole) await makeClient(victim, this.#plan);
    await beginCalls(victim, CALLS);
  }

  /** The same, with an answer to its refresh that does not come before it is let go. */
  async #beginHeld(victim: Tab): Promise<void> {
    this.#proxy.holdNext(refreshPathOf(this.#kill.mode));
    await this.#begin(victim);
  }

  async #assertAlive(tabs: readonly Tab[]): Promise<void> {
    for (const tab of tabs) {
      assert.deepEqual(await callIn(tab), { 200: CALLS });
      assert.equal(await stateOf(tab), 'signed-in');
      assert.deepEqual(await reasonsOf(tab), []);
    }
    await this.#assertBounded();
  }

  /** The server has revoked it: every tab is told once, and none asks for more. */
  async #assertOver(tabs: readonly Tab[]): Promise<void> {
    // One whose token came in time learns of it by its next call.
    for (const tab of tabs) await callIn(tab);
    for (const tab of tabs) {
      await until('the tab is signed out', async () => (await stateOf(tab)) === 'signed-out');
    }
    const reasons = await Promise.all(tabs.map(reasonsOf));
    const told = `told: ${JSON.stringify(reasons)}`;
    assert.ok(reasons.flat().includes('refresh_rejected'), told);
    for (const [first, second] of reasons) {
      // The one that was refused says so to the others, and removes the record.
      assert.match(first ?? '', /^(|refresh_rejected|signed_out_elsewhere|storage_cleared)$/, told);
      assert.equal(second, undefined, told);
    }
    await this.#assertBounded();
    const { refreshRequests } = await this.#server.stats();
    for (const tab of tabs) assert.deepEqual(await callIn(tab), { 401: CALLS });
    assert.equal((await this.#server.stats()).refreshRequests, refreshRequests, 'no loop');
  }

  /** One refresh of the dead tab, one for each of the others, and one that finds out that all is over. */
  async #assertBounded(): Promise<void> {
    const { refreshRequests } = await this.#server.stats();
    assert.ok(refreshRequests <= 4, `${refreshRequests} refreshes`);
  }
}

/** What may become of a session: with no grace, one is lost whose token has been replaced unseen. */
function fatesOf({ grace, how, point }: Kill): readonly ('kept' | 'lost')[] {
  if (grace) return ['kept'];
  switch (point) {
    case 'while the server works':
    case 'with the answer on its way':
      return ['lost'];
    case 'when the answer is stored':
      // Killed as a whole, the browser may not have brought it to the disk.
      return how === 'the browser killed' ? ['kept', 'lost'] : ['kept'];
    default:
      return ['kept', 'lost'];
  }
}

async function callIn(tab: Tab): Promise<Record<string, number> | undefined> {
  await beginCalls(tab, CALLS);
  return answersOf(tab);
}

const refreshesOf = (tab: Tab): Promise<number> =>
  tab.evaluate(() => globalThis.client?.refreshed ?? 0, undefined);

const reasonsOf = (tab: Tab): Promise<string[]> =>
  tab.evaluate(() => globalThis.client?.reasons ?? [], undefined);
