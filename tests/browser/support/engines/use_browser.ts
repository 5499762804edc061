import { after, before } from 'node:test';
import { type Engine, type EngineBrowser, openBrowser } from './engine.ts';

/** One browser for the tests of a suite; `httpProxy` as openBrowser takes it, asked for when it starts. */
export function useBrowser(engine: Engine, httpProxy?: () => string): () => EngineBrowser {
  let browser: EngineBrowser | undefined;
  before(async () => {
    browser = await openBrowser(engine, httpProxy?.());
  });
  after(() => browser?.close());
  return () => {
    if (browser === undefined) throw new Error('The browser has not been started');
    return browser;
  };
}
