// npm run bench [-- --quick] [--only WORD] | server: bearerkit beside what people use instead; see tests/bench.
import { build } from './build.mjs';
import { run, runMain } from './lib/run.mjs';

await runMain(import.meta, async () => {
  await build({ forTests: true });
  const args = process.argv.slice(2);
  const main = args[0] === 'server' ? 'tests/bench/server/main.ts' : 'tests/bench/main.ts';
  await run(process.execPath, ['--import', 'tsx', main, ...args], { interactive: true });
});
