// What the server is asked: sessions that refresh one after the other, and checks of their tokens.
import assert from 'node:assert/strict';
import { claimsOf, logIn, refreshed, type Tokens } from '../../server/support/requests.ts';
import type { Group } from './group.ts';

/** What came of one round. */
export interface Rate {
  readonly perSecond: number;
  /** Of each call, in milliseconds. */
  readonly times: readonly number[];
}

export interface Load {
  readonly refreshes: (milliseconds: number) => Promise<Rate>;
  /** Calls of an endpoint that checks the token and the blocklist. */
  readonly checks: (milliseconds: number) => Promise<Rate>;
  /** Of each family, how often it was refreshed. */
  readonly lineages: () => ReadonlyMap<string, number>;
}

/** Two tabs ask at the same moment, at different processes, so often: once in so many refreshes. */
const DOUBLED_EVERY = 10;

interface Session {
  readonly origins: readonly string[];
  readonly id: string;
  tokens: Tokens;
  refreshes: number;
}

/** Of so many users at the same time: each waits for its answer, which bounds the load. */
export async function loadOn({ origins }: Group, users: number): Promise<Load> {
  const sessions: Session[] = [];
  for (let i = 0; i < users; i++) {
    // Its own process first, as with a balancer that spreads connections.
    const own = i % origins.length;
    const order = [...origins.slice(own), ...origins.slice(0, own)];
    const tokens = await logIn(order[0] ?? '');
    const id = String(claimsOf(tokens.accessToken)['sid']);
    sessions.push({ origins: order, id, tokens, refreshes: 0 });
  }

  const measure = async (
    milliseconds: number,
    once: (session: Session) => Promise<void>,
  ): Promise<Rate> => {
    const begin = performance.now();
    const times: number[] = [];
    await Promise.all(
      sessions.map(async (session) => {
        while (performance.now() - begin < milliseconds) {
          const start = performance.now();
          await once(session);
          times.push(performance.now() - start);
        }
      }),
    );
    return { perSecond: (times.length * 1000) / (performance.now() - begin), times };
  };

  return {
    refreshes: (milliseconds) => measure(milliseconds, refreshOnce),
    checks: (milliseconds) =>
      measure(milliseconds, async ({ origins: [origin = ''], tokens }) => {
        const headers = { Authorization: `Bearer ${tokens.accessToken}` };
        const response = await fetch(`${origin}/api/protected`, { headers });
        if (response.status !== 200) throw new Error(`The check gave ${response.status}`);
        await response.text();
      }),
    lineages: () => new Map(sessions.map(({ id, refreshes }) => [id, refreshes])),
  };
}

async function refreshOnce(session: Session): Promise<void> {
  const { origins, tokens } = session;
  session.refreshes += 1;
  const isDoubled = session.refreshes % DOUBLED_EVERY === 0;
  const asked = isDoubled ? [origins[0] ?? '', origins.at(-1) ?? ''] : origins.slice(0, 1);
  const answers = await Promise.all(asked.map((origin) => refreshed(origin, tokens.refreshToken)));
  const [first] = answers;
  assert.ok(first !== undefined);
  for (const { refreshToken } of answers)
    assert.equal(refreshToken, first.refreshToken, 'two successors of one token');
  session.tokens = first;
}
