// npm run bench [-- --quick] [--only WORD]: see CONTRIBUTING.md. Only a whole run writes documents.
import { parseArgs } from 'node:util';
import { measureAll } from './run/everything.ts';
import { rowTable, summary } from './report/table.ts';
import { writeReport } from './report/write.ts';

const QUICK = { rounds: 5, warmUp: 40, starts: 3, sharing: true };
const WHOLE = { rounds: 31, warmUp: 400, starts: 21 };

const { quick, only } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
}).values;
const begin = performance.now();
const effort = { ...(quick ? QUICK : WHOLE), only };
const whole = !quick && only === '';
const results = await measureAll(effort, (title) => {
  console.log(`${((performance.now() - begin) / 1000).toFixed(0).padStart(4)} s  ${title}`);
});
if (!whole) console.log(`\n${results.rows.map(rowTable).join('\n\n')}`);
if (only === '') console.log(`\n${summary(results)}\n`);
if (whole) {
  await writeReport(results);
  console.log('docs/BENCHMARK.md has all of it');
}
if (quick) {
  console.log(
    `Quick: ${QUICK.rounds} rounds, and one process or page for all rows of a subject. The spreads are wide: look for`,
    'large differences only. A whole run (npm run bench) measures better, and writes docs/BENCHMARK.md.',
  );
}
