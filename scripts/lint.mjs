// npm run lint: layout, types and mistakes in all languages, and that documents, tests and code agree.
// What other programs check stands in scripts/cmake/lint.cmake.
import { build } from './build.mjs';
import { cmakeBuild } from './lib/cmake.mjs';
import { elapsed, messageOf, runMain } from './lib/run.mjs';
import { checkMachine } from './docs/machine.mjs';
import { checkArrows } from './lint/arrows.mjs';
import { checkEmbeddedCode } from './lint/embedded_code.mjs';
import { checkHotLoops } from './lint/hot_loops.mjs';
import { checkLinks } from './lint/links.mjs';
import { checkMutants } from './lint/mutants.mjs';
import { checkRules } from './lint/rules.mjs';

/** @type {Record<string, () => string[] | Promise<string[]>>} */
const checks = {
  'arrows between folders': checkArrows,
  'links in documents': checkLinks,
  'code in documents': checkEmbeddedCode,
  'diagrams of docs/MACHINE.md': checkMachine,
  'rules and their tests': checkRules,
  'hot loops of the module': checkHotLoops,
  'texts of the mutants': checkMutants,
  // Needs npm's packages, which this file is read before.
  'docs/ERRORS.md': async () => (await import('./lint/errors.mjs')).checkErrors(),
};

/** @returns {Promise<number>} how many checks have failed */
export async function lint() {
  const begin = performance.now();
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    const complaints = await Promise.resolve()
      .then(check)
      .catch((/** @type {unknown} */ error) => [messageOf(error)]);
    if (complaints.length === 0) continue;
    failed++;
    console.log(`lint: ${name} FAILED\n${complaints.join('\n')}\n`);
  }
  const { code, output } = await cmakeBuild('lint', { keepGoing: true, allowFailure: true });
  if (code !== 0) failed += Math.max(1, output.match(/^FAILED: /gm)?.length ?? 0);
  console.log(`lint: ${failed === 0 ? 'all in order' : `${failed} FAILED`} (${elapsed(begin)})`);
  return failed;
}

await runMain(import.meta, async () => {
  await build({ forTests: true });
  if ((await lint()) > 0) process.exitCode = 1;
});
