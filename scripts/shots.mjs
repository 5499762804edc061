// npm run shots [-- chapter …] [-- --look …]: each chapter in each look, into build/shots/, to be looked at.
// npm run shots -- --pictures: those of the README, into docs/pictures/.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, runMain } from './lib/run.mjs';

/** @typedef {{ width: number, height: number, colorScheme?: 'dark', forcedColors?: 'active' }} Look */
/** @typedef {{ folder: string, look: Look, suffix: string, fullPage: boolean }} Shoot */

const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** @type {Record<string, Look>} */
const LOOKS = {
  'wide-light': WIDE,
  'wide-dark': { ...WIDE, colorScheme: 'dark' },
  'phone-light': PHONE,
  'phone-dark': { ...PHONE, colorScheme: 'dark' },
  narrow: { width: 320, height: 640 },
  'forced-light': { ...WIDE, forcedColors: 'active' },
  'forced-dark': { ...WIDE, colorScheme: 'dark', forcedColors: 'active' },
};
const PICTURES = ['jwt', 'signed', 'refresh', 'storage'];

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
  async function shoot({ folder, look, suffix, fullPage }, asked) {
    mkdirSync(join(root, folder), { recursive: true });
    const { width, height, colorScheme = 'light', forcedColors = 'none' } = look;
    const page = await browser.newPage({
      viewport: { width, height },
      colorScheme,
      forcedColors,
      reducedMotion: 'reduce',
    });
    await page.goto(server.origin);
    const links = await page
      .locator('#chapters a')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    for (const id of links.map((link) => link.slice(2))) {
      if (asked.length > 0 && !asked.includes(id)) continue;
      await page.goto(`${server.origin}/#/${id}`);
      await show(page, id);
      // Nothing is pointed at.
      await page.mouse.move(0, 0);
      if (fullPage) await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(root, folder, `${id}${suffix}.png`), fullPage });
    }
    await page.close();
  }

  const asked = process.argv.slice(2);
  try {
    if (asked.includes('--pictures')) {
      await shoot({ folder: 'docs/pictures', look: WIDE, suffix: '', fullPage: false }, PICTURES);
    } else {
      const chapters = asked.filter((one) => !one.startsWith('--'));
      const looks = asked.filter((one) => one.startsWith('--')).map((one) => one.slice(2));
      for (const [name, look] of Object.entries(LOOKS)) {
        if (looks.length > 0 && !looks.some((one) => name.startsWith(one))) continue;
        const how = { folder: 'build/shots', look, suffix: `-${name}`, fullPage: true };
        await shoot(how, chapters);
      }
    }
  } finally {
    // Else a chapter that cannot be shown would keep this waiting for ever.
    await browser.close();
    await server.stop();
  }
});
