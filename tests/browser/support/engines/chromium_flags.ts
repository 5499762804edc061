import { which } from '../../../../scripts/lib/run.mjs';

/** Chromium as people have it. */
export const CHROMIUM = which('chromium') ?? '/usr/bin/chromium';

/**
 * The same engine, network and storage without Chromium's windows, which take most of the processor's
 * time. Where it is not installed: the whole one.
 */
export const HEADLESS_SHELL = which('chromium-headless-shell') ?? CHROMIUM;

/** What a Chromium needs to run anywhere and to talk to nobody but the tests' servers. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
