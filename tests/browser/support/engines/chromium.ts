import { type Browser, chromium, type Page } from 'playwright-core';
import { PATIENCE_MS } from '../until.ts';
import { CHROMIUM, CHROMIUM_FLAGS } from './chromium_flags.ts';
import type { EngineBrowser, Tab } from './engine.ts';
import { expressionOf } from './expression.ts';

export function launchChromium(httpProxy?: string): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    timeout: PATIENCE_MS,
    ...(httpProxy === undefined ? {} : { proxy: { server: `http://${httpProxy}` } }),
    // People's browsers have the back/forward cache.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    args: CHROMIUM_FLAGS,
  });
}

export async function openChromium(httpProxy?: string): Promise<EngineBrowser> {
  const browser = await launchChromium(httpProxy);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  context.setDefaultTimeout(PATIENCE_MS);
  return {
    version: browser.version(),
    newTab: async () => tabOf(await context.newPage()),
    close: () => browser.close(),
  };
}

export function tabOf(page: Page): Tab {
  return {
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
}
