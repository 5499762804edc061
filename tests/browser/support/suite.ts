import { after, before, beforeEach, type TestContext } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type DemoServer, startDemoServer } from './demo_server.ts';
import { CHROMIUM_FLAGS, HEADLESS_SHELL } from './engines/chromium_flags.ts';
import { startForeignServer, type ForeignServer } from './foreign_server.ts';
import { HoldingProxy } from './proxy.ts';
import { PATIENCE_MS } from './until.ts';

export interface Suite {
  readonly server: DemoServer;
  readonly browser: Browser;
  /** A new profile, closed at the end of the test. */
  readonly newContext: (t: TestContext) => Promise<BrowserContext>;
  /** A tab in a new profile. */
  readonly newPage: (t: TestContext) => Promise<Page>;
}

/** One server and one browser for the tests of a file; each test has a profile of its own. */
export function useSuite(
  env: Record<string, string> | (() => Promise<Record<string, string>>) = {},
): () => Suite {
  let suite: Suite | undefined;
  before(async () => {
    const settings = typeof env === 'function' ? await env() : env;
    const [server, browser] = await Promise.all([startDemoServer(settings), launch()]);
    suite = makeSuite(server, browser);
  });
  beforeEach(async () => {
    await suite?.server.failRefreshes('none');
    await suite?.server.resetStats();
  });
  after(async () => {
    await suite?.browser.close();
    await suite?.server.stop();
  });
  return () => present(suite);
}

/** A proxy before the suite's server, that holds answers back. */
export function useProxy(suite: () => Suite): () => HoldingProxy {
  let proxy: HoldingProxy | undefined;
  before(async () => {
    proxy = await HoldingProxy.start(suite().server.origin);
  });
  beforeEach(() => proxy?.reset());
  after(() => proxy?.stop());
  return () => present(proxy);
}

/** Somebody else's server, that writes down what it is sent. To be started before the suite. */
export async function useForeignServer(): Promise<ForeignServer> {
  const foreign = await startForeignServer();
  beforeEach(() => {
    foreign.received.length = 0;
  });
  after(() => foreign.stop());
  return foreign;
}

function makeSuite(server: DemoServer, browser: Browser): Suite {
  const newContext = async (t: TestContext): Promise<BrowserContext> => {
    // The proxy's certificate is one that nobody vouches for.
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    t.after(() => context.close());
    context.setDefaultTimeout(PATIENCE_MS);
    // A helper that the tests' compiler calls in functions that are sent to the page.
    await context.addInitScript('globalThis.__name = (value) => value;');
    return context;
  };
  return {
    server,
    browser,
    newContext,
    newPage: async (t) => (await newContext(t)).newPage(),
  };
}

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: HEADLESS_SHELL,
    timeout: PATIENCE_MS,
    args: [
      ...CHROMIUM_FLAGS,
      // Names that look like ours, for somebody else's server.
      '--host-resolver-rules=MAP *.evil.test 127.0.0.1',
    ],
  });
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The suite has not begun');
  return value;
}
