// One run: all rows in both engines, the starts, and the sizes.
import os from 'node:os';
import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM, CHROMIUM_FLAGS } from '../../browser/support/engines/chromium_flags.ts';
import { ALLOCATED, type Row, ROWS } from '../rows.ts';
import { type Engine, sharing } from './engine.ts';
import { nodeLanes, ROOM } from './node_lanes.ts';
import { pageLanes } from './page_lanes.ts';
import { type PageServer, startPageServer } from './page_server.ts';
import { compare, type Effort, type Outcome } from './pairs.ts';
import { type Size, sizes } from './sizes.ts';
import { type StartUp, startUps } from './start_up.ts';

export interface Measured {
  readonly row: Row;
  /** By the engine's name, in its order. */
  readonly engines: ReadonlyMap<string, readonly Outcome[]>;
}

export interface Results {
  readonly engines: readonly string[];
  readonly computer: string;
  readonly effort: Effort;
  readonly rows: readonly Measured[];
  readonly starts: readonly StartUp[];
  readonly decoders: readonly Size[];
  readonly clients: readonly Size[];
}

/** How much is done, and of the rows only those whose id or title has the word. */
type Task = Effort & { readonly starts: number; readonly only?: string };

/** `tell` is told when a row is done. */
export async function measureAll(effort: Task, tell: (line: string) => void): Promise<Results> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  const server = await startPageServer();
  try {
    return await measure(browser, server, effort, tell);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function measure(
  browser: Browser,
  server: PageServer,
  effort: Task,
  tell: (line: string) => void,
): Promise<Results> {
  const { only = '' } = effort;
  const asked = [...ROWS, ALLOCATED].filter((row) => `${row.id} ${row.title}`.includes(only));
  if (asked.length === 0) throw new Error(`No row has "${only}" in its title`);
  const all: [Engine, Engine] = [nodeLanes(), pageLanes(browser, server)];
  const shared = effort.sharing === true ? all.map(sharing) : [];
  const [node = all[0], pages = all[1]] = shared;
  const rows: Measured[] = [];
  try {
    for (const row of asked) {
      const engines = new Map<string, readonly Outcome[]>();
      const places = row.id === ALLOCATED.id ? [nodeLanes(ROOM)] : [node, pages];
      for (const engine of places) engines.set(engine.name, await compare(engine, row, effort));
      rows.push({ row, engines });
      tell(row.title);
    }
  } finally {
    for (const engine of shared) await engine.close();
  }
  const starts = only === '' ? await startUps(browser, server, effort.starts) : [];
  tell('starts');
  return {
    engines: [node.name, pages.name],
    computer: `${os.cpus()[0]?.model ?? 'unknown'}, ${os.cpus().length} cores`,
    effort,
    rows,
    starts,
    ...(await sizes()),
  };
}
