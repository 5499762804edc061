// What the server is asked: sessions that refresh one after the other, and checks of their tokens.
import { logIn, refreshed, type Tokens } from '../../server/support/requests.ts';
import type { Group } from './group.ts';

export interface Load {
  /** Refreshes each second. */
  readonly refreshes: (milliseconds: number) => Promise<number>;
  /** Calls of an endpoint that checks the token and the blocklist, each second. */
  readonly checks: (milliseconds: number) => Promise<number>;
}

/** Of so many users at the same time. Each keeps to one process, as with a balancer that spreads connections. */
export async function loadOn({ origins }: Group, users: number): Promise<Load> {
  const sessions: { origin: string; tokens: Tokens }[] = [];
  for (let i = 0; i < users; i++) {
    const origin = origins[i % origins.length] ?? '';
    sessions.push({ origin, tokens: await logIn(origin) });
  }

  const perSecond = async (
    milliseconds: number,
    once: (session: (typeof sessions)[number]) => Promise<void>,
  ): Promise<number> => {
    const begin = performance.now();
    let count = 0;
    await Promise.all(
      sessions.map(async (session) => {
        while (performance.now() - begin < milliseconds) {
          await once(session);
          count++;
        }
      }),
    );
    return (count * 1000) / (performance.now() - begin);
  };

  return {
    refreshes: (milliseconds) =>
      perSecond(milliseconds, async (session) => {
        session.tokens = await refreshed(session.origin, session.tokens.refreshToken);
      }),
    checks: (milliseconds) =>
      perSecond(milliseconds, async ({ origin, tokens }) => {
        const headers = { Authorization: `Bearer ${tokens.accessToken}` };
        const response = await fetch(`${origin}/api/protected`, { headers });
        if (response.status !== 200) throw new Error(`The check gave ${response.status}`);
        await response.text();
      }),
  };
}
