import puppeteer from 'puppeteer-core';
import { which } from '../../../../scripts/lib/run.mjs';
import { PATIENCE_MS, until } from '../until.ts';
import type { EngineBrowser, Tab } from './engine.ts';
import { expressionOf } from './expression.ts';

/** Firefox over WebDriver BiDi; the profile is a temporary one of the launcher's. */
export async function openFirefox(httpProxy?: string): Promise<EngineBrowser> {
  const [host, port] = httpProxy?.split(':') ?? [];
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: which('firefox-esr') ?? '/usr/bin/firefox-esr',
    headless: true,
    protocol: 'webDriverBiDi',
    acceptInsecureCerts: true,
    timeout: PATIENCE_MS,
    protocolTimeout: PATIENCE_MS,
    extraPrefsFirefox:
      httpProxy === undefined
        ? {}
        : {
            'network.proxy.type': 1, // as set by hand
            'network.proxy.http': host,
            'network.proxy.http_port': Number(port),
          },
  });
  return {
    // As `firefox/153.7.0`.
    version: (await browser.version()).replace('firefox/', ''),
    newTab: async () => {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      const tab: Tab = {
        goto: async (url) => {
          await page.goto(url);
        },
        show: () => page.bringToFront(),
        back: async () => {
          const from = page.url();
          // A page that comes back from the cache is not loaded: the launcher would wait for that.
          await page.evaluate('void setTimeout(() => history.back())');
          await until('Firefox has gone back', async () => {
            const at = await page.evaluate('location.href').catch(() => from);
            return at !== from;
          });
        },
        evaluate: async <A, R>(run: (argument: A) => R | Promise<R>, argument: A) =>
          (await page.evaluate(expressionOf(run, argument))) as R,
        close: () => page.close(),
      };
      return tab;
    },
    close: () => browser.close(),
  };
}
