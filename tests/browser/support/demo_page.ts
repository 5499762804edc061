import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

export type Keep = 'memory' | 'session' | 'local' | 'hybrid' | 'cookie';

/** What a sign-in answers: all that the page gets to see. */
export interface SignInAnswer {
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly expiresIn: number;
}

/** The page's test bench, used as a person would: by its labels, its buttons and what it shows. */
export class DemoPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The chapter in the page's frame: the frame has buttons to sign in and out of its own. */
  get bench(): Locator {
    return this.page.locator('#chapter');
  }

  /** Opens it and waits until it knows whether somebody is signed in. */
  async open(origin: string, search = ''): Promise<void> {
    await this.page.goto(`${origin}/${search}#/bench`);
    await this.settled();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.settled();
  }

  async signIn(keep: Keep, account = 'ada@example.com'): Promise<SignInAnswer> {
    const { page } = this;
    await page.locator(`#keep-${keep}`).check();
    // Another choice is another client, which first looks for a session.
    await page.locator('#session-bar[data-state="signed-out"]').waitFor();
    await page.getByLabel('Demo account').selectOption(account);
    const answer = page.waitForResponse((response) => response.url().endsWith('/login'));
    await this.bench.getByRole('button', { name: 'Sign in' }).click();
    const signIn = (await (await answer).json()) as SignInAnswer;
    await this.signedIn();
    return signIn;
  }

  /** By the keyboard: a line that grows above a button can make a click miss it. */
  press(
    name: 'Call once' | 'Call 50 times at once' | 'Post a file' | 'Refresh now' | 'Sign out',
  ): Promise<void> {
    return this.bench.getByRole('button', { name }).press('Enter');
  }

  /** Presses a button that calls, waits for all answers, and gives them: `{ 200: 50 }`. */
  async call(
    name: 'Call once' | 'Call 50 times at once' | 'Post a file',
  ): Promise<Record<string, number>> {
    const before = await this.answers();
    const times = name.includes('50') ? 50 : 1;
    await this.press(name);
    const sum = (counts: Record<string, number>) =>
      Object.values(counts).reduce((a, b) => a + b, 0);
    let seen = before;
    await until(
      () => `${name}: all is answered, and not ${JSON.stringify({ before, seen })}`,
      async () => sum((seen = await this.answers())) === sum(before) + times,
    );
    await until(`${name}: the page says so`, async () =>
      /answered/.test((await this.page.locator('#calls-status').textContent()) ?? ''),
    );
    const all = Object.entries(await this.answers()).map(
      ([status, count]) => [status, count - (before[status] ?? 0)] as const,
    );
    return Object.fromEntries(all.filter(([, count]) => count > 0));
  }

  async signedIn(): Promise<void> {
    await this.page.locator('#session').waitFor();
  }

  async signedOut(): Promise<void> {
    await this.page.locator('#sign-in').waitFor();
  }

  async isSignedIn(): Promise<boolean> {
    return this.page.locator('#session').isVisible();
  }

  /** The listed events of that name, oldest first: what each says. */
  events(name: string): Promise<string[]> {
    return this.page
      .locator(`#events [data-event="${name}"]`)
      .evaluateAll((items) => items.map((item) => item.getAttribute('data-detail') ?? ''));
  }

  async untilEvent(name: string, detail?: string): Promise<void> {
    await until(`the event ${name} ${detail ?? ''}`, async () => {
      const events = await this.events(name);
      return detail === undefined ? events.length > 0 : events.includes(detail);
    });
  }

  /** How often this tab has refreshed since the page was loaded. */
  async refreshes(): Promise<number> {
    return Number(await this.page.locator('#count-refreshes').textContent());
  }

  /** Answers since the page was loaded, by status; those without one under `failed`. */
  async answers(): Promise<Record<string, number>> {
    const text = (await this.page.locator('#count-answers').textContent()) ?? '';
    const counts: Record<string, number> = {};
    for (const [, count, status] of text.matchAll(/(\d+) × (\d+)/g))
      counts[status ?? ''] = Number(count);
    const failed = Number(await this.page.locator('#count-errors').textContent());
    return failed > 0 ? { ...counts, failed } : counts;
  }

  private async settled(): Promise<void> {
    await this.page.locator('#session:not([hidden]), #sign-in:not([hidden])').waitFor();
  }
}
