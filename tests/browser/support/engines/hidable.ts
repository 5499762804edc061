import puppeteer, { type CDPSession } from 'puppeteer-core';
import { which } from '../../../../scripts/lib/run.mjs';
import { PATIENCE_MS, until } from '../until.ts';
import type { Tab } from './engine.ts';
import { expressionOf } from './expression.ts';

/** A tab of one window: hidden while another one is shown, and then at the browser's mercy. */
export interface HidableTab extends Tab {
  show(): Promise<void>;
  /** What browsers do to a tab that was hidden for some minutes: nothing in it runs any more. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Takes its network away, or gives it back. */
  setOffline(offline: boolean): Promise<void>;
}

/**
 * Chromium as people have it. By the other launcher every page is always visible, and a visible page
 * is never frozen.
 */
export async function openWindow(): Promise<{
  newTab(): Promise<HidableTab>;
  close(): Promise<void>;
}> {
  const browser = await puppeteer.launch({
    executablePath: which('chromium') ?? '/usr/bin/chromium',
    headless: true,
    acceptInsecureCerts: true,
    timeout: PATIENCE_MS,
    protocolTimeout: PATIENCE_MS,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
  return {
    newTab: async () => {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      // Not before it is needed: with a session of its own a tab prerenders nothing.
      let session: CDPSession | undefined;
      const setState = async (state: 'frozen' | 'active'): Promise<void> => {
        session ??= await page.createCDPSession();
        await session.send('Page.setWebLifecycleState', { state });
      };
      const tab: HidableTab = {
        goto: async (url) => {
          await page.goto(url);
        },
        back: async () => {
          const from = page.url();
          // A page that comes back from the cache is not loaded: the launcher would wait for that.
          await page.evaluate('void setTimeout(() => history.back())');
          await until('the tab has gone back', () => page.url() !== from);
        },
        evaluate: async <A, R>(run: (argument: A) => R | Promise<R>, argument: A) =>
          (await page.evaluate(expressionOf(run, argument))) as R,
        show: () => page.bringToFront(),
        freeze: () => setState('frozen'),
        thaw: () => setState('active'),
        setOffline: (offline) => page.setOfflineMode(offline),
        close: () => page.close(),
      };
      await tab.show();
      return tab;
    },
    close: () => browser.close(),
  };
}
