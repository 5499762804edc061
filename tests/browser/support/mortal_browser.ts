import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM, CHROMIUM_FLAGS } from './engines/chromium_flags.ts';
import { until } from './until.ts';

/** A Chromium whose profile outlives it, as a person's does: it can be killed and opened again. */
export class MortalBrowser {
  readonly #profile = mkdtempSync(path.join(os.tmpdir(), 'bearerkit-profile-'));
  #process: ChildProcess | undefined;
  #browser: Browser | undefined;

  constructor() {
    process.once('exit', this.#killNow);
  }

  /** Its one profile. */
  get context(): BrowserContext {
    const context = this.#browser?.contexts()[0];
    if (context === undefined) throw new Error('The browser is not open');
    return context;
  }

  /** Opens it, unless it is open. */
  async open(): Promise<void> {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) return;
    const child = spawn(
      CHROMIUM,
      [
        ...CHROMIUM_FLAGS,
        '--headless',
        '--no-startup-window',
        '--remote-debugging-port=0',
        `--user-data-dir=${this.#profile}`,
        // Cookies are encrypted: with a key that needs no keyring.
        '--password-store=basic',
        // The proxy's certificate is one that nobody vouches for.
        '--ignore-certificate-errors',
        // What crashes here crashes on purpose.
        '--disable-breakpad',
      ],
      // A group of its own, for the whole browser is many processes.
      { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#process = child;
    let said = '';
    let endpoint: string | undefined;
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-10_000);
      endpoint ??= /DevTools listening on (ws:\S+)/.exec(said)?.[1];
    });
    await until('Chromium listens', () => {
      if (child.exitCode !== null) throw new Error(`Chromium ended:\n${said}`);
      return endpoint !== undefined;
    });
    this.#browser = await chromium.connectOverCDP(endpoint ?? '');
  }

  /** Ends it in order: whatever it has to keep is on the disk then. */
  async close(): Promise<void> {
    const session = await this.#browser?.newBrowserCDPSession();
    await this.#untilGone(() => {
      // The connection may break before the answer comes.
      session?.send('Browser.close').catch(() => {});
    });
  }

  /** All of its processes end at once, as in a power cut. */
  kill(): Promise<void> {
    return this.#untilGone(this.#killNow);
  }

  /** Closes all its tabs, one empty one aside, and forgets its cookies. */
  async clear(): Promise<void> {
    const pages = this.context.pages();
    await this.context.newPage();
    for (const page of pages) await page.close();
    await this.context.clearCookies();
  }

  async dispose(): Promise<void> {
    process.removeListener('exit', this.#killNow);
    await this.kill();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10 });
  }

  readonly #killNow = (): void => {
    const { pid, exitCode, signalCode } = this.#process ?? {};
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    process.kill(-pid, 'SIGKILL');
  };

  async #untilGone(end: () => void): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    end();
    await gone;
    // Its connection breaks a moment later.
    await this.#browser?.close().catch(() => {});
  }
}

/** Gets ready to crash a tab's renderer; the function does it and waits for its end. */
export async function crasherOf(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  return async () => {
    const crashed = page.waitForEvent('crash');
    // Nobody is left to answer.
    session.send('Page.crash').catch(() => {});
    await crashed;
  };
}
