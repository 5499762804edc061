import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { watchConsole } from './complaints.ts';

/** A chapter of the demo page, used as a person would. What the console says against it is kept. */
export class ChapterPage {
  readonly page: Page;
  readonly #complaints: readonly string[];

  private constructor(page: Page, complaints: readonly string[]) {
    this.page = page;
    this.#complaints = complaints;
  }

  static async open(page: Page, origin: string, link: string): Promise<ChapterPage> {
    const chapter = new ChapterPage(page, await watchConsole(page));
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
      assert.deepEqual(await axeFindings(this.page), [], colorScheme);
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
}
