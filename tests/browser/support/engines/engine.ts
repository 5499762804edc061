import { openChromium } from './chromium.ts';
import { openFirefox } from './firefox.ts';
import { openWebKit } from './webkit.ts';

export const ENGINES = ['Chromium', 'Firefox', 'WebKit'] as const;
export type Engine = (typeof ENGINES)[number];

/** A tab, as far as these tests need one: the same for every engine. */
export interface Tab {
  goto(url: string): Promise<void>;
  /** Puts it in front of the others: the timers of hidden tabs are slow. */
  show(): Promise<void>;
  /** One page back in the history, whether the engine kept that page alive or loads it again. */
  back(): Promise<void>;
  /** Runs a function in the page and waits for what it gives. It sees its argument, and no closure. */
  evaluate<A, R>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
  close(): Promise<void>;
}

/** A browser with a fresh profile, which all of its tabs share. */
export interface EngineBrowser {
  readonly version: string;
  newTab(): Promise<Tab>;
  close(): Promise<void>;
}

/**
 * Starts a browser that takes certificates nobody vouches for, as the tests' proxies have one.
 * `httpProxy`, a `host:port`, is asked for all that is plain http and not on localhost.
 */
export function openBrowser(engine: Engine, httpProxy?: string): Promise<EngineBrowser> {
  return { Chromium: openChromium, Firefox: openFirefox, WebKit: openWebKit }[engine](httpProxy);
}
