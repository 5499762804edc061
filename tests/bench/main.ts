// npm run bench [-- --quick]: see CONTRIBUTING.md. Only a whole run writes documents.
import { measureAll } from './run/everything.ts';
import { summary } from './report/table.ts';
import { writeReport } from './report/write.ts';

const QUICK = { rounds: 7, warmUp: 60, starts: 5 };
const WHOLE = { rounds: 31, warmUp: 400, starts: 21 };

const quick = process.argv.includes('--quick');
const begin = performance.now();
const results = await measureAll(quick ? QUICK : WHOLE, (title) => {
  console.log(`${((performance.now() - begin) / 1000).toFixed(0).padStart(4)} s  ${title}`);
});
console.log(`\n${summary(results)}\n`);
if (!quick) {
  await writeReport(results);
  console.log('docs/BENCHMARK.md has all of it');
}
