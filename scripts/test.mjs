// npm test, or some of it: node scripts/test.mjs [suite …]; the suites are those below.
import { build } from './build.mjs';
import { buildSite } from './docs/site.mjs';
import { fuzz } from './fuzz.mjs';
import { CommandFailed, elapsed, messageOf, runMain } from './lib/run.mjs';
import { lint } from './lint.mjs';
import { size } from './size.mjs';
import { nodeSuite } from './test/node.mjs';
import { sim } from './test/sim.mjs';
import { unit } from './test/unit.mjs';

/** @typedef {import('./test/unit.mjs').Totals} Totals */

// Checks count when they fail only: the total is one of tests.
/** @param {number} failed */
const checksOnly = (failed) => ({ passed: 0, failed, skipped: 0 });

/** @type {Record<string, () => Promise<Totals>>} */
const suites = {
  lint: async () => checksOnly(await lint()),
  size: async () => checksOnly((await size()) ? 0 : 1),
  unit,
  sim,
  fuzz: () => fuzz({ seconds: 10 }),
  js: () => nodeSuite('js', { atOnce: 4 }),
  // That the site of the documents can be built, and no link in it is dead.
  docs: () => buildSite().then(() => checksOnly(0)),
  // The same tests on the core as JavaScript.
  javascript: () => nodeSuite('js', { atOnce: 4, engine: 'js' }),
  recipes: () => nodeSuite('recipes', { atOnce: 4 }),
  cli: () => nodeSuite('cli', { atOnce: 4 }),
  // That the benchmark runs; it is no judge.
  bench: () => nodeSuite('bench', { atOnce: 1 }),
  package: () => nodeSuite('package', { atOnce: 1 }),
  server: () => nodeSuite('server', { atOnce: 4 }),
  browser: () => nodeSuite('browser', { atOnce: 4 }),
};

await runMain(import.meta, async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !(name in suites));
  if (unknown !== undefined) {
    throw new CommandFailed(`No suite ${unknown}; there are: ${Object.keys(suites).join(' ')}`);
  }
  const begin = performance.now();
  await build({ forTests: true });
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  for (const [name, suite] of Object.entries(suites)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const suiteBegin = performance.now();
    console.log(`\n── ${name} (${elapsed(begin)} so far)`);
    const { passed, failed, skipped } = await suite().catch((/** @type {unknown} */ error) => {
      console.error(messageOf(error));
      return checksOnly(1);
    });
    totals.passed += passed;
    totals.failed += failed;
    totals.skipped += skipped;
    const verdict = `${failed === 0 ? 'ok    ' : 'FAILED'} ${String(passed).padStart(6)} passed`;
    lines.push(`  ${name.padEnd(8)} ${verdict}, ${failed} failed (${elapsed(suiteBegin)})`);
  }
  console.log(`\n── in all (${elapsed(begin)})\n${lines.join('\n')}`);
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  if (totals.failed > 0) process.exitCode = 1;
});
