// One storage on trial: Ada signs in, the attacker's script runs, and what it took is tried.
import type { TokenResponse } from '/bearerkit/index.js';
import { ACCOUNTS, DEMO_PASSWORD } from '../../session/accounts.ts';
import { createClient, logIn } from '../../session/client.ts';
import type { Keep } from '../../session/keep.ts';
import type { VictimApp } from './app.ts';
import { type Loot, runAttacker, type Taken } from './loot.ts';

export interface Trial {
  /** What the script got while the app was open. */
  readonly open: Loot;
  /** What the same script gets later, when the app is closed and nobody has signed out. */
  readonly later: Loot;
  readonly home: AtHome;
  /** What works at the attacker's home after Ada has signed out. */
  readonly afterSignOut: AtHome;
}

/** What the tokens that were taken are good for, on a machine without Ada's cookies. */
export interface AtHome {
  readonly called: boolean;
  readonly renewed: boolean;
}

const nameOf = (keep: Keep): string => `demo-attacked-${keep}`;

export async function tryStorage(keep: Keep, app: VictimApp): Promise<Trial> {
  const auth = createClient(keep, { name: nameOf(keep) });
  const answer = await logIn(keep, ACCOUNTS.ada.email, DEMO_PASSWORD);
  try {
    await auth.setTokens(answer);
    app.open(keep, auth);
    const open = await runAttacker();
    app.close();
    auth.close();
    const later = await runAttacker();
    const home = await tryAtHome(open.taken);
    await signOut(keep, answer);
    return { open, later, home, afterSignOut: await tryAtHome(open.taken) };
  } finally {
    app.close();
    auth.close();
  }
}

/** Without cookies: all that the attacker has elsewhere is what it took along. */
async function tryAtHome(taken: readonly Taken[]): Promise<AtHome> {
  const access = newest(taken, 'access');
  const refresh = newest(taken, 'refresh');
  return {
    called:
      access !== undefined &&
      (await works('/api/protected', { headers: { Authorization: `Bearer ${access}` } })),
    renewed:
      refresh !== undefined &&
      (await works('/auth/refresh', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ refreshToken: refresh }),
      })),
  };
}

async function works(url: string, init: RequestInit): Promise<boolean> {
  return (await fetch(url, { ...init, credentials: 'omit' })).ok;
}

function newest(taken: readonly Taken[], kind: Taken['kind']): string | undefined {
  return taken.filter((one) => one.kind === kind).at(-1)?.value;
}

/** As a new visit would: with what is stored, or, where that is nothing, with what the login gave. */
async function signOut(keep: Keep, answer: TokenResponse): Promise<void> {
  const auth = createClient(keep, { name: nameOf(keep) });
  await auth.ready();
  if (keep === 'memory') await auth.setTokens(answer);
  await auth.signOut();
  auth.close();
}
