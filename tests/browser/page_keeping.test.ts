// Chapters 4 to 6 of the demo page, used as a person would.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { ChapterPage } from './support/chapter.ts';
import { focusedName, pressOn } from './support/keyboard.ts';
import { useSuite } from './support/suite.ts';

describe('the demo page, chapters 4 to 6', () => {
  const suite = useSuite();
  const open = async (t: TestContext, link: string): Promise<ChapterPage> => {
    const chapter = await ChapterPage.open(await suite().newPage(t), suite().server.origin, link);
    t.after(() => chapter.assertQuiet());
    return chapter;
  };

  test('where to keep it: the attacker’s script in each storage', async (t) => {
    const chapter = await open(t, 'storage');
    await chapter.button('In memory').click();
    await chapter.says('It calls the API as you from all five');
    await chapter.button('Run the attacker’s script').click();
    await chapter.says('what it took still worked in 0 of 5');

    const row = (keep: string) => chapter.row('What the script got', keep);
    const [readNow, took, home, later] = [0, 2, 3, 4];
    for (const keep of ['Memory', 'sessionStorage', 'localStorage', 'Hybrid', 'Cookies only']) {
      const cells = await row(keep);
      assert.equal(cells.length, 5, keep);
      assert.match(cells[1] ?? '', /called the API as Ada/, keep);
    }
    const memory = await row('Memory');
    assert.equal(memory[readNow], 'Nothing');
    assert.match(memory[1] ?? '', /heard both tokens/);
    assert.equal(memory[took], 'Both tokens');
    assert.equal(memory[later], 'Nothing to find.');
    for (const keep of ['sessionStorage', 'localStorage']) {
      const cells = await row(keep);
      assert.equal(cells[readNow], 'Both tokens', keep);
      assert.match(cells[home] ?? '', /got new tokens/, keep);
      assert.match(cells[later] ?? '', /^Both tokens\. It called the API/, keep);
    }
    const hybrid = await row('Hybrid');
    assert.equal(hybrid[readNow], 'Nothing');
    assert.equal(hybrid[took], 'The access token');
    assert.match(hybrid[home] ?? '', /until the token expires/);
    assert.match(hybrid[later] ?? '', /given by the server/);
    const cookie = await row('Cookies only');
    assert.equal(cookie[readNow], 'Nothing');
    assert.equal(cookie[took], 'Nothing');
    assert.equal(cookie[home], 'Nothing works there.');
    assert.match(cookie[later] ?? '', /^No token\. It called the API/);

    await chapter.page.getByText('See what it took').click();
    await chapter.says(/localStorage: refresh token .+… \(read in a storage\)/);
    await chapter.assertAccessible();
  });

  test('where to keep it: the script finds no session of the page itself', async (t) => {
    const chapter = await open(t, 'storage');
    await chapter.button('Sign in as Grace, admin').click();
    await chapter.page.locator('#session-bar[data-state="signed-in"]').waitFor();
    await chapter.button('Run the attacker’s script').click();
    await chapter.says('what it took still worked in 0 of 5');
    assert.doesNotMatch((await chapter.page.locator('main').textContent()) ?? '', /as Grace/);
    await chapter.page.locator('#session-bar[data-state="signed-out"]').waitFor();
  });

  test('where to keep it: a form on another site is refused, and says by what', async (t) => {
    const chapter = await open(t, 'storage');
    await chapter.button('Sign in by cookie').click();
    await chapter.says('Ada is signed in by cookie. Her call of the API gets 200.');
    for (const name of ['sign Ada out', 'write in her name', 'use up her refresh token']) {
      const other = await pageOpenedBy(chapter.page, () =>
        chapter.page.getByRole('link', { name }).click(),
      );
      await other.getByText('error_description').waitFor();
      await other.close();
    }
    await chapter.says('Ada is unharmed: Her call of the API gets 200.');
    const row = (heading: string) => chapter.row('What reached the server', heading);
    for (const path of ['/cookie/logout', '/api/echo', '/cookie/refresh']) {
      await chapter.page.getByRole('rowheader', { name: `Form to ${path}` }).waitFor();
      const [cookies, from, answer] = await row(`Form to ${path}`);
      assert.match(cookies ?? '', /^None: SameSite=Strict/, path);
      assert.match(from ?? '', /^cross-site, http:\/\/127\.0\.0\.1:/, path);
      assert.match(answer ?? '', /^40[13]: .+/, path);
    }
    assert.match((await row('Form to /cookie/logout'))[2] ?? '', /X-CSRF header is missing/);

    await chapter.button('without the header').click();
    await chapter.says('403: The X-CSRF header is missing');
    await chapter.button('with the header').click();
    await chapter.says('200: done');
    await chapter.assertAccessible();
  });

  for (const keep of ['local', 'session', 'hybrid', 'cookie'] as const) {
    test(`where to keep it: two tabs, tokens kept by ${keep}`, async (t) => {
      const chapter = await open(t, 'storage');
      const tabs = chapter.page.locator('#tabs');
      await tabs.getByLabel('Tokens in').selectOption(keep);
      await tabs.getByRole('button', { name: 'Sign in', exact: true }).click();
      await chapter.says('Ada is signed in here. Now open a second tab.');
      const other = await pageOpenedBy(chapter.page, () =>
        chapter.button('Open a second tab').click(),
      );
      const theirs = async (text: string) =>
        other.locator('#tabs').getByRole('row', { name: 'This tab' }).getByText(text).waitFor();
      await theirs('Signed in');

      await chapter.button('Refresh in both').click();
      await chapter.says('2 tabs wanted new tokens. The server saw 1 refresh.');
      const news = await Promise.all(
        ['This tab', 'The other tab'].map(async (tab) => {
          const cells = await chapter.row('What each tab knows', tab);
          return cells.at(-1)?.replace(/\d+/, 'n') ?? '';
        }),
      );
      const expected = ['Given token set n by another tab.', 'Got token set n.'];
      assert.deepEqual(news.sort(), expected, 'one went, and the other was given what it got');

      await tabs.getByRole('button', { name: 'Sign out', exact: true }).click();
      await theirs('Signed out, because another tab signed out.');
      await chapter.page
        .getByRole('row', { name: 'The other tab' })
        .getByText('because another tab signed out')
        .waitFor();
      await other.close();
      await chapter.page.getByRole('row', { name: 'The other tab' }).waitFor({ state: 'detached' });
    });
  }

  test('taking a token back: with the blocklist at the next call, without at the end', async (t) => {
    const chapter = await open(t, 'revoke');
    const { page } = chapter;
    const ban = async (): Promise<void> => {
      await chapter.button('Sign both in').click();
      await chapter.says('Ada calls every second.');
      await page.locator('.strip li').filter({ hasText: '200' }).first().waitFor();
      await chapter.button('Ban Ada').click();
    };
    await ban();
    await chapter.says(/Ada was refused \d\.\d s after the ban/);
    const listed = page.getByRole('rowheader', { name: /^sub / });
    await listed.waitFor();
    await page.getByRole('rowheader', { name: /^sid / }).first().waitFor();
    const asked = await chapter.row('What came of the ban', 'asks its blocklist');
    assert.deepEqual(asked.slice(1), ['0', 'The token was revoked']);
    assert.ok(parseFloat(asked[0] ?? '') < 5, asked[0]);
    await chapter.assertAccessible();
    // Rows live as long as the tokens that they stop.
    await listed.waitFor({ state: 'detached' });

    await page.getByLabel('The server looks at its blocklist').uncheck();
    await ban();
    await page.getByRole('rowheader', { name: 'asks nobody' }).waitFor();
    const [after, through] = await chapter.row('What came of the ban', 'asks nobody');
    assert.ok(parseFloat(after ?? '') > 2, after);
    assert.ok(Number(through) >= 2, through);

    await chapter.button('Lift the ban').click();
    await chapter.says('The ban is lifted.');
    const { accessTokenSeconds, blocklist } = await page.evaluate(async () => {
      const response = await fetch('/demo/settings');
      return (await response.json()) as Record<string, unknown>;
    });
    assert.deepEqual(
      { accessTokenSeconds, blocklist },
      { accessTokenSeconds: 900, blocklist: true },
    );
    await chapter.button('Sign in as Ada, user').click();
    await page.locator('#session-bar[data-state="signed-in"]').waitFor();
  });

  test('taking a token back: who leaves the chapter leaves no ban behind', async (t) => {
    const chapter = await open(t, 'revoke');
    await chapter.button('Ban Ada').click();
    await chapter.says('Sign both in first.');
    await chapter.button('Sign both in').click();
    await chapter.says('Ada calls every second.');
    await chapter.button('Ban Ada').click();
    await chapter.says(/Ada was refused/);
    await chapter.button('Ban Ada').click();
    await chapter.says('Ada is banned already.');
    const lifted = chapter.page.waitForResponse((response) => response.url().endsWith('/unban'));
    await chapter.page.getByRole('link', { name: 'What a JWT is' }).first().click();
    assert.equal((await lifted).status(), 204);
  });

  test('sessions or JWTs: the figures of this server', async (t) => {
    const chapter = await open(t, 'compare');
    await chapter.button('Measure').click();
    await chapter.says(/Measured just now/);
    const row = (heading: string) => chapter.row('Measured on this server', heading);
    assert.deepEqual(await row('Lookups at each request'), ['1', '0', '1']);
    for (const cell of await row('Time of a check')) assert.match(cell, /^\d+ µs$/);
    const [session, token] = (await row('Bytes in each request')).map(parseFloat);
    assert.ok((session ?? 0) > 40 && (token ?? 0) > 3 * (session ?? 0));
    const [ofSession, alone, listed] = await row('A ban works after');
    assert.match(ofSession ?? '', /^[\d.]+ m?s$/);
    assert.match(alone ?? '', /^\d\.\d s with a token of 4 s, so up to 15 min/);
    assert.match(listed ?? '', /^[\d.]+ m?s$/);
    await chapter.page.getByText('Why?').click();
    await chapter.says('A session is a random number');
    await chapter.assertAccessible();
    await chapter.button('Sign in as Ada, user').click();
    await chapter.page.locator('#session-bar[data-state="signed-in"]').waitFor();
  });

  test('all three by keyboard alone', async (t) => {
    const chapter = await open(t, 'storage');
    const press = (name: string, key: string) => pressOn(chapter.page, name, key);
    await press('In none of them', 'Space');
    await chapter.says('So it is.');
    await press('Run the attacker’s script', 'Enter');
    await chapter.says('what it took still worked in 0 of 5');
    assert.equal(await focusedName(chapter.page), 'Run the attacker’s script', 'the focus stays');
    await press('Sign in by cookie', 'Enter');
    await chapter.says('Ada is signed in by cookie.');
    await press('Next: Taking a token back', 'Enter');
    await chapter.says('A ban, and what it is worth');
    assert.equal(await focusedName(chapter.page), 'Taking a token back');
    await press('Sign both in', 'Space');
    await chapter.says('Ada calls every second.');
    await press('Ban Ada', 'Space');
    await chapter.says(/Ada was refused/);
    await press('Next: Sessions or JWTs', 'Enter');
    await press('Measure', 'Enter');
    await chapter.says(/Measured just now/);
  });
});

/** The tab that comes of it. */
async function pageOpenedBy(page: Page, action: () => Promise<void>): Promise<Page> {
  const [opened] = await Promise.all([page.context().waitForEvent('page'), action()]);
  return opened;
}
