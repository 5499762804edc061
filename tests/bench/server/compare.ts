// One, two and four processes side by side on one PostgreSQL, in turn: what slows the computer slows all.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPostgres } from '../../server/support/postgres.ts';
import { digits, spread } from '../report/table.ts';
import { spreadOf } from '../run/quartiles.ts';
import { type Group, startGroup } from './group.ts';
import { type Load, loadOn } from './load.ts';

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

/** A table in Markdown: each second, and over the first group's of the same round. */
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
    return tableOf(effort, await ratesOf(effort, loads));
  } finally {
    for (const group of groups) await group.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Rates = Record<Kind, number[][]>;

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
      const ratios = own.map((rate, round) => rate / (base[round] ?? NaN));
      return [digits(spreadOf(own).median), spread(spreadOf(ratios))];
    });
    return `| ${[String(size), ...cells].join(' | ')} |`;
  });
  const head = ['processes', ...KINDS.flatMap((kind) => [`${kind}/s`, 'over the first'])];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
}
