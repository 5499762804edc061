// npm run bench [-- --quick] [--only WORD]: see CONTRIBUTING.md. Only a whole run writes documents.
import { parseArgs } from 'node:util';
import { measureAll } from './run/everything.ts';
import { rowTable, summary } from './report/table.ts';
import { writeReport } from './report/write.ts';

const QUICK = { rounds: 7, warmUp: 60, starts: 5 };
const WHOLE = { rounds: 31, warmUp: 400, starts: 21 };

const { quick, only } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
}).values;
const begin = performance.now();
const effort = { ...(quick ? QUICK : WHOLE), only };
const results = await measureAll(effort, (title) => {
  console.log(`${((performance.now() - begin) / 1000).toFixed(0).padStart(4)} s  ${title}`);
});
console.log(`\n${only === '' ? summary(results) : results.rows.map(rowTable).join('\n\n')}\n`);
if (!quick && only === '') {
  await writeReport(results);
  console.log('docs/BENCHMARK.md has all of it');
}
