import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { Lane } from '../lane/lane.ts';
import { forPage } from './bundle.ts';
import { type Engine, once } from './engine.ts';
import type { PageServer } from './page_server.ts';

declare global {
  var lane: Lane;
}

/** A page for each lane, in a context of its own. */
export function pageLanes(browser: Browser, server: PageServer): Engine {
  const served = once(async (subject: Parameters<typeof forPage>[0]) => {
    server.put(`/${subject}.js`, readFileSync(await forPage(subject)));
    return `${server.origin}/page/${subject}`;
  });
  return {
    name: `Chromium ${browser.version().split('.')[0]}`,
    open: async (subject) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      // Several open at once, and the computer may have other work.
      await page.goto(await served(subject), { timeout: 0 });
      return {
        ask: (...question) =>
          page.evaluate(
            ([what, row, count, milliseconds]) => globalThis.lane[what](row, count, milliseconds),
            question,
          ),
        close: () => context.close(),
      };
    },
  };
}
