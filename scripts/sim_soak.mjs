// npm run sim:soak [-- --events N] [--seeds K] [--first S]: the simulator in all its worlds, with K
// seeds of N events each, two at a time, and a summary of all. The default is 900 million events.
import { parseArgs } from 'node:util';
import { worlds } from '../tests/sim/worlds.mjs';
import { elapsed, runLimited } from './lib/progress.mjs';
import { isMain, run, runMain } from './lib/run.mjs';
import { buildSim } from './sim.mjs';

const FAULTS = /^faults survived/;
/** @type {Record<string, string>} */
const PREFIX = {
  'sessions lost because a refresh token came twice': 'sessions lost, ',
  'events signedout, by reason': 'signedout ',
};
const NUMBERS = /^ {2}(.*?) +(\d+)(?: +\d+ +\d+ +\d+)?$/;

/** @typedef {Map<string, number>} Figures what a summary says, by its lines */

/**
 * @param {string} output of a run
 * @returns {{ rate: number, figures: Figures, faults: Figures }}
 */
function readSummary(output) {
  const first = /^(\d+) events in .*: (\d+) events\/s/m.exec(output);
  const figures = new Map([['events', Number(first?.[1])]]);
  /** @type {Figures} */
  const faults = new Map();
  let section = '';
  for (const line of output.split('\n')) {
    if (!line.startsWith(' ')) section = line;
    const [, name, value] = NUMBERS.exec(line) ?? [];
    if (name === undefined) continue;
    if (FAULTS.test(section)) faults.set(name, Number(value));
    else figures.set((PREFIX[section] ?? '') + name.trim(), Number(value));
  }
  return { rate: Number(first?.[2]), figures, faults };
}

/**
 * @param {Figures} all
 * @param {Figures} more
 */
function add(all, more) {
  for (const [name, value] of more) all.set(name, (all.get(name) ?? 0) + value);
}

async function main() {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '5000000' },
      seeds: { type: 'string', default: '5' },
      first: { type: 'string', default: '1' },
    },
  });
  const begin = performance.now();
  const program = await buildSim();
  /** @type {Figures} */
  const figures = new Map();
  /** @type {Figures} */
  const faults = new Map();
  let failed = 0;
  let done = 0;
  // A swarm takes one seed after the other: far apart, so that none is taken twice.
  const seeds = Array.from(
    { length: Number(values.seeds) },
    (_, i) => Number(values.first) + i * 1_000_000,
  );
  const runs = worlds.flatMap((world) => seeds.map((seed) => ({ world, seed })));
  const tasks = runs.map(({ world, seed }) => async () => {
    const args = ['--swarm', '--seed', String(seed), '--events', values.events, ...world];
    const { code, stdout } = await run(program, args, { allowFailure: true });
    done++;
    const place = `${String(done).padStart(4)} of ${runs.length}`;
    if (code !== 0) {
      failed++;
      console.log(`${place} FAILED ${args.join(' ')}\n${stdout}`);
      return;
    }
    const summary = readSummary(stdout);
    add(figures, summary.figures);
    add(faults, summary.faults);
    console.log(`${place} ok     ${args.join(' ')}: ${summary.rate} events/s`);
  });
  await runLimited(tasks, 2);

  console.log(`\nin all, ${runs.length} runs in ${elapsed(begin)}`);
  for (const [name, value] of figures)
    console.log(`  ${name.padEnd(42)} ${String(value).padStart(14)}`);
  console.log('faults survived, by kind');
  for (const [name, value] of faults)
    console.log(`  ${name.padEnd(42)} ${String(value).padStart(14)}`);
  console.log(failed === 0 ? 'no invariant was violated' : `${failed} runs FAILED`);
  if (failed > 0) process.exitCode = 1;
}

if (isMain(import.meta)) await runMain(main);
