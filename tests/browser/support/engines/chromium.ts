import { chromium } from 'playwright-core';
import { which } from '../../../../scripts/lib/run.mjs';
import type { EngineBrowser, Tab } from './engine.ts';
import { expressionOf } from './expression.ts';

export async function openChromium(): Promise<EngineBrowser> {
  const browser = await chromium.launch({
    executablePath: which('chromium') ?? '/usr/bin/chromium',
    // People's browsers have the back/forward cache.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  return {
    newTab: async () => {
      const page = await context.newPage();
      const tab: Tab = {
        goto: async (url) => {
          await page.goto(url);
        },
        show: () => page.bringToFront(),
        // A page that comes back from the cache is not loaded: there is no such event to wait for.
        back: async () => {
          await page.goBack({ waitUntil: 'commit' });
        },
        evaluate: (run, argument) => page.evaluate(expressionOf(run, argument)),
        close: () => page.close(),
      };
      return tab;
    },
    close: () => browser.close(),
  };
}
