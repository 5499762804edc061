// One, two and four processes side by side on one PostgreSQL, in turn: what slows the computer slows all.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openPostgres } from '../../../demo/server/database.ts';
import { startPostgres } from '../../server/support/postgres.ts';
import { digits, spread } from '../report/table.ts';
import { spreadOf } from '../run/quartiles.ts';
import { type Group, startGroup } from './group.ts';
import { type Load, loadOn, type Rate } from './load.ts';

const KINDS = ['refreshes', 'checks'] as const;
type Kind = (typeof KINDS)[number];

export interface ServerEffort {
  readonly rounds: number;
  readonly milliseconds: number;
  /** Users at the same time: to log in takes the server a while. */
  readonly users: number;
  /** The sizes of the groups; the first one's rate is 1. */
  readonly processes: readonly number[];
}

/**
 * A table in Markdown: each second, over the first group's of the same round, and the slowest
 * hundredth of all calls (p99). Every family has to have one lineage afterwards.
 */
export async function compareServers(effort: ServerEffort): Promise<string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bearerkit-bench-'));
  const postgres = await startPostgres();
  const groups: Group[] = [];
  try {
    const env = {
      DATABASE_URL: postgres.url,
      DATA_DIR: folder,
      LOGIN_ATTEMPTS_PER_MINUTE: '100000',
    };
    for (const size of effort.processes) groups.push(await startGroup(size, env));
    const loads: Load[] = [];
    for (const group of groups) loads.push(await loadOn(group, effort.users));
    const table = tableOf(effort, await ratesOf(effort, loads));
    return `${table}\n\n${await assertLineages(postgres.url, loads)}`;
  } finally {
    for (const group of groups) await group.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Rates = Record<Kind, Rate[][]>;

/** As many tokens as there were refreshes, and the first; none was taken for stolen. */
async function assertLineages(url: string, loads: readonly Load[]): Promise<string> {
  const database = await openPostgres(url);
  try {
    const rows = await database.query<{ id: string; tokens: number; last: number; alive: boolean }>(
      `select f.id, f.generation as last, f.revoked_at is null as alive,
              (select count(*)::integer from refresh_tokens t where t.family_id = f.id) as tokens
         from refresh_families f`,
    );
    const families = new Map(rows.map((row) => [row.id, row]));
    let refreshes = 0;
    for (const [id, count] of loads.flatMap((load) => [...load.lineages()])) {
      assert.deepEqual(families.get(id), { id, tokens: count + 1, last: count, alive: true });
      refreshes += count;
    }
    return `${families.size} families, ${refreshes} refreshes: each family is one lineage.`;
  } finally {
    await database.close();
  }
}

/** By kind and group, a rate for each round. */
async function ratesOf(
  { rounds, milliseconds }: ServerEffort,
  loads: readonly Load[],
): Promise<Rates> {
  const rates: Rates = { refreshes: loads.map(() => []), checks: loads.map(() => []) };
  for (let round = -1; round < rounds; round++) {
    for (const kind of KINDS) {
      for (const [i, load] of loads.entries()) {
        const rate = await load[kind](milliseconds);
        // The first round lets the engines compile.
        if (round >= 0) rates[kind][i]?.push(rate);
      }
    }
  }
  return rates;
}

function tableOf({ processes }: ServerEffort, rates: Rates): string {
  const rows = processes.map((size, i) => {
    const cells = KINDS.flatMap((kind) => {
      const own = rates[kind][i] ?? [];
      const base = rates[kind][0] ?? [];
      const ratios = own.map(({ perSecond }, round) => perSecond / (base[round]?.perSecond ?? NaN));
      const times = own.flatMap(({ times: each }) => each).sort((a, b) => a - b);
      const p99 = times[Math.floor(times.length * 0.99)] ?? NaN;
      return [
        digits(spreadOf(own.map(({ perSecond }) => perSecond)).median),
        spread(spreadOf(ratios)),
        p99.toFixed(1),
      ];
    });
    return `| ${[String(size), ...cells].join(' | ')} |`;
  });
  const head = [
    'processes',
    ...KINDS.flatMap((kind) => [`${kind}/s`, 'over the first', 'p99, ms']),
  ];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
}
