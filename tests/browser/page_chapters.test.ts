// The chapters, driven as a person would: by what stands on the page.
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { makeJwt } from '../js/support/tokens.ts';
import { axeFindings } from './support/axe.ts';
import { watchConsole } from './support/complaints.ts';
import { focusByTab, focusedName, pressOn } from './support/keyboard.ts';
import { useSuite } from './support/suite.ts';

describe('the chapters of the page', () => {
  const suite = useSuite();

  async function open(t: TestContext, id: string, options = ''): Promise<Page> {
    const page = await suite().newPage(t);
    const complaints = await watchConsole(page);
    t.after(() => assert.deepEqual(complaints, []));
    await page.goto(`${suite().server.origin}/${options}#/${id}`);
    await page.locator(`#chapter[data-chapter="${id}"]`).waitFor();
    return page;
  }

  async function signIn(page: Page, name = 'Ada, user'): Promise<void> {
    await page.getByRole('button', { name: `Sign in as ${name}` }).click();
    await page.locator('#session-bar[data-state="signed-in"]').waitFor();
  }

  test('every chapter opens by its link and by keyboard, names itself, and has no axe violation', async (t) => {
    // The last one, so that each link leads elsewhere.
    const page = await open(t, 'bench');
    await signIn(page);
    const links = page.locator('#chapters a');
    for (let index = 0; index < (await links.count()); index += 1) {
      const link = links.nth(index);
      const title = (await link.textContent()) ?? '';
      await link.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      assert.equal(await link.getAttribute('aria-current'), 'page');
      assert.match(await page.title(), new RegExp(title));
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        assert.deepEqual(await axeFindings(page), [], `${title}, ${colorScheme}`);
      }
    }
  });

  test('a guess is answered', async (t) => {
    const page = await open(t, 'jwt');
    await page.getByRole('button', { name: 'Everything' }).click();
    await page.getByText('So it is.').waitFor();
    await page.getByRole('button', { name: 'Only the header' }).click();
    await page.getByText('Many think so.').waitFor();
  });

  test('chapter 1 reads the own token, in words, and what one types', async (t) => {
    const page = await open(t, 'jwt');
    await signIn(page);
    await page.locator('[data-words="exp"]', { hasText: /^Expires in 1[45] min/ }).waitFor();
    assert.equal(await page.locator('[data-claim="role"]').textContent(), 'user');

    await page.getByLabel('The token', { exact: true }).fill(makeJwt({ name: 'Grace', iat: 1 }));
    await page.locator('[data-claim="name"]', { hasText: 'Grace' }).waitFor();
    await page.locator('[data-finding="missing_expiry"]').waitFor();
    const parts = page.locator('.token-colours > [class^="part-"]');
    assert.equal(await parts.count(), 3, 'three colours');
  });

  test('chapter 1 points at the very character that is wrong', async (t) => {
    const page = await open(t, 'jwt');
    const [header = '', payload = '', signature = ''] = makeJwt({ name: 'Ada' }).split('.');
    const area = page.getByLabel('The token', { exact: true });
    await area.fill(`${header}.${payload.slice(0, 5)}!${payload.slice(5)}.${signature}`);
    assert.equal(await page.locator('mark.broken').first().textContent(), '!');
    await page.getByText(`Character ${header.length + 7} of the token, in the payload.`).waitFor();
    await page.getByRole('button', { name: 'Go there' }).click();
    const selected = await area.evaluate((element) =>
      element instanceof HTMLTextAreaElement ? element.selectionStart : -1,
    );
    assert.equal(selected, header.length + 6);

    await area.fill(`${header}.${payload}`);
    await page.locator('#token-error', { hasText: 'does not have three parts' }).waitFor();
    await page.getByRole('button', { name: 'Add a stray character' }).click();
    await area.fill(makeJwt({ name: 'Ada' }));
    await page.getByRole('button', { name: 'Break the JSON' }).click();
    await page.locator('#token-error', { hasText: 'not JSON' }).waitFor();
    assert.equal(await page.locator('.decoded-place mark').textContent(), ',');
  });

  test('chapter 1 takes a pasted megabyte without laying it out', async (t) => {
    const page = await open(t, 'jwt');
    const token = makeJwt({ name: 'Ada', text: 'x'.repeat(760_000) });
    await page.getByLabel('The token', { exact: true }).evaluate((element, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', text);
      element.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    }, token);
    await page.getByText(`${token.length.toLocaleString('en')} characters: only`).waitFor();
    await page.locator('[data-claim="name"]', { hasText: 'Ada' }).waitFor();
    const shown = await page.locator('#chapter').evaluate((main) => main.outerHTML.length);
    assert.ok(shown < 50_000, `${shown} characters on the page`);
  });

  test('chapter 2: a changed role is seen here and refused there', async (t) => {
    const page = await open(t, 'signed');
    await signIn(page);
    await page.locator('#checked-here', { hasText: 'the signature matches' }).waitFor();
    await page.getByLabel('role').selectOption('admin');
    await page.locator('#checked-here', { hasText: 'the signature does not match' }).waitFor();
    assert.ok((await page.locator('#forged mark.changed').count()) > 0, 'the place that broke');
    await page.getByRole('button', { name: 'Send it to the server' }).click();
    await page
      .locator('#server-says', { hasText: 'The server: 401. The signature does not match.' })
      .waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('#checked-here', { hasText: 'the signature matches' }).waitFor();
    await page.getByRole('button', { name: 'Send it to the server' }).click();
    await page.locator('#server-says', { hasText: 'The server: 200. Hello, Ada' }).waitFor();
  });

  test('chapter 2: each forged token is refused with its reason', async (t) => {
    const page = await open(t, 'signed');
    await signIn(page, 'Grace, admin');
    await page.getByRole('button', { name: 'Send all five' }).click();
    await page.locator('[data-answer="expired"] strong').waitFor();
    const said = async (id: string) =>
      (await page.locator(`[data-answer="${id}"]`).textContent()) ?? '';
    assert.match(await said('mine'), /^200 Hello, Grace Hopper/);
    assert.equal(await said('role'), '401 The signature does not match');
    assert.equal(await said('none'), '401 The algorithm is not allowed');
    assert.equal(await said('key'), '401 The signature does not match');
    assert.equal(await said('expired'), '401 The token has expired');
  });

  test('chapter 2 in cookie mode says that there is no token to change, and offers memory', async (t) => {
    const page = await open(t, 'signed', '?mode=cookie');
    await signIn(page);
    await page.getByText('it is in an HttpOnly cookie').waitFor();
    await page.getByRole('button', { name: 'Use memory, as Ada' }).click();
    await page.locator('#checked-here', { hasText: 'the signature matches' }).waitFor();
  });

  test('chapters 1 and 2 by keyboard alone, signing in included', async (t) => {
    const page = await open(t, 'jwt');
    const press = (name: string, key: string) => pressOn(page, name, key);
    const role = page.locator('[data-claim="role"]');
    await press('Everything', 'Space');
    await page.getByText('So it is.').waitFor();
    await press('Get a token: sign in as Ada', 'Enter');
    await role.waitFor();
    assert.equal(await focusedName(page), 'My access token', 'the focus stays');
    await focusByTab(page, 'The token');
    await page.keyboard.press('End');
    await page.keyboard.type('!');
    await page.locator('mark.broken', { hasText: '!' }).first().waitFor();
    await press('Go there', 'Enter');
    await page.keyboard.press('Delete');
    await role.waitFor();

    await press('Next: Signed is not encrypted', 'Enter');
    await page.locator('#checked-here', { hasText: 'the signature matches' }).waitFor();
    assert.equal(await focusedName(page), 'Signed is not encrypted');
    await press('role', 'ArrowDown');
    await page.locator('#checked-here', { hasText: 'does not match' }).waitFor();
    await press('Send it to the server', 'Enter');
    await page.locator('#server-says', { hasText: 'The server: 401.' }).waitFor();
    await press('Send all five', 'Enter');
    await page.locator('[data-answer="expired"] strong').waitFor();
    assert.equal(await focusedName(page), 'Send all five');
  });
});
