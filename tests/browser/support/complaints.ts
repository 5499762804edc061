import type { Page } from 'playwright-core';
import { ENGINE } from './demo_server.ts';

/** Every error, warning and violation of the policy that the page has from now on. */
export async function watchConsole(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Chromium's own note on a refusal that the page has asked for.
    if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.exposeFunction('reportViolation', (text: string) => {
    // The one attempt to have WebAssembly, where the policy forbids it (P2).
    if (ENGINE !== 'js' || text !== 'script-src wasm-eval') complaints.push(text);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      (globalThis as unknown as { reportViolation(text: string): void }).reportViolation(
        `${event.violatedDirective} ${event.blockedURI}`,
      );
    });
  });
  return complaints;
}
