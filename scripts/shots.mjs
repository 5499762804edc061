// npm run shots [-- chapter …]: the page's chapters at two sizes, light and dark, into build/shots/, to be looked at.
// npm run shots -- --pictures: those of the README, into docs/pictures/.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, runMain } from './lib/run.mjs';

/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ folder: string, size: Size, colorScheme: 'light' | 'dark', suffix: string, fullPage: boolean }} Shoot */

const WIDE = { width: 1280, height: 800 };
const SIZES = { wide: WIDE, phone: { width: 390, height: 844 } };
const PICTURES = ['jwt', 'signed'];

await runMain(import.meta, async () => {
  // Needs npm's packages, and TypeScript by tsx.
  const { chromium } = await import('playwright-core');
  const { startDemoServer } = await import('../tests/browser/support/demo_server.ts');
  const { CHROMIUM, CHROMIUM_FLAGS } =
    await import('../tests/browser/support/engines/chromium_flags.ts');
  const { show } = await import('./shots/show.mjs');

  const server = await startDemoServer();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });

  /** @param {Shoot} how @param {readonly string[]} asked */
  async function shoot({ folder, size, colorScheme, suffix, fullPage }, asked) {
    mkdirSync(join(root, folder), { recursive: true });
    const page = await browser.newPage({ viewport: size, colorScheme, reducedMotion: 'reduce' });
    await page.goto(server.origin);
    const links = await page
      .locator('#chapters a')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    for (const id of links.map((link) => link.slice(2))) {
      if (asked.length > 0 && !asked.includes(id)) continue;
      await page.goto(`${server.origin}/#/${id}`);
      await show(page, id);
      if (fullPage) await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(root, folder, `${id}${suffix}.png`), fullPage });
    }
    await page.close();
  }

  const asked = process.argv.slice(2);
  if (asked.includes('--pictures')) {
    const how = { folder: 'docs/pictures', size: WIDE, suffix: '', fullPage: false };
    await shoot({ ...how, colorScheme: 'light' }, PICTURES);
  } else {
    for (const [name, size] of Object.entries(SIZES)) {
      for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        const suffix = `-${name}-${colorScheme}`;
        await shoot({ folder: 'build/shots', size, colorScheme, suffix, fullPage: true }, asked);
      }
    }
  }
  await browser.close();
  await server.stop();
});
