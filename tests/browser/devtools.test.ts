// bearerkit/devtools in a page of its own, under a strict policy, without the demo page's help.
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { AuthClient } from '../../dist/index.js';
import type { DevtoolsElement } from '../../dist/devtools.js';
import { axeFindings } from './support/axe.ts';
import { watchConsole } from './support/complaints.ts';
import { useSuite } from './support/suite.ts';

interface Kit {
  createAuthClient(options: object): AuthClient;
}
interface Watched {
  auth: AuthClient;
  devtools: DevtoolsElement;
}

describe('bearerkit/devtools', () => {
  const suite = useSuite();

  /** A signed-in client with its devtools, and a token that the server refuses. */
  async function open(t: TestContext): Promise<Page> {
    const page = await suite().newPage(t);
    const complaints = await watchConsole(page);
    t.after(() => assert.deepEqual(complaints, []));
    await page.goto(`${suite().server.origin}/demo/stats`);
    const token = await page.evaluate(async () => {
      document.documentElement.lang = 'en';
      document.title = 'An app';
      const main = document.createElement('main');
      const heading = document.createElement('h1');
      heading.textContent = 'An app';
      // Before the element is known: it takes up what was set.
      const devtools = document.createElement('bearerkit-devtools');
      document.body.replaceChildren(main);
      main.append(heading, devtools);
      // The server's, which TypeScript does not know.
      const [index, module]: string[] = ['/bearerkit/index.js', '/bearerkit/devtools.js'];
      const kit = (await import(String(index))) as Kit;
      const auth = kit.createAuthClient({ refresh: '/auth/refresh' });
      devtools.client = auth;
      await import(String(module));
      const login = await fetch('/auth/login', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          email: 'ada@example.com',
          password: 'correct horse battery staple',
        }),
      });
      await auth.setTokens((await login.json()) as Record<string, unknown>);
      Object.assign(globalThis, { auth, devtools } satisfies Watched);
      return auth.getAccessToken();
    });
    await suite().server.revoke(token ?? '');
    return page;
  }

  const call = (page: Page, times: number): Promise<unknown> =>
    page.evaluate(async (count) => {
      const { auth } = globalThis as unknown as Watched;
      const calls = Array.from({ length: count }, () => auth.fetchWithAuth('/api/protected'));
      return (await Promise.all(calls)).map(({ status }) => status);
    }, times);

  test('P3 L4 draws a hundred calls and their one refresh, readable at 320 pixels, in every look', async (t) => {
    const page = await open(t);
    await page.getByText('No calls yet.').waitFor();
    await page.setViewportSize({ width: 320, height: 800 });
    await call(page, 100);
    await page.locator('.summary', { hasText: '100 calls: 100 × 200 · 1 refresh' }).waitFor();
    assert.equal(await page.getByRole('option').count(), 101);
    const chart = await page.getByRole('listbox').boundingBox();
    assert.ok(chart !== null && chart.width <= 320 && chart.height < 900);
    assert.equal(await page.locator('rect.refresh').count(), 2, 'one bar, and that of the legend');
    assert.equal(await page.locator('.band').count(), 1, 'from which all others hang');
    const text = await page.locator('bearerkit-devtools').innerText();
    assert.doesNotMatch(text, /api|protected|http|ey[JI]/, 'no URL, no token');
    for (const media of [
      { colorScheme: 'light' },
      { colorScheme: 'dark' },
      { forcedColors: 'active' },
    ] as const) {
      await page.emulateMedia(media);
      assert.deepEqual(await axeFindings(page), [], JSON.stringify(media));
    }
  });

  test('L4 by keyboard and by pointer the same sentence, and earlier calls by buttons', async (t) => {
    const page = await open(t);
    await call(page, 2);
    await page.locator('.summary', { hasText: '2 calls' }).waitFor();
    await page.keyboard.press('Tab');
    // Clear, then the diagram.
    await page.keyboard.press('Tab');
    const said = page.locator('.said');
    assert.match(await said.innerText(), /^Refresh #1 succeeded, token set 2, /);
    await page.keyboard.press('End');
    const last = await said.innerText();
    // A 401 that came when the refresh was over has not waited for it.
    assert.match(last, /^GET #2 401 → (refresh #1 → )?sent again 200, [\d.]+ m?s$/);
    await page.getByRole('option', { name: /^GET #1/ }).hover();
    assert.match(await said.innerText(), /^GET #1/);
    assert.equal(
      (await page.locator('tbody tr', { hasText: 'GET #2' }).innerText()).replace(/\s+/g, ' '),
      last.replace(',', ''),
    );

    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1100)));
    await call(page, 1);
    await page.locator('.summary', { hasText: '1 call: 1 × 200' }).waitFor();
    await page.getByRole('button', { name: 'Earlier' }).click();
    await page.locator('.summary', { hasText: '2 calls' }).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('No calls yet.').waitFor();
  });

  test('L4 out of the document it listens no more, and back in it again', async (t) => {
    const page = await open(t);
    const heard = await page.evaluate(async () => {
      const { auth, devtools } = globalThis as unknown as Watched;
      const rows = (): number => devtools.shadowRoot?.querySelectorAll('tbody tr').length ?? 0;
      const settled = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 100));
      const parent = devtools.parentElement;
      devtools.remove();
      await auth.fetchWithAuth('/api/protected');
      parent?.append(devtools);
      await settled();
      const without = rows();
      await auth.fetchWithAuth('/api/protected');
      await settled();
      return [without, rows()];
    });
    assert.deepEqual(heard, [0, 1]);
  });
});
