import type { Family } from '../answers.ts';
import type { Queries } from './database.ts';
import type { Channel } from './refresh_tokens.ts';
import type { EndReason } from './revocation.ts';

/** @returns undefined when there is no such session, or it has been forgotten. */
export async function storyOf(
  database: Queries,
  id: string,
  now: number,
  graceSeconds: number,
): Promise<Family | undefined> {
  const [family] = await database.query<{
    channel: Channel;
    createdAt: Date;
    endsAt: Date;
    endedAt: Date | null;
    reason: EndReason | null;
  }>(
    `select channel, created_at as "createdAt", refresh_expires_at as "endsAt",
            revoked_at as "endedAt", end_reason as reason
       from refresh_families where id = $1`,
    [id],
  );
  if (family === undefined) return undefined;
  const tokens = await database.query<{ generation: number; issuedAt: Date | null }>(
    `select generation, issued_at as "issuedAt" from refresh_tokens
      where family_id = $1 order by generation`,
    [id],
  );
  const replays = await database.query<{ generation: number; at: Date }>(
    `select generation, replayed_at as at from refresh_replays
      where family_id = $1 order by replayed_at`,
    [id],
  );
  const endsAt = family.endsAt.getTime();
  return {
    id,
    channel: family.channel,
    createdAt: family.createdAt.getTime(),
    endsAt,
    ended: endOf(family.endedAt, family.reason, endsAt, now),
    generations: tokens.map(({ generation, issuedAt }, index) => {
      const usedAt = tokens[index + 1]?.issuedAt?.getTime() ?? null;
      return {
        generation,
        issuedAt: issuedAt?.getTime() ?? null,
        usedAt,
        graceEndsAt: usedAt === null ? null : usedAt + graceSeconds * 1000,
        reusedAt: replays
          .filter((replay) => replay.generation === generation)
          .map(({ at }) => at.getTime()),
      };
    }),
  };
}

function endOf(
  endedAt: Date | null,
  reason: EndReason | null,
  endsAt: number,
  now: number,
): Family['ended'] {
  if (endedAt !== null) return { at: endedAt.getTime(), reason: reason ?? 'signed_out' };
  return endsAt <= now ? { at: endsAt, reason: 'expired' } : null;
}
