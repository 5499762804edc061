// A page used without a pointer.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** What is in focus, by its label or else by its text. */
export const focusedName = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => {
    const focused = document.activeElement;
    const labels =
      focused instanceof HTMLSelectElement || focused instanceof HTMLTextAreaElement
        ? focused.labels
        : undefined;
    return labels?.[0]?.textContent ?? focused?.textContent ?? undefined;
  });

/** Tab after Tab, until that is in focus. */
export async function focusByTab(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 100; step += 1) {
    if ((await focusedName(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`No way by Tab to: ${name}`);
}

/** Goes there by Tab, and presses a key. */
export async function pressOn(page: Page, name: string, key: string): Promise<void> {
  await focusByTab(page, name);
  await page.keyboard.press(key);
}
