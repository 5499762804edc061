import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Locator, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A chapter of the demo page, used as a person would. What the console says against it is kept. */
export class ChapterPage {
  readonly page: Page;
  readonly #complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(page: Page, origin: string, link: string): Promise<ChapterPage> {
    const chapter = new ChapterPage(page);
    await chapter.#watch();
    await page.goto(`${origin}/#/${link}`);
    await page.locator('h1').waitFor();
    return chapter;
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Waits until a line of the page says so. */
  async says(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** The cells of a row, by the caption of its table and its heading. */
  async row(caption: string, heading: string): Promise<string[]> {
    const row = this.page
      .getByRole('table', { name: caption })
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name: heading, exact: true }) });
    return row.getByRole('cell').allTextContents();
  }

  async headings(caption: string): Promise<string[]> {
    const table = this.page.getByRole('table', { name: caption });
    return table.getByRole('rowheader').allTextContents();
  }

  /** No error on the console and no violation of the policy since it was opened. */
  assertQuiet(): void {
    assert.deepEqual(this.#complaints, []);
  }

  /** No violation by axe-core, in light and dark, and nothing wider than the window. */
  async assertAccessible(): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await this.#findings(), [], colorScheme);
    }
    const before = this.page.viewportSize();
    for (const width of [320, 1280]) {
      await this.page.setViewportSize({ width, height: 800 });
      const excess = await this.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(excess, 0, `${width} pixels`);
    }
    if (before !== null) await this.page.setViewportSize(before);
  }

  async #findings(): Promise<string[]> {
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate(async (values) => {
      const { axe } = globalThis as unknown as {
        axe: { run(context: Document, options: object): Promise<AxeResults> };
      };
      return axe.run(document, { runOnly: values });
    }, STANDARDS);
    return violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.map((node) => String(node.target)).join(' ')}`,
    );
  }

  async #watch(): Promise<void> {
    this.page.on('console', (message) => {
      // Chromium's own note on a refusal, and refusals are what these chapters are about.
      if (message.type() !== 'error' || message.text().startsWith('Failed to load resource'))
        return;
      this.#complaints.push(message.text());
    });
    this.page.on('pageerror', (error) => this.#complaints.push(error.message));
    await this.page.exposeFunction('reportViolation', (text: string) => {
      this.#complaints.push(text);
    });
    await this.page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        (globalThis as unknown as { reportViolation(text: string): void }).reportViolation(
          `${event.violatedDirective} ${event.blockedURI}`,
        );
      });
    });
  }
}
