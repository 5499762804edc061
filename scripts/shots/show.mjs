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
  refresh: async (page) => {
    await page.getByRole('button', { name: '3 s', exact: true }).click();
    await page.getByText('forgiven for 3 s').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('button', { name: '20 calls' }).click();
    await page.getByText('20 of 20 calls got 200').waitFor();
    for (const name of ['The lesson’s ten lines', 'Without single flight']) {
      await page.getByRole('button', { name: `The same: ${name.replace(/^./, lower)}` }).click();
      await page.getByRole('rowheader', { name }).waitFor();
    }
    await steal(page);
    // Back to the calls, which the theft came after.
    await page.getByRole('button', { name: 'Earlier' }).click();
    await page.locator('#devtools').evaluate((drawing) => drawing.scrollIntoView());
  },
  storage: async (page) => {
    await page.getByRole('button', { name: 'Run the attacker’s script' }).click();
    await page.getByText('still worked in 0 of 5').waitFor();
    await page.getByRole('button', { name: 'Sign in by cookie' }).click();
    await page.getByText('Ada is signed in by cookie').waitFor();
    await page.getByRole('button', { name: 'without the header' }).click();
    await page.getByText('403: The X-CSRF').waitFor();
    await page.locator('#attack .status').evaluate((line) => line.scrollIntoView());
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

const lower = (/** @type {string} */ letter) => letter.toLowerCase();

/** The thief redeems the refresh token; its owner comes when the grace window is over. */
async function steal(/** @type {Page} */ page) {
  const opened = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'Steal it' }).click();
  const thief = await opened;
  await thief.waitForFunction(() => {
    const loot = document.querySelector('#loot');
    return loot instanceof HTMLTextAreaElement && loot.value !== '';
  });
  await thief.getByRole('button', { name: 'Redeem it' }).click();
  await thief.getByText('The server gave the thief new tokens').waitFor();
  await page.locator('#theft-says', { hasText: 'The grace window is over' }).waitFor();
  await page.getByRole('button', { name: 'Go on as yourself' }).click();
  await page.getByText('It ended the whole family').waitFor();
  await page.getByRole('img', { name: /ended: / }).waitFor();
  await thief.close();
}

/** @param {Page} page @param {string} id */
export async function show(page, id) {
  const signIn = page.getByRole('button', { name: 'Sign in as Grace, admin' });
  if (await signIn.isVisible()) {
    await signIn.click();
    await page.locator('#session-bar[data-state="signed-in"]').waitFor();
  }
  await ACTS[id]?.(page);
}
