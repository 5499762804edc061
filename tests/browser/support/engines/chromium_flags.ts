import { which } from '../../../../scripts/lib/run.mjs';

export const CHROMIUM = which('chromium') ?? '/usr/bin/chromium';

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
