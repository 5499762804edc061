import type { Cost, Costs } from '../answers.ts';
import { signAccessToken, verifyAccessToken } from './access_tokens.ts';
import type { Context } from './context.ts';
import type { Queries } from './database.ts';
import { HttpError } from './errors.ts';
import { isRevoked } from './revocation.ts';
import type { User } from './users.ts';

/** Enough for a median, and soon done. */
const CHECKS = 200;

/** What it costs to know who asks, in three ways, measured here and now. */
export async function measureCosts(context: Context): Promise<Costs> {
  const { keyRing } = context;
  const now = context.clock();
  const counted = counting(context.database);
  const [user] = await counted.query<User>('select id, email, name, role from users limit 1');
  if (user === undefined) throw new HttpError(409, 'conflict', 'There is no user to check');
  const token = await signAccessToken(keyRing, user, 'a session of nobody', now, 60);

  const verified = async () => {
    const check = await verifyAccessToken(keyRing, token, now);
    if (!check.ok) throw new Error('The measured token is not good');
    return check.claims;
  };
  const ways: Record<'withoutBlocklist' | 'withBlocklist' | 'session', () => Promise<unknown>> = {
    withoutBlocklist: verified,
    withBlocklist: async () => isRevoked(counted, await verified(), now),
    // What a session in the database would take: its row, found by the id in the cookie.
    session: () =>
      counted.query('select id, email, name, role from users where id = $1 and banned_at is null', [
        user.id,
      ]),
  };
  const times = { withoutBlocklist: [], withBlocklist: [], session: [] } as Times;
  const lookups = { withoutBlocklist: 0, withBlocklist: 0, session: 0 };
  // In turn, so that what slows the machine slows all three.
  for (let check = 0; check < CHECKS; check += 1) {
    for (const way of WAYS) {
      const before = counted.count;
      const start = performance.now();
      await ways[way]();
      times[way].push((performance.now() - start) * 1000);
      lookups[way] += counted.count - before;
    }
  }
  const costOf = (way: Way): Cost => ({
    medianMicroseconds: Math.round(median(times[way])),
    lookups: lookups[way] / CHECKS,
  });
  return {
    checks: CHECKS,
    withoutBlocklist: costOf('withoutBlocklist'),
    withBlocklist: costOf('withBlocklist'),
    session: costOf('session'),
  };
}

const WAYS = ['withoutBlocklist', 'withBlocklist', 'session'] as const;
type Way = (typeof WAYS)[number];
type Times = Record<Way, number[]>;

function counting(database: Queries): Queries & { count: number } {
  const counted = {
    count: 0,
    query: <Row extends object>(...args: Parameters<Queries['query']>) => {
      counted.count += 1;
      return database.query<Row>(...args);
    },
  };
  return counted;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
