// npm run shots [-- chapter …]: the page's chapters at two sizes, light and dark, into build/shots/, to be looked at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root, runMain } from './lib/run.mjs';
import { startDemoServer } from '../tests/browser/support/demo_server.ts';
import { CHROMIUM, CHROMIUM_FLAGS } from '../tests/browser/support/engines/chromium_flags.ts';
import { show } from './shots/show.mjs';

const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

await runMain(import.meta, async () => {
  const asked = process.argv.slice(2);
  const folder = join(root, 'build/shots');
  mkdirSync(folder, { recursive: true });
  const server = await startDemoServer({ DEMO: 'on' });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
      await page.goto(server.origin);
      const links = await page
        .locator('#chapters a')
        .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
      for (const link of links) {
        const id = link?.slice(2) ?? '';
        if (asked.length > 0 && !asked.includes(id)) continue;
        await page.goto(`${server.origin}/${link}`);
        await show(page, id);
        await page.screenshot({
          path: join(folder, `${id}-${size}-${colorScheme}.png`),
          fullPage: true,
        });
      }
      await page.close();
    }
  }
  await browser.close();
  await server.stop();
});
