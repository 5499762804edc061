// Does in each chapter what a visitor does, so that a picture of it shows something.

/** @typedef {import('playwright-core').Page} Page */

/** @type {Record<string, (page: Page) => Promise<void>>} */
const ACTS = {
  signed: async (page) => {
    await page.getByLabel('role').selectOption('user');
    await page.getByRole('button', { name: 'Send it to the server' }).click();
    await page.getByText('The server: 401').waitFor();
    await page.getByRole('button', { name: 'Send all five' }).click();
    await page.locator('[data-answer="expired"] strong').waitFor();
    // For pictures of a window's height: what was done, not how it began.
    await page.locator('#server-says').evaluate((line) => line.scrollIntoView());
  },
  storage: async (page) => {
    await page.getByRole('button', { name: 'Run the attacker’s script' }).click();
    await page.getByText('still worked in 0 of 5').waitFor();
    await page.getByRole('button', { name: 'Sign in by cookie' }).click();
    await page.getByText('Ada is signed in by cookie').waitFor();
    await page.getByRole('button', { name: 'without the header' }).click();
    await page.getByText('403: The X-CSRF').waitFor();
  },
  revoke: async (page) => {
    await page.getByRole('button', { name: 'Sign both in' }).click();
    await page.locator('.strip [data-kind="good"]').first().waitFor();
    await page.getByRole('button', { name: 'Ban Ada' }).click();
    await page.getByRole('rowheader', { name: /^sub / }).waitFor();
  },
  compare: async (page) => {
    await page.getByRole('button', { name: 'Measure' }).click();
    await page.getByText('Measured just now').waitFor();
  },
  bench: async (page) => {
    await page.getByRole('button', { name: 'Call 50 times at once' }).click();
    await page.getByText('50 calls answered').waitFor();
  },
  jwt: async (page) => {
    await page.locator('[data-claim="exp"]').waitFor();
    if (process.env['BROKEN'] !== undefined) {
      await page.getByRole('button', { name: 'Break the JSON' }).click();
      await page.locator('#token-error').waitFor();
    }
  },
};

/** @param {Page} page @param {string} id */
export async function show(page, id) {
  const signIn = page.getByRole('button', { name: 'Sign in as Grace, admin' });
  if (await signIn.isVisible()) {
    await signIn.click();
    await page.locator('#session-bar[data-state="signed-in"]').waitFor();
  }
  await ACTS[id]?.(page);
}
