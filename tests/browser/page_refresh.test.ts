// Chapter 3, driven as a person would: calls and what they cost, faults, and a theft.
import assert from 'node:assert/strict';
import { beforeEach, describe, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings } from './support/axe.ts';
import { watchConsole } from './support/complaints.ts';
import { focusedName, pressOn } from './support/keyboard.ts';
import { useSuite } from './support/suite.ts';

describe('chapter 3 of the page', () => {
  const suite = useSuite();

  // A test that has failed leaves the rules as it made them.
  beforeEach(async () => {
    await suite().server.setRules({ accessTokenSeconds: 900, refreshGraceSeconds: 10 });
  });

  async function open(t: TestContext): Promise<Page> {
    const page = await suite().newPage(t);
    const complaints = await watchConsole(page);
    t.after(() => assert.deepEqual(complaints, []));
    await page.goto(`${suite().server.origin}/#/refresh`);
    await page.getByRole('button', { name: 'Sign in as Ada, user' }).click();
    await page.locator('#session-bar[data-state="signed-in"]').waitFor();
    return page;
  }

  const press = (page: Page, name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).click();

  /** Waits until the thief's window has what was stolen. */
  const holdsLoot = (thief: Page): Promise<unknown> =>
    thief.waitForFunction(
      () => (document.querySelector<HTMLTextAreaElement>('#loot')?.value ?? '') !== '',
    );

  /** Of the table that compares: what a way has cost, by the heads. */
  async function costOf(page: Page, way: string): Promise<Record<string, string>> {
    const row = page.locator('#race-results tbody tr', { hasText: way });
    await row.waitFor();
    const heads = await page.locator('#race-results thead th').allTextContents();
    const cells = await row.locator('th, td').allTextContents();
    return Object.fromEntries(heads.map((head, index) => [head, cells[index] ?? '']));
  }

  test('twenty calls: one refresh, and the diagram, the table and the pointed-at line say the same', async (t) => {
    const page = await open(t);
    await press(page, '20 calls');
    await page.getByText('bearerkit: 20 of 20 calls got 200, with 1 refresh.').waitFor();
    const cost = await costOf(page, 'bearerkit');
    assert.equal(cost['Sent'], '40');
    assert.equal(cost['401s'], '20');
    assert.equal(cost['Refreshes asked'], '1');
    assert.equal(cost['Afterwards'], 'The next call: 200');

    const line = page.locator('#devtools tbody tr', { hasText: 'GET #1' }).first();
    assert.match(await line.innerText(), /401 → refresh #1 → sent again 200/);
    const option = page.getByRole('option', { name: /^GET #1 401 → refresh #1 → sent again 200/ });
    await option.hover();
    assert.match(await page.locator('#devtools .said').innerText(), /^GET #1 401 → refresh #1/);

    // By keyboard, from the refresh down to the first call.
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Home');
    assert.match(await page.locator('#devtools .said').innerText(), /^Refresh #1 succeeded/);
    await page.keyboard.press('ArrowDown');
    assert.match(await page.locator('#devtools .said').innerText(), /^GET #1/);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await axeFindings(page), [], colorScheme);
    }
    await page.setViewportSize({ width: 320, height: 700 });
    const excess = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(excess, 0, 'fits a narrow window');
  });

  test('without a grace window each call that refreshes by itself ends the session, and bearerkit does not', async (t) => {
    const page = await open(t);
    await press(page, 'none');
    await page.getByText('A used refresh token is never forgiven now.').waitFor();
    await press(page, '20 calls');
    await page.locator('#race-says', { hasText: 'with 1 refresh.' }).waitFor();
    await press(page, 'The same: without single flight');
    const cost = await costOf(page, 'Without single flight');
    assert.equal(cost['Refreshes asked'], '20');
    assert.equal(cost['Sessions ended'], '1');
    assert.equal(cost['Afterwards'], 'Signed out');
    assert.equal((await costOf(page, 'bearerkit'))['Sessions ended'], '0');
    await press(page, 'The same: the lesson’s ten lines');
    assert.match((await costOf(page, 'The lesson’s ten lines'))['Sent'] ?? '', /^\d+$/);
    // What runs is what is shown.
    await page.getByText('The code: without single flight').click();
    await page.getByText('function eachForItself(').waitFor();
  });

  test('lost answers cost more refreshes and no session', async (t) => {
    const page = await open(t);
    await page
      .getByLabel('Fault')
      .selectOption({ label: 'Answers to refreshes are lost, for 1 s' });
    await press(page, '1 call');
    const cost = await costOf(page, 'bearerkit');
    assert.match(cost['Refreshes asked'] ?? '', /^\d+, [1-9]\d* forgiven$/);
    assert.equal(cost['Sessions ended'], '0');
    assert.equal(cost['Afterwards'], 'The next call: 200');
    await page
      .locator('#devtools tbody tr', { hasText: 'failed for the moment' })
      .first()
      .waitFor();
  });

  test('a stolen refresh token: the server notices the second use, and ends the family', async (t) => {
    const page = await open(t);
    await press(page, 'none');
    const opened = page.context().waitForEvent('page');
    await press(page, 'Steal it: open the thief’s window');
    const thief = await opened;
    const complaints = await watchConsole(thief);
    await holdsLoot(thief);
    await press(thief, 'Redeem it');
    await thief.locator('#thief-says', { hasText: 'new tokens, as Ada' }).waitFor();
    await press(thief, 'Call the API as the victim');
    await thief.locator('#thief-says', { hasText: '200' }).waitFor();
    assert.deepEqual(await axeFindings(thief), []);
    await page.locator('#family', { hasText: '#2' }).waitFor();
    assert.match(await page.locator('#status').innerText(), /Signed in as Ada/, 'nobody notices');

    await press(page, 'Go on as yourself: refresh');
    const story = page.locator('#theft-story');
    await story.getByText('You are signed out: refresh_rejected').waitFor();
    await story.getByText('token 1 came again after its grace window').waitFor();
    await page.locator('#status', { hasText: 'a refresh token came twice' }).waitFor();
    await page.locator('#family', { hasText: 'too late' }).waitFor();
    await page.getByRole('img', { name: /ended: reuse detected/ }).waitFor();

    await press(thief, 'Redeem it');
    await thief.locator('#thief-says', { hasText: 'The server refused the thief.' }).waitFor();
    assert.deepEqual(complaints, []);
  });

  test('tokens of 10 s are seen at the top, and the rules are put back on leaving', async (t) => {
    const page = await open(t);
    const ten = page
      .getByRole('group', { name: 'An access token lives' })
      .getByRole('button', { name: '10 s' });
    await ten.click();
    await page.getByText('It lives for 10 s').waitFor();
    assert.equal(await ten.getAttribute('aria-pressed'), 'true');
    const rulesAt = async (): Promise<number> =>
      page.evaluate(async () => {
        const rules = (await (await fetch('/demo/settings')).json()) as {
          accessTokenSeconds: number;
        };
        return rules.accessTokenSeconds;
      });
    assert.equal(await rulesAt(), 10);
    await page.getByRole('link', { name: 'What a JWT is' }).first().click();
    await page.locator('#chapter[data-chapter="jwt"]').waitFor();
    for (let tries = 0; (await rulesAt()) !== 900; tries += 1) assert.ok(tries < 100);
  });

  test('calls and a theft by keyboard alone', async (t) => {
    const page = await open(t);
    await pressOn(page, 'none', 'Space');
    await page.getByText('A used refresh token is never forgiven now.').waitFor();
    await pressOn(page, '20 calls', 'Enter');
    await page.getByText('bearerkit: 20 of 20 calls got 200, with 1 refresh.').waitFor();
    assert.equal(await focusedName(page), '20 calls', 'the focus stays');

    const opened = page.context().waitForEvent('page');
    await pressOn(page, 'Steal it: open the thief’s window', 'Enter');
    const thief = await opened;
    await holdsLoot(thief);
    await pressOn(thief, 'Redeem it', 'Enter');
    await thief.locator('#thief-says', { hasText: 'new tokens, as Ada' }).waitFor();
    await page.locator('#theft-says', { hasText: 'go on as yourself now' }).waitFor();

    await page.bringToFront();
    await pressOn(page, 'Go on as yourself: refresh', 'Enter');
    await page.locator('#theft-story').getByText('It ended the whole family').waitFor();
    await page.locator('#theft-says', { hasText: 'You can sign in again.' }).waitFor();
    assert.equal(await focusedName(page), 'Go on as yourself: refresh');
  });
});
