// What one tab knows of its session, from the events of its client.
import type { AuthClient, SignOutReason } from '/bearerkit/index.js';

/** It goes from tab to tab in a message: plain data, and no token. */
export interface TabView {
  readonly session: string;
  /** Refreshes by this tab, and those that another tab did for it. */
  readonly made: number;
  readonly given: number;
  readonly last: string;
}

const REASONS: Partial<Record<SignOutReason, string>> = {
  signed_out: 'Signed out here.',
  signed_out_elsewhere: 'Signed out, because another tab signed out.',
  refresh_rejected: 'Signed out: the server refused a refresh.',
};

export function watchTab(
  auth: AuthClient,
  changed: () => void,
): { view: () => TabView; stop: () => void } {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  let [made, given] = [0, 0];
  let last = 'Nothing yet.';
  const note = (text: string): void => {
    last = text;
    changed();
  };
  auth.addEventListener(
    'signedin',
    ({ detail: { elsewhere, restored } }) => {
      if (restored) note('Found the session that was there.');
      else note(elsewhere ? 'Another tab signed in.' : 'Signed in here.');
    },
    options,
  );
  auth.addEventListener(
    'refreshed',
    ({ detail: { generation, elsewhere } }) => {
      if (elsewhere) given += 1;
      else made += 1;
      note(
        elsewhere
          ? `Given token set ${generation} by another tab.`
          : `Got token set ${generation}.`,
      );
    },
    options,
  );
  auth.addEventListener(
    'signedout',
    ({ detail: { reason } }) => note(REASONS[reason] ?? `Signed out: ${reason}.`),
    options,
  );
  const unsubscribe = auth.subscribe(changed);
  return {
    view: () => ({ session: SESSION[auth.state], made, given, last }),
    stop: () => {
      listening.abort();
      unsubscribe();
    },
  };
}

const SESSION = {
  'signed-in': 'Signed in',
  'signed-out': 'Signed out',
  restoring: 'Looking…',
} as const;
