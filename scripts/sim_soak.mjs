// npm run sim:soak [-- --events N] [--seeds K] [--first S]: the simulator in all its worlds, with K
// seeds of N events each, two at a time, and a summary of all. The default is 900 million events.
import { parseArgs } from 'node:util';
import { worlds } from '../tests/sim/worlds.mjs';
import { elapsed, runMain } from './lib/run.mjs';
import { simulate } from './sim.mjs';

/** @returns {Map<string, number>} */
const newFigures = () => new Map();

/**
 * Adds up the summaries of runs: for each of their sections the figures by name. (Of several columns
 * the first one: how often.)
 * @param {readonly string[]} outputs
 */
function addUp(outputs) {
  /** @type {Map<string, ReturnType<typeof newFigures>>} */
  const sections = new Map();
  for (const output of outputs) {
    let figures = newFigures();
    for (const line of output.split('\n')) {
      const events = /^(\d+) events in/.exec(line)?.[1];
      if (line !== '' && !line.startsWith(' ')) {
        const title = events === undefined ? line.replace(/ {2,}.*/, '') : 'in all';
        figures = sections.get(title) ?? newFigures();
        sections.set(title, figures);
      }
      const [, name = 'events', number = events] = /^ {2}(.*?) {2,}(\d+)\b/.exec(line) ?? [];
      if (number !== undefined) figures.set(name, (figures.get(name) ?? 0) + Number(number));
    }
  }
  return sections;
}

await runMain(import.meta, async () => {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '5000000' },
      seeds: { type: 'string', default: '5' },
      first: { type: 'string', default: '1' },
    },
  });
  const begin = performance.now();
  // A swarm takes one seed after the other: far apart, so that none is taken twice.
  const seeds = Array.from({ length: Number(values.seeds) }, (_, i) =>
    String(Number(values.first) + i * 1_000_000),
  );
  const runs = worlds.flatMap((world) =>
    seeds.map((seed) => ['--swarm', '--seed', seed, '--events', values.events, ...world]),
  );
  const survived = await simulate(runs);
  console.log(`\n${runs.length} runs in ${elapsed(begin)}`);
  for (const [title, figures] of addUp(survived)) {
    console.log(title);
    for (const [name, number] of figures) {
      console.log(`  ${name.padEnd(42)} ${String(number).padStart(14)}`);
    }
  }
  const failed = runs.length - survived.length;
  console.log(failed === 0 ? 'no invariant was violated' : `${failed} runs FAILED`);
  if (failed > 0) process.exitCode = 1;
});
