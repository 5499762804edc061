// What the page says about the session, and what it keeps of the last one: each was wrong once.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DemoPage } from './support/demo_page.ts';
import { useSuite } from './support/suite.ts';
import { until } from './support/until.ts';

const PASSWORD = 'correct horse battery staple';

describe('the session on the page', () => {
  const suite = useSuite({ LOGIN_ATTEMPTS_PER_MINUTE: '1000' });

  const says = (demo: DemoPage, text: string | RegExp) =>
    demo.page.locator('#status', { hasText: text }).waitFor();

  /** What the admin may do, by the server's own routes. */
  async function asAdmin(route: (id: string) => string): Promise<void> {
    const { origin } = suite().server;
    const login = await fetch(`${origin}/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: 'grace@example.com', password: PASSWORD }),
    });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const headers = { Authorization: `Bearer ${accessToken}` };
    const list = await fetch(`${origin}/admin/users`, { headers });
    const { users } = (await list.json()) as { users: { id: string; email: string }[] };
    const ada = users.find(({ email }) => email === 'ada@example.com');
    const done = await fetch(origin + route(ada?.id ?? ''), { method: 'POST', headers });
    assert.equal(done.status, 204);
  }

  test('signs in with one press, and out again, where one is', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    const { page } = demo;
    await page.goto(`${suite().server.origin}/#/signed`);
    await says(demo, 'Nobody is signed in.');
    await page.getByRole('button', { name: 'Sign in as Grace, admin' }).click();
    await says(demo, 'Signed in as Grace Hopper.');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'bar-sign-out');
    await page.keyboard.press('Enter');
    await says(demo, 'You signed out.');
    assert.match(
      (await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) ?? '',
      /^Sign in as/,
    );
    assert.match(page.url(), /#\/signed$/);
  });

  test('says who was banned, refused, or signed out elsewhere, and keeps saying it', async (t) => {
    const context = await suite().newContext(t);
    const demo = new DemoPage(await context.newPage());
    await demo.open(suite().server.origin);
    await demo.signIn('local');
    await asAdmin((id) => `/admin/users/${id}/ban`);
    t.after(() => asAdmin((id) => `/admin/users/${id}/unban`));
    await demo.press('Refresh now');
    await says(demo, 'Signed out: the server has banned this user.');
    assert.deepEqual(await demo.call('Call once'), { 401: 1 });
    await says(demo, 'Signed out: the server has banned this user.');

    await demo.signIn('local', 'grace@example.com');
    const other = new DemoPage(await context.newPage());
    await other.open(suite().server.origin, '?mode=bearer&storage=local');
    await says(other, 'Signed in as Grace Hopper.');
    await demo.press('Sign out');
    // Two notices come by different ways, and either may be first.
    await says(other, /Signed out in another tab|the storage was cleared/);
  });

  test('a refresh that fails for now is told in words for users', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    await demo.open(suite().server.origin);
    await demo.signIn('memory');
    await suite().server.failRefreshes('503');
    await demo.press('Refresh now');
    await says(demo, 'The refresh failed for now: the server answered 503. The session is kept.');
  });

  test('nothing of the last user stays after a sign-out', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    await demo.open(suite().server.origin);
    await demo.signIn('memory');
    assert.deepEqual(await demo.call('Call 50 times at once'), { 200: 50 });
    await demo.press('Sign out');
    await demo.signedOut();
    assert.equal(await demo.page.locator('#count-calls').textContent(), '0');
    assert.equal(await demo.page.locator('#count-answers').textContent(), 'none');
    assert.equal(await demo.page.locator('#answer').textContent(), 'none');
    assert.doesNotMatch(await demo.page.locator('main').innerText(), /Lovelace/);
    assert.doesNotMatch(await demo.page.locator('#events').innerText(), /_|signedout/);
  });

  test('in cookie mode the page knows by name who has signed in', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    await demo.open(suite().server.origin);
    await demo.signIn('cookie');
    await says(demo, 'Signed in as Ada Łovelace');
    assert.match((await demo.page.locator('#user').textContent()) ?? '', /^Ada/);
  });

  test('each place for the tokens says what a script on the page can do', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    await demo.open(suite().server.origin);
    for (const keep of ['memory', 'session', 'local', 'hybrid', 'cookie'])
      assert.match((await demo.page.locator(`#keep-${keep}-hint`).textContent()) ?? '', /script/);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the choices look alive and their ring cuts no hint, ${colorScheme}`, async (t) => {
      const demo = new DemoPage(await suite().newPage(t));
      const { page } = demo;
      await page.emulateMedia({ colorScheme });
      await demo.open(suite().server.origin);
      for (const keep of ['memory', 'local'] as const) {
        const radio = page.locator(`#keep-${keep}`);
        await radio.focus();
        const [ring, hint] = await Promise.all([
          radio.evaluate((element) => element.getBoundingClientRect().bottom + 5),
          page.locator(`#keep-${keep}-hint`).evaluate((one) => one.getBoundingClientRect().top),
        ]);
        assert.ok(ring <= hint, `the ring ends at ${ring}, the hint begins at ${hint}`);
      }
      const looks = await page.locator('#keep-local').evaluate((element) => {
        const { borderTopColor, opacity } = getComputedStyle(element);
        const { backgroundColor } = getComputedStyle(element);
        return { borderTopColor, backgroundColor, opacity };
      });
      assert.equal(looks.opacity, '1');
      assert.ok(
        contrast(looks.borderTopColor, looks.backgroundColor) >= 3,
        `${looks.borderTopColor} on ${looks.backgroundColor} (WCAG 1.4.11)`,
      );
    });
  }

  test('on a phone every sign-in is above the fold', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    const { page } = demo;
    await page.setViewportSize({ width: 390, height: 844 });
    await demo.open(suite().server.origin);
    for (const button of [
      page.getByRole('button', { name: 'Sign in as Ada, user' }),
      demo.bench.getByRole('button', { name: 'Sign in' }),
    ]) {
      const box = await button.boundingBox();
      assert.ok(box !== null && box.y + box.height <= 844, JSON.stringify(box));
    }
  });

  test('where the tokens are kept can be changed at the top, and a reload keeps the choice', async (t) => {
    const demo = new DemoPage(await suite().newPage(t));
    await demo.page.goto(`${suite().server.origin}/#/jwt`);
    await demo.page.getByLabel('Tokens kept in').selectOption('local');
    await demo.page.getByRole('button', { name: 'Sign in as Ada, user' }).click();
    await says(demo, 'Signed in as Ada');
    await demo.page.reload();
    await says(demo, 'Signed in as Ada');
    assert.equal(await demo.page.getByLabel('Tokens kept in').inputValue(), 'local');
    await until('the token is read again', async () =>
      demo.page.locator('[data-claim="exp"]').isVisible(),
    );
  });
});

/** By WCAG 2.2, of two colours as `rgb(…)`. */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((text) => {
      const value = Number(text) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
